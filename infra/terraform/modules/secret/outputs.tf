output "id" {
  description = "Full name of the secret."
  value       = google_secret_manager_secret.this.secret_id
}

output "version" {
  description = "Number of the version that functions read."
  value       = google_secret_manager_secret_version.this.version
}
