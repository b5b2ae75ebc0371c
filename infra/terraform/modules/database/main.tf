resource "google_sql_database_instance" "this" {
  name                = var.name
  database_version    = "POSTGRES_15"
  region              = var.region
  deletion_protection = true

  settings {
    tier                        = var.size.tier
    edition                     = var.size.edition
    availability_type           = var.size.availability
    deletion_protection_enabled = true
    disk_autoresize             = true
    disk_autoresize_limit       = var.size.disk_limit_gb
    disk_size                   = var.size.disk_gb
    disk_type                   = "PD_SSD"
    retain_backups_on_delete    = true

    backup_configuration {
      enabled                        = true
      location                       = var.region
      point_in_time_recovery_enabled = true
      start_time                     = "02:00"
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = var.size.retained_backups
      }
    }

    database_flags {
      name  = "max_connections"
      value = tostring(var.size.max_connections)
    }

    # A forgotten transaction would hold back vacuum, and others' locks.
    database_flags {
      name  = "idle_in_transaction_session_timeout"
      value = "60000"
    }

    database_flags {
      name  = "log_min_duration_statement"
      value = "500"
    }

    insights_config {
      query_insights_enabled  = true
      record_application_tags = true
      record_client_address   = false
    }

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network_id
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    maintenance_window {
      day          = 7
      hour         = 4
      update_track = "stable"
    }
  }

  lifecycle {
    prevent_destroy = true

    # Cloud SQL keeps some for itself, and whoever looks after it needs one.
    precondition {
      condition     = var.sessions + 20 <= var.size.max_connections
      error_message = "The functions may open ${var.sessions} sessions: too many."
    }

    # Growing by itself must not look like a change to be undone.
    ignore_changes = [settings[0].disk_size]
  }
}

resource "google_sql_database" "catalog" {
  name            = "linernotes"
  instance        = google_sql_database_instance.this.name
  deletion_policy = "ABANDON"
}

# Who owns the schema. The role of the functions is made by the migrations: a user
# made here may create roles, and row-level security could not be relied upon.
# The password is write-only: it is in Secret Manager, and nowhere in the state.
resource "google_sql_user" "admin" {
  name                = "linernotes_admin"
  instance            = google_sql_database_instance.this.name
  password_wo         = var.admin_password
  password_wo_version = var.password_generation
  deletion_policy     = "ABANDON"
}
