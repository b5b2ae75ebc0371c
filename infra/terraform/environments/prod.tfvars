environment = "prod"
prefix      = "linernotes-prod"
region      = "europe-west1"

# Placeholders until the project exists: docs/how-to/deploy.md says how to fill them.
project = {
  id     = "linernotes-prod"
  number = 100000000002
}

web_origins = ["https://app.linernotes.example"]

alerts = {
  emails = ["alerts@linernotes.example"]
}

api = {
  public = true
}

budget = {
  billing_account = "000000-000000-000000"
  monthly_units   = 1500
}

database = {
  availability     = "REGIONAL"
  disk_gb          = 100
  disk_limit_gb    = 1000
  max_connections  = 500
  retained_backups = 30
  tier             = "db-custom-4-15360"
}

network = {
  connector_instances = 6
  connector_machine   = "e2-standard-4"
}

resources = {
  api = { min_instances = 2, max_instances = 20 }
}
