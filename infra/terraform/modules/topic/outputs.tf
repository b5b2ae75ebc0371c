output "id" {
  description = "Full name, to subscribe and give rights to."
  value       = google_pubsub_topic.this.id
}

output "name" {
  description = "Short name."
  value       = google_pubsub_topic.this.name
}
