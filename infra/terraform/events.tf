locals {
  _topics = toset([
    "catalog-events",
    "entity-extracted",
    "export-requested",
    "object-uploaded",
    "schedule",
  ])

  # What follows a commit goes out through the outbox, and whoever commits next also
  # relays what a crash left there: so every function publishes to all of these.
  _outbox_topics = {
    for name in ["catalog-events", "entity-extracted", "export-requested"] :
    name => module.topics[name].id
  }
}

module "topics" {
  source   = "./modules/topic"
  for_each = local._topics

  name = each.value

  depends_on = [google_project_service.this]
}

resource "google_cloud_scheduler_job" "tick" {
  name        = "schedule-tick"
  description = "Wakes the sweep, which relays what a crash left."
  region      = var.region
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"

  pubsub_target {
    topic_name = module.topics["schedule"].id
    attributes = { type = "schedule.tick.v1" }
    data       = base64encode(jsonencode({ type = "schedule.tick.v1" }))
  }

  depends_on = [google_project_service.this]
}
