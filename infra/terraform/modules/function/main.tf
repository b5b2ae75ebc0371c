resource "google_storage_bucket_object" "source" {
  # The content's hash is in the name, so only changed code is built again.
  name   = basename(var.package)
  bucket = var.build.packages_bucket
  source = var.package
}

resource "google_cloudfunctions2_function" "this" {
  name        = var.name
  location    = var.region
  description = var.description

  build_config {
    runtime           = var.build.runtime
    entry_point       = var.name
    docker_repository = var.build.repository
    service_account   = var.build.service_account

    source {
      storage_source {
        bucket = google_storage_bucket_object.source.bucket
        object = google_storage_bucket_object.source.name
      }
    }

    automatic_update_policy {}
  }

  service_config {
    service_account_email            = google_service_account.runtime.email
    ingress_settings                 = var.ingress
    all_traffic_on_latest_revision   = true
    available_cpu                    = var.resources.cpu
    available_memory                 = var.resources.memory
    max_instance_count               = var.resources.max_instances
    max_instance_request_concurrency = var.resources.concurrency
    min_instance_count               = var.resources.min_instances
    timeout_seconds                  = var.resources.timeout_seconds
    vpc_connector                    = var.vpc_connector
    vpc_connector_egress_settings    = "PRIVATE_RANGES_ONLY"
    environment_variables            = var.environment

    dynamic "secret_environment_variables" {
      for_each = var.secrets

      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value.id
        version    = secret_environment_variables.value.version
      }
    }
  }

  # Without its rights the first revision would not become ready.
  depends_on = [
    google_secret_manager_secret_iam_member.reader,
    google_storage_bucket_iam_member.this,
  ]
}
