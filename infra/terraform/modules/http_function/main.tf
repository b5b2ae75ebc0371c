module "function" {
  source = "../function"

  name          = var.name
  alerts        = { channels = var.alerts.channels, error_ratio = var.alerts.error_ratio }
  build         = var.build
  description   = var.description
  environment   = var.environment
  ingress       = "ALLOW_ALL"
  package       = var.package
  project_id    = var.project_id
  region        = var.region
  resources     = var.resources
  rights        = var.rights
  secrets       = var.secrets
  vpc_connector = var.vpc_connector
}
