locals {
  # Made by the migrations, bound by row-level security: migrations/tables.py.
  _app_user = "linernotes_app"

  _secrets = {
    "api-key-pepper" = var.secrets.api_key_pepper
    "database-url-admin" = format(
      local._database_url, module.database.admin,
      urlencode(var.secrets.database_password_admin),
    )
    "database-url-app" = format(
      local._database_url, local._app_user,
      urlencode(var.secrets.database_password_app),
    )
  }

  _database_url = "postgresql+pg8000://%s:%s@${module.database.address}/${module.database.database}"

  # What the values are is ephemeral, and cannot tell how many there are.
  _secret_names = toset(["api-key-pepper", "database-url-admin", "database-url-app"])
}

module "secrets" {
  source   = "./modules/secret"
  for_each = local._secret_names

  name       = each.value
  generation = var.secrets_generation
  region     = var.region
  value      = local._secrets[each.value]

  depends_on = [google_project_service.this]
}
