locals {
  _feeds = merge([
    for name, function in local._event_functions : {
      for topic in keys(function.subscriptions) :
      "${topic}.${name}" => { function = name, topic = topic }
    }
  ]...)
}

# The API shows what was given up, and drives it again.
resource "google_pubsub_subscription_iam_member" "api_drives_again" {
  for_each = local._feeds

  subscription = (
    module.event_functions[each.value.function].dead_letters[each.value.topic].id
  )
  role   = "roles/pubsub.subscriber"
  member = module.api.member
}

# Which subscriptions there are can be asked of a project only, so this is given on it:
# two permissions, which show names and topics, and no message.
resource "google_project_iam_custom_role" "subscription_lister" {
  role_id     = local._lister
  title       = "Lists subscriptions"
  description = "Sees which subscriptions there are, and what they are subscribed to."
  permissions = ["pubsub.subscriptions.get", "pubsub.subscriptions.list"]

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "api_lists_subscriptions" {
  project = var.project.id
  role    = "projects/${var.project.id}/roles/${local._lister}"
  member  = module.api.member

  depends_on = [google_project_iam_custom_role.subscription_lister]
}

locals {
  _lister = "subscriptionLister"
}
