resource "google_firestore_database" "this" {
  name                              = var.name
  location_id                       = var.location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "PESSIMISTIC"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_firestore_index" "this" {
  for_each = {
    for index in var.indexes :
    join(".", concat([index.collection], index.fields[*].path)) => index
  }

  database    = google_firestore_database.this.name
  collection  = each.value.collection
  query_scope = "COLLECTION"

  dynamic "fields" {
    for_each = each.value.fields

    content {
      field_path   = fields.value.path
      order        = fields.value.array ? null : fields.value.order
      array_config = fields.value.array ? "CONTAINS" : null
    }
  }
}
