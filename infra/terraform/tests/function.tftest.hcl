mock_provider "google" {
  mock_resource "google_cloudfunctions2_function" {
    defaults = {
      service_config = { uri = "https://export.example" }
    }
  }
}

variables {
  name          = "export"
  description   = "Writes."
  ingress       = "ALLOW_INTERNAL_ONLY"
  package       = "build/packages/export-0123456789abcdef.zip"
  project_id    = "linernotes-test"
  region        = "europe-west1"
  vpc_connector = "projects/p/locations/europe-west1/connectors/functions"

  build = {
    packages_bucket = "packages"
    repository      = "projects/p/locations/europe-west1/repositories/functions"
    runtime         = "python312"
    service_account = "projects/p/serviceAccounts/builder"
  }

  rights = {
    buckets     = { exports = { name = "e", role = "roles/storage.objectUser" } }
    documents   = { mirror = "projects/p/databases/(default)" }
    publishes   = { "catalog-events" = "projects/p/topics/catalog-events" }
    signs_links = true
  }

  secrets = {
    LINERNOTES_DATABASE_URL = { id = "database-url-app", version = "3" }
  }
}

run "it_runs_as_an_account_of_its_own" {
  module {
    source = "./modules/function"
  }

  assert {
    condition = (
      google_service_account.runtime.account_id == "run-export"
      && google_cloudfunctions2_function.this.service_config[0].service_account_email
      == google_service_account.runtime.email
    )
    error_message = "It would run as the project's default account, which may do all."
  }
}

run "only_changed_code_is_built_again" {
  module {
    source = "./modules/function"
  }

  assert {
    condition     = google_storage_bucket_object.source.name == "export-0123456789abcdef.zip"
    error_message = "The content's hash is not in the object's name."
  }
}

run "the_only_role_on_the_project_is_bound_to_one_database" {
  module {
    source = "./modules/function"
  }

  assert {
    condition = alltrue([
      for grant in google_project_iam_member.documents :
      grant.role == "roles/datastore.user"
      && grant.condition[0].expression == "resource.name == \"projects/p/databases/(default)\""
    ])
    error_message = "The function could reach other databases of the project."
  }
}

run "a_secret_is_read_at_one_version" {
  module {
    source = "./modules/function"
  }

  assert {
    condition = (
      google_cloudfunctions2_function.this.service_config[0].secret_environment_variables[0].version
      == "3"
    )
    error_message = "Instances started at different times would differ."
  }

  assert {
    condition = (
      google_secret_manager_secret_iam_member.reader["LINERNOTES_DATABASE_URL"].secret_id
      == "database-url-app"
    )
    error_message = "The function could not read its secret."
  }
}

run "who_signs_links_may_sign_as_itself_only" {
  module {
    source = "./modules/function"
  }

  assert {
    condition = (
      google_service_account_iam_member.signer["self"].service_account_id
      == google_service_account.runtime.name
    )
    error_message = "It could sign as somebody else."
  }
}

run "a_package_without_its_hash_is_refused" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    package = "build/packages/export.zip"
  }

  expect_failures = [var.package]
}

run "requests_side_by_side_on_part_of_a_cpu_are_refused" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    resources = { cpu = "0.5", concurrency = 2 }
  }

  expect_failures = [var.resources]
}
