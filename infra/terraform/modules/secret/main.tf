resource "google_secret_manager_secret" "this" {
  secret_id = var.name

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Write-only: the value is in Secret Manager and nowhere else, not even in the state.
resource "google_secret_manager_secret_version" "this" {
  secret                 = google_secret_manager_secret.this.id
  secret_data_wo         = var.value
  secret_data_wo_version = var.generation

  # The old version stays readable until its last reader has been replaced.
  deletion_policy = "DISABLE"

  lifecycle {
    create_before_destroy = true
  }
}
