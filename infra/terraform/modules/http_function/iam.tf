resource "google_cloud_run_service_iam_member" "invoker" {
  for_each = var.invokers

  location = var.region
  service  = module.function.name
  role     = "roles/run.invoker"
  member   = each.value
}
