environment = "staging"
log_level   = "DEBUG"
prefix      = "linernotes-staging"
region      = "europe-west1"

# Placeholders until the project exists: docs/how-to/deploy.md says how to fill them.
project = {
  id     = "linernotes-staging"
  number = 100000000001
}

web_origins = ["https://staging.linernotes.example"]

alerts = {
  emails = ["staging-alerts@linernotes.example"]
}

database = {
  tier            = "db-custom-1-3840"
  max_connections = 200
}

resources = {
  extract = { max_instances = 5 }
  enrich  = { max_instances = 5 }
  api     = { max_instances = 4 }
}
