locals {
  _alerts = merge(
    {
      for name in local._names : "${name}.dead" => {
        title    = "${name}: messages were given up"
        severity = "ERROR"
        metric   = "num_undelivered_messages"
        above    = 0
        duration = "0s"
        advice   = "Read `${name}.dead` for why, mend it, then drive the messages again: `make redrive`, or the API's dead letters."
      }
    },
    {
      for name in local._names : name => {
        title    = "${name}: messages wait too long"
        severity = "WARNING"
        metric   = "oldest_unacked_message_age"
        above    = var.alerts.oldest_message_s
        duration = "300s"
        advice   = "The function is failing or too small: compare its errors with its instances, and raise `max_instances` if it is only busy."
      }
    },
  )
}

resource "google_monitoring_alert_policy" "subscription" {
  for_each = local._alerts

  display_name          = each.value.title
  combiner              = "OR"
  notification_channels = var.alerts.channels
  severity              = each.value.severity

  conditions {
    display_name = "${each.value.metric} of ${each.key}"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"pubsub_subscription\"",
        "resource.labels.subscription_id = \"${each.key}\"",
        "metric.type = \"pubsub.googleapis.com/subscription/${each.value.metric}\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.duration

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }
}
