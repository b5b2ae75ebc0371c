# Functions are built as an account of their own, which can do nothing but that.
resource "google_service_account" "builder" {
  account_id   = "builds-functions"
  display_name = "Builds the functions"

  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository" "functions" {
  repository_id = "functions"
  location      = var.region
  format        = "DOCKER"
  description   = "Images that the functions' packages were built to."

  cleanup_policies {
    id     = "keep-the-last-ten"
    action = "KEEP"

    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-older-than-a-month"
    action = "DELETE"

    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_artifact_registry_repository_iam_member" "builder" {
  repository = google_artifact_registry_repository.functions.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.builder.member
}

resource "google_storage_bucket_iam_member" "builder" {
  bucket = module.buckets["packages"].name
  role   = "roles/storage.objectViewer"
  member = google_service_account.builder.member
}

# Logs have no policy of their own: the role exists on the project only.
resource "google_project_iam_member" "builder_logs" {
  project = var.project.id
  role    = "roles/logging.logWriter"
  member  = google_service_account.builder.member
}

# Google copies the source to a bucket that it makes itself at the first build, so
# the right cannot be given on that; the condition brings it back to the one bucket.
resource "google_project_iam_member" "builder_sources" {
  project = var.project.id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.builder.member

  condition {
    title      = "only-the-sources-of-functions"
    expression = "resource.name.startsWith(\"projects/_/buckets/${local._sources}\")"
  }
}

locals {
  _sources = "gcf-v2-sources-${var.project.number}-${var.region}"

  _build = {
    packages_bucket = module.buckets["packages"].name
    repository      = google_artifact_registry_repository.functions.id
    runtime         = "python312"
    service_account = google_service_account.builder.id
  }
}
