resource "google_pubsub_topic" "this" {
  name                       = var.name
  message_retention_duration = "${var.retention_days * 86400}s"
}
