output "account" {
  description = "Who the function runs as."
  value = {
    account_id = google_service_account.runtime.account_id
    member     = google_service_account.runtime.member
  }
}

output "name" {
  description = "Name of the function, and of the Cloud Run service behind it."
  value       = google_cloudfunctions2_function.this.name
}

output "uri" {
  description = "Where it answers."
  value       = google_cloudfunctions2_function.this.service_config[0].uri
}
