locals {
  _buckets = {
    # A browser sends files by signed links, resumable where they are large.
    uploads = {
      browser = {
        headers = [
          "Content-Range", "Content-Type", "ETag", "Location", "Range",
          "x-goog-content-length-range", "x-goog-hash", "x-goog-resumable",
        ]
        methods = ["GET", "HEAD", "POST", "PUT"]
        origins = var.web_origins
      }
      notifies = ["object-uploaded"]
    }
    resources = {}
    exports = {
      browser = {
        headers = ["Content-Disposition", "Content-Type", "ETag"]
        origins = var.web_origins
      }
      retention = { delete_after_days = 30, noncurrent_days = 1, soft_delete_days = 7 }
    }
    packages = {
      retention = { noncurrent_days = 30, soft_delete_days = 7 }
    }
  }
}

module "buckets" {
  source   = "./modules/bucket"
  for_each = local._buckets

  name      = "${var.prefix}-${each.key}"
  browser   = try(each.value.browser, {})
  location  = var.region
  retention = try(each.value.retention, {})

  notify = {
    for topic in try(each.value.notifies, []) :
    topic => {
      publisher = data.google_storage_project_service_account.agent.member
      topic     = module.topics[topic].id
    }
  }

  depends_on = [google_project_service.this]
}
