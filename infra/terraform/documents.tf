locals {
  # Queries of the web app on the mirror `tenants/<tenant>/<collection>/<id>`.
  _indexes = [
    {
      collection = "uploads"
      fields     = [{ path = "stage" }, { path = "updated_at", order = "DESCENDING" }]
    },
    {
      collection = "uploads"
      fields     = [{ path = "file_kind" }, { path = "updated_at", order = "DESCENDING" }]
    },
  ]
}

module "documents" {
  source = "./modules/documents"

  indexes  = local._indexes
  location = var.region

  depends_on = [google_project_service.this]
}
