locals {
  _secrets = {
    "api-key-pepper"     = var.secrets.api_key_pepper
    "database-url-admin" = local._database_urls.admin
    "database-url-app"   = local._database_urls.app
  }

  _database_urls = {
    for purpose, password in {
      admin = var.secrets.database_password_admin
      app   = var.secrets.database_password_app
    } :
    purpose => format(
      "postgresql+pg8000://%s:%s@%s/%s",
      module.database.users[purpose], urlencode(password),
      module.database.address, module.database.database,
    )
  }

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
