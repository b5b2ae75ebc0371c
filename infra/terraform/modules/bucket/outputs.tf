output "name" {
  description = "The bucket's name."
  value       = google_storage_bucket.this.name
}

output "url" {
  description = "The address the product's settings name it by."
  value       = "gs://${google_storage_bucket.this.name}"
}
