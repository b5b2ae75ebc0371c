resource "google_billing_budget" "project" {
  for_each = var.budget == null ? {} : { monthly = var.budget }

  billing_account = each.value.billing_account
  display_name    = "${var.prefix} per month"

  budget_filter {
    projects               = ["projects/${var.project.number}"]
    calendar_period        = "MONTH"
    credit_types_treatment = "INCLUDE_ALL_CREDITS"
  }

  amount {
    specified_amount {
      currency_code = each.value.currency
      units         = tostring(each.value.monthly_units)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = local._channels
    disable_default_iam_recipients   = length(local._channels) > 0
  }
}
