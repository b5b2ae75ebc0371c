module "database" {
  source = "./modules/database"

  name                = var.prefix
  admin_password      = var.secrets.database_password_admin
  alerts              = { channels = local._channels }
  network_id          = google_service_networking_connection.services.network
  password_generation = var.secrets_generation
  project_id          = var.project.id
  region              = var.region
  size                = var.database

  sessions = sum(concat(
    [local._api_resources.max_instances * local._api_sessions],
    [for r in values(local._event_resources) : r.max_instances * local._event_sessions],
  ))

  depends_on = [google_project_service.this]
}
