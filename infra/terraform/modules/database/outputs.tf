output "admin" {
  description = "Name of the user who owns the schema."
  value       = google_sql_user.admin.name
}

output "address" {
  description = "Private address of the instance."
  value       = google_sql_database_instance.this.private_ip_address
}

output "database" {
  description = "Name of the catalog's database."
  value       = google_sql_database.catalog.name
}
