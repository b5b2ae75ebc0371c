resource "google_monitoring_alert_policy" "latency" {
  display_name          = "${var.name}: answers are slow"
  combiner              = "OR"
  notification_channels = var.alerts.channels
  severity              = "WARNING"

  conditions {
    display_name = "95th percentile above ${var.alerts.p95_ms} ms"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"cloud_run_revision\"",
        "resource.labels.service_name = \"${var.name}\"",
        "metric.type = \"run.googleapis.com/request_latencies\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = var.alerts.p95_ms
      duration        = "600s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_PERCENTILE_95"
      }
    }
  }

  documentation {
    content   = "Compare with the database's load and the number of cold starts; raise `min_instances` if they are the cause."
    mime_type = "text/markdown"
  }
}
