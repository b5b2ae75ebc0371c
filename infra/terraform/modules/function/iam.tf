resource "google_service_account" "runtime" {
  account_id   = "run-${var.name}"
  display_name = "Runs ${var.name}"
}

resource "google_storage_bucket_iam_member" "this" {
  for_each = var.rights.buckets

  bucket = each.value.name
  role   = each.value.role
  member = google_service_account.runtime.member
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = var.rights.publishes

  topic  = each.value
  role   = "roles/pubsub.publisher"
  member = google_service_account.runtime.member
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = var.secrets

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.runtime.member
}

# Firestore has no policy of its own, so the role is given on the project, and the
# condition brings it back to the one database.
resource "google_project_iam_member" "documents" {
  for_each = var.rights.documents

  project = var.project_id
  role    = "roles/datastore.user"
  member  = google_service_account.runtime.member

  condition {
    title      = "only-the-catalog-mirror"
    expression = "resource.name == \"${each.value}\""
  }
}

# A signed link is signed by the account itself, through the IAM API: there is no key.
resource "google_service_account_iam_member" "signer" {
  for_each = var.rights.signs_links ? { self = google_service_account.runtime } : {}

  service_account_id = each.value.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = each.value.member
}
