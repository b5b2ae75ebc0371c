locals {
  _agent         = "serviceAccount:service-${var.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
  _day_s         = 86400
  _dead_s        = 31 * local._day_s
  _live_s        = 7 * local._day_s
  _never_expires = ""

  _names = { for topic in keys(var.subscriptions) : topic => "${topic}.${var.name}" }
}

# An Eventarc trigger would make a subscription of its own, out of Terraform's reach:
# no dead letters, a ten-second deadline. So the function is pushed to instead.
resource "google_pubsub_subscription" "this" {
  for_each = var.subscriptions

  name                       = local._names[each.key]
  topic                      = each.value.topic_id
  filter                     = each.value.filter
  ack_deadline_seconds       = var.resources.timeout_seconds
  message_retention_duration = "${local._live_s}s"

  push_config {
    push_endpoint = module.function.uri

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = module.function.uri
    }
  }

  retry_policy {
    minimum_backoff = each.value.minimum_backoff
    maximum_backoff = each.value.maximum_backoff
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letter[each.key].id
    max_delivery_attempts = each.value.max_delivery_attempts
  }

  expiration_policy {
    ttl = local._never_expires
  }

  # A push without its right is refused, and each refusal counts as an attempt.
  depends_on = [google_cloud_run_service_iam_member.push]
}

resource "google_pubsub_topic" "dead_letter" {
  for_each = local._names

  name                       = "${each.value}.dead"
  message_retention_duration = "${local._dead_s}s"
}

# Without a subscription a dead letter would be gone at once; from this one it is
# looked at, and driven again.
resource "google_pubsub_subscription" "dead_letter" {
  for_each = local._names

  name                       = "${each.value}.dead"
  topic                      = google_pubsub_topic.dead_letter[each.key].id
  ack_deadline_seconds       = 60
  message_retention_duration = "${local._dead_s}s"

  expiration_policy {
    ttl = local._never_expires
  }
}
