output "address" {
  description = "Private address of the instance."
  value       = google_sql_database_instance.this.private_ip_address
}

output "database" {
  description = "Name of the catalog's database."
  value       = google_sql_database.catalog.name
}


output "users" {
  description = "User name per purpose."
  value       = { for purpose, user in google_sql_user.this : purpose => user.name }
}
