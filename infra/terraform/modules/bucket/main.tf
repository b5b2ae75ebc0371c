resource "google_storage_bucket" "this" {
  name     = var.name
  location = var.location

  public_access_prevention    = "enforced"
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = var.retention.soft_delete_days * 86400
  }

  # A multipart upload that nobody finishes would keep its parts for ever.
  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 7
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.retention.noncurrent_days
      with_state                 = "ARCHIVED"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.retention.delete_after_days[*]

    content {
      action {
        type = "Delete"
      }
      condition {
        age        = lifecycle_rule.value
        with_state = "LIVE"
      }
    }
  }

  dynamic "cors" {
    for_each = length(var.browser.origins) == 0 ? [] : [var.browser]

    content {
      origin          = cors.value.origins
      method          = cors.value.methods
      response_header = cors.value.headers
      max_age_seconds = 3600
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}
