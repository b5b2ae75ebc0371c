resource "google_monitoring_notification_channel" "email" {
  for_each = var.alerts.emails

  display_name = each.value
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [google_project_service.this]
}

locals {
  _channels = concat(
    [for channel in google_monitoring_notification_channel.email : channel.id],
    var.alerts.channels,
  )
}
