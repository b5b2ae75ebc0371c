# Who pushes may call this one function, and nothing else.
resource "google_service_account" "push" {
  account_id   = "push-${var.name}"
  display_name = "Pushes messages to ${var.name}"
}

resource "google_cloud_run_service_iam_member" "push" {
  location = var.region
  service  = module.function.name
  role     = "roles/run.invoker"
  member   = google_service_account.push.member
}

# The agent of Pub/Sub signs in as the pusher, and moves what failed too often.
resource "google_service_account_iam_member" "agent" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountOpenIdTokenCreator"
  member             = local._agent
}

resource "google_pubsub_topic_iam_member" "agent_publishes_dead_letters" {
  for_each = google_pubsub_topic.dead_letter

  topic  = each.value.id
  role   = "roles/pubsub.publisher"
  member = local._agent
}

resource "google_pubsub_subscription_iam_member" "agent_takes_dead_letters" {
  for_each = google_pubsub_subscription.this

  subscription = each.value.id
  role         = "roles/pubsub.subscriber"
  member       = local._agent
}
