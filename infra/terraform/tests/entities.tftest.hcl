# Buckets, topics, the database, documents and secrets, one module each.
mock_provider "google" {}

variables {
  location = "europe-west1"
  region   = "europe-west1"
}

run "a_bucket_is_closed_and_forgets_nothing_at_once" {
  command = plan

  module {
    source = "./modules/bucket"
  }

  variables {
    name = "linernotes-test-uploads"
  }

  assert {
    condition = (
      google_storage_bucket.this.public_access_prevention == "enforced"
      && google_storage_bucket.this.uniform_bucket_level_access
    )
    error_message = "Somebody could open an object to everybody."
  }

  assert {
    condition = (
      google_storage_bucket.this.versioning[0].enabled
      && google_storage_bucket.this.soft_delete_policy[0].retention_duration_seconds == 2592000
    )
    error_message = "A mistake could not be undone."
  }

  assert {
    condition     = length(google_storage_bucket.this.cors) == 0
    error_message = "Browsers may use a bucket that is not for them."
  }

  assert {
    condition = length([
      for rule in google_storage_bucket.this.lifecycle_rule : rule
      if anytrue([for condition in rule.condition : condition.with_state == "LIVE"])
    ]) == 0
    error_message = "Live objects go only where that was asked for."
  }
}

run "exports_go_after_their_days" {
  command = plan

  module {
    source = "./modules/bucket"
  }

  variables {
    name      = "linernotes-test-exports"
    retention = { delete_after_days = 30 }
  }

  assert {
    condition = [
      for rule in google_storage_bucket.this.lifecycle_rule : one(rule.condition).age
      if one(rule.condition).with_state == "LIVE"
    ] == [30]
    error_message = "Exports would stay for ever."
  }
}

run "a_finished_object_is_told_as_json_to_its_topic" {
  command = plan

  module {
    source = "./modules/bucket"
  }

  variables {
    name = "linernotes-test-uploads"
    notify = {
      "object-uploaded" = {
        publisher = "serviceAccount:agent@example"
        topic     = "projects/p/topics/object-uploaded"
      }
    }
  }

  assert {
    condition = (
      google_storage_notification.finalized["object-uploaded"].payload_format == "JSON_API_V1"
      && google_storage_notification.finalized["object-uploaded"].event_types == toset(["OBJECT_FINALIZE"])
    )
    error_message = "extract would not understand it, or be told too much."
  }

  assert {
    condition = (
      google_pubsub_topic_iam_member.publisher["object-uploaded"].member
      == "serviceAccount:agent@example"
    )
    error_message = "Cloud Storage could not publish."
  }
}

run "a_topic_can_go_back_a_week" {
  command = plan

  module {
    source = "./modules/topic"
  }

  variables {
    name = "catalog-events"
  }

  assert {
    condition     = google_pubsub_topic.this.message_retention_duration == "604800s"
    error_message = "A subscriber could not be replayed the last week."
  }
}

run "a_topic_in_snake_case_is_refused" {
  command = plan

  module {
    source = "./modules/topic"
  }

  variables {
    name = "catalog_events"
  }

  expect_failures = [var.name]
}

run "the_database_is_private_and_can_go_back_in_time" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    name                = "linernotes-test"
    network_id          = "projects/p/global/networks/n"
    password_generation = 1
    admin_password      = "made-up"
    project_id          = "linernotes-test"
    sessions            = 100
  }

  assert {
    condition = (
      !google_sql_database_instance.this.settings[0].ip_configuration[0].ipv4_enabled
      && google_sql_database_instance.this.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    )
    error_message = "The database could be reached from outside, or in the clear."
  }

  assert {
    condition = (
      google_sql_database_instance.this.deletion_protection
      && google_sql_database_instance.this.settings[0].deletion_protection_enabled
      && google_sql_database_instance.this.settings[0].backup_configuration[0].point_in_time_recovery_enabled
    )
    error_message = "The catalog could be lost."
  }

  assert {
    condition     = google_sql_database_instance.this.database_version == "POSTGRES_15"
    error_message = "The product is tested on PostgreSQL 15."
  }

  assert {
    condition     = google_sql_user.admin.password == null
    error_message = "The password would be in the state."
  }
}

run "more_instances_than_the_database_can_serve_are_refused" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    name                = "linernotes-test"
    network_id          = "projects/p/global/networks/n"
    password_generation = 1
    admin_password      = "made-up"
    project_id          = "linernotes-test"
    sessions            = 181
    size                = { max_connections = 200 }
  }

  expect_failures = [google_sql_database_instance.this]
}

run "the_mirror_is_protected_and_indexed" {
  command = plan

  module {
    source = "./modules/documents"
  }

  variables {
    indexes = [{
      collection = "uploads"
      fields     = [{ path = "stage" }, { path = "updated_at", order = "DESCENDING" }]
    }]
  }

  assert {
    condition = (
      google_firestore_database.this.name == "(default)"
      && google_firestore_database.this.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    )
    error_message = "The mirror is elsewhere, or could be deleted."
  }

  assert {
    condition = (
      google_firestore_index.this["uploads.stage.updated_at"].fields[*].order
      == tolist(["ASCENDING", "DESCENDING"])
    )
    error_message = "The query for the newest uploads of a stage would fail."
  }
}

run "an_index_of_one_field_is_refused" {
  command = plan

  module {
    source = "./modules/documents"
  }

  variables {
    indexes = [{ collection = "uploads", fields = [{ path = "stage" }] }]
  }

  expect_failures = [var.indexes]
}

run "a_secret_is_in_secret_manager_and_not_in_the_state" {
  command = plan

  module {
    source = "./modules/secret"
  }

  variables {
    name       = "api-key-pepper"
    generation = 2
    value      = "made-up"
  }

  assert {
    condition     = google_secret_manager_secret_version.this.secret_data == null
    error_message = "The value would be in the state."
  }

  assert {
    condition     = google_secret_manager_secret_version.this.secret_data_wo_version == 2
    error_message = "A changed secret would not be written."
  }
}
