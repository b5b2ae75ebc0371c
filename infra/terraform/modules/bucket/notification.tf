# The agent of Cloud Storage publishes what happens, so it needs the right first:
# creating a notification tries it.
resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = var.notify

  topic  = each.value.topic
  role   = "roles/pubsub.publisher"
  member = each.value.publisher
}

resource "google_storage_notification" "finalized" {
  for_each = google_pubsub_topic_iam_member.publisher

  bucket         = google_storage_bucket.this.name
  topic          = each.value.topic
  event_types    = ["OBJECT_FINALIZE"]
  payload_format = "JSON_API_V1"
}
