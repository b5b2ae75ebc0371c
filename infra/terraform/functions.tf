locals {
  # One line of thought per function: what feeds it, what it gets, what it may touch.
  _event_functions = {
    extract = {
      description   = "Reads what was uploaded, and stages what it says."
      subscriptions = { "object-uploaded" = {} }
      # Temporary files are in memory there: a catalog's file may have one GiB.
      resources = { memory = "2Gi", timeout_seconds = 540, max_instances = 40 }
      buckets = {
        uploads   = "roles/storage.objectViewer"
        resources = "roles/storage.objectUser"
      }
    }
    enrich = {
      description = "Listens to recordings, and adds what it hears."
      subscriptions = {
        "entity-extracted" = {
          filter = join(" OR ", [
            for type in ["recording.extracted.v1", "analysis.requested.v1"] :
            "attributes.type = \"${type}\""
          ])
        }
      }
      # The whole recording is a temporary file, and decoded beside it.
      resources = {
        cpu = "2", memory = "8Gi", timeout_seconds = 540, max_instances = 40
      }
      # Models lie in resources.
      buckets = {
        resources = "roles/storage.objectViewer"
        uploads   = "roles/storage.objectViewer"
      }
    }
    validate = {
      description = "Checks releases, recordings and messages, and records findings."
      subscriptions = {
        # What people change is checked again; what came in was checked on its way.
        "catalog-events" = { filter = "attributes.cause = \"person\"" }
        "entity-extracted" = {
          filter = join(" OR ", [
            for type in [
              "recording.extracted", "release.extracted", "message.extracted",
              "validation.requested",
            ] :
            "attributes.type = \"${type}.v1\""
          ])
        }
      }
      resources = { memory = "1Gi", timeout_seconds = 60, max_instances = 20 }
      buckets   = { uploads = "roles/storage.objectViewer" }
    }
    export = {
      description   = "Writes what was asked for into files."
      subscriptions = { "export-requested" = {} }
      resources     = { memory = "1Gi", timeout_seconds = 540, max_instances = 10 }
      buckets = {
        exports   = "roles/storage.objectUser"
        resources = "roles/storage.objectViewer"
        uploads   = "roles/storage.objectViewer"
      }
      signs_links = true
    }
    sync = {
      description   = "Relays what a crash left, and begins what waits, every minute."
      subscriptions = { schedule = { maximum_backoff = "60s" } }
      resources     = { timeout_seconds = 60, max_instances = 2 }
      buckets       = {}
    }
  }

  _api_resources = merge(
    { memory = "1Gi", concurrency = 16, timeout_seconds = 60, max_instances = 10 },
    lookup(local._overrides, "api", {}),
  )

  _event_resources = {
    for name, function in local._event_functions :
    name => merge(function.resources, lookup(local._overrides, name, {}))
  }

  # An instance that handles one event at a time needs one session to work with, and
  # one to relay with.
  _event_sessions = 2
  _api_sessions   = 8

  # What an environment leaves out is null, and must not replace anything.
  _overrides = {
    for function, resources in var.resources :
    function => { for name, value in resources : name => value if value != null }
  }

  _settings = {
    LINERNOTES_AUDIO_BATCH_SIZE   = tostring(var.audio.batch_size)
    LINERNOTES_AUDIO_MODELS       = join(",", var.audio.models)
    LINERNOTES_AUDIO_TIMING       = var.audio.timing
    LINERNOTES_AUDIO_TRIAL_MODELS = join(",", var.audio.trial_models)
    LINERNOTES_AUDIO_TRIAL_SHARE  = tostring(var.audio.trial_share)

    LINERNOTES_BUS_URL       = "pubsub://${var.project.id}"
    LINERNOTES_DOCUMENTS_URL = "firestore://${var.project.id}"
    LINERNOTES_ENVIRONMENT   = var.environment
    LINERNOTES_EXPORTS_URL   = module.buckets["exports"].url
    LINERNOTES_LOG_LEVEL     = var.log_level
    # There is no key in the cloud: who may sign does it through the IAM API.
    LINERNOTES_SIGNER        = "iam"
    LINERNOTES_RESOURCES_URL = module.buckets["resources"].url
    LINERNOTES_UPLOADS_URL   = module.buckets["uploads"].url
  }

  _secret_settings = {
    LINERNOTES_DATABASE_URL = module.secrets["database-url-app"]
  }
}

module "event_functions" {
  source   = "./modules/event_function"
  for_each = local._event_functions

  name        = each.key
  alerts      = { channels = local._channels }
  build       = local._build
  description = each.value.description
  package     = var.packages[each.key]
  project     = var.project
  region      = var.region
  resources   = local._event_resources[each.key]
  secrets     = local._secret_settings

  environment = merge(local._settings, {
    LINERNOTES_DATABASE_POOL_SIZE = tostring(local._event_sessions)
  })

  rights = {
    documents = { mirror = module.documents.id }
    publishes = local._outbox_topics
    buckets = {
      for name, role in each.value.buckets :
      name => { name = module.buckets[name].name, role = role }
    }
  }

  subscriptions = {
    for topic, subscription in each.value.subscriptions :
    topic => merge(subscription, { topic_id = module.topics[topic].id })
  }

  vpc_connector = google_vpc_access_connector.functions.id
}

module "api" {
  source = "./modules/http_function"

  name        = "api"
  alerts      = { channels = local._channels }
  build       = local._build
  description = "Answers programs and the web app."
  invokers    = var.api.public ? ["allUsers"] : var.api.invokers
  package     = var.packages["api"]
  project_id  = var.project.id
  region      = var.region

  resources = local._api_resources

  environment = merge(local._settings, {
    # Read by functions-framework: the API is an ASGI application.
    FUNCTION_USE_ASGI             = "true"
    LINERNOTES_API_CORS_ORIGINS   = join(",", var.web_origins)
    LINERNOTES_DATABASE_POOL_SIZE = tostring(local._api_sessions)
  })

  # Signed links carry the rights of their signer: what a client may send or fetch.
  rights = {
    documents   = { mirror = module.documents.id }
    publishes   = { for name, topic in module.topics : name => topic.id }
    signs_links = true
    buckets = {
      exports = { name = module.buckets["exports"].name, role = "roles/storage.objectViewer" }
      uploads = { name = module.buckets["uploads"].name, role = "roles/storage.objectUser" }
    }
  }

  secrets = merge(local._secret_settings, {
    LINERNOTES_API_KEY_PEPPER = module.secrets["api-key-pepper"]
  })

  vpc_connector = google_vpc_access_connector.functions.id
}
