output "id" {
  description = "Full name, as conditions of IAM policies compare it."
  value       = google_firestore_database.this.id
}
