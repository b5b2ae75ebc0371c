resource "google_monitoring_alert_policy" "disk" {
  display_name          = "${var.name}: the disk fills up"
  combiner              = "OR"
  notification_channels = var.alerts.channels
  severity              = "WARNING"

  conditions {
    display_name = "used above ${var.alerts.disk_ratio * 100} %"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"cloudsql_database\"",
        "resource.labels.database_id = \"${var.project_id}:${var.name}\"",
        "metric.type = \"cloudsql.googleapis.com/database/disk/utilization\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = var.alerts.disk_ratio
      duration        = "600s"

      aggregations {
        alignment_period   = "300s"
        per_series_aligner = "ALIGN_MEAN"
      }
    }
  }

  documentation {
    content   = "The disk grows by itself up to `disk_limit_gb` (${var.size.disk_limit_gb} GB): raise the limit before it is reached."
    mime_type = "text/markdown"
  }
}
