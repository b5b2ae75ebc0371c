resource "google_monitoring_alert_policy" "errors" {
  display_name          = "${var.name}: too many answers are errors"
  combiner              = "OR"
  notification_channels = var.alerts.channels
  severity              = "ERROR"

  conditions {
    display_name = "5xx above ${var.alerts.error_ratio * 100} %"

    condition_threshold {
      filter = join(" AND ", [
        local._requests,
        "metric.labels.response_code_class = \"5xx\"",
      ])
      denominator_filter = local._requests
      comparison         = "COMPARISON_GT"
      threshold_value    = var.alerts.error_ratio
      duration           = "300s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
      }

      denominator_aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_RATE"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content   = "Look at the log of `${var.name}` for `handled` lines with an error, and docs/how-to/deploy.md for how to go back one version."
    mime_type = "text/markdown"
  }
}

locals {
  _requests = join(" AND ", [
    "resource.type = \"cloud_run_revision\"",
    "resource.labels.service_name = \"${var.name}\"",
    "metric.type = \"run.googleapis.com/request_count\"",
  ])
}
