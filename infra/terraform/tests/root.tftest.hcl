# The root as an environment would plan it; every value below is made up.
mock_provider "google" {}

variables {
  environment = "staging"
  prefix      = "linernotes-test"
  region      = "europe-west1"
  web_origins = ["https://app.linernotes.example"]

  packages = {
    api      = "build/packages/api-00000000.zip"
    enrich   = "build/packages/enrich-00000000.zip"
    export   = "build/packages/export-00000000.zip"
    extract  = "build/packages/extract-00000000.zip"
    sync     = "build/packages/sync-00000000.zip"
    validate = "build/packages/validate-00000000.zip"
  }

  secrets = {
    api_key_pepper          = "made-up-for-the-offline-check"
    database_password_admin = "made-up-for-the-offline-check"
    database_password_app   = "made-up-for-the-offline-check"
  }

  project = {
    id     = "linernotes-test"
    number = 123456789012
  }
}

run "every_subscription_has_its_own_dead_letters" {
  command = plan

  assert {
    condition = tolist(keys(output.subscriptions)) == tolist([
      "catalog-events.validate",
      "entity-extracted.enrich",
      "entity-extracted.validate",
      "export-requested.export",
      "object-uploaded.extract",
      "schedule.sync",
    ])
    error_message = "The pipeline has other subscriptions: ${join(", ", keys(output.subscriptions))}."
  }

  assert {
    condition = alltrue([
      for name, dead_letter in output.subscriptions : dead_letter == "${name}.dead"
    ])
    error_message = "A subscription has no dead letters, or those of another."
  }
}

run "every_function_has_an_account_of_its_own" {
  command = plan

  assert {
    condition = length(distinct(flatten([
      for accounts in values(output.accounts) : [accounts.runtime, accounts.push]
    ]))) == 12
    error_message = "Six run, five push, one is null (the API is not pushed to)."
  }
}

run "buckets_are_named_from_the_prefix" {
  command = plan

  assert {
    condition = alltrue([
      for purpose, name in output.buckets : name == "linernotes-test-${purpose}"
    ])
    error_message = "A bucket is named otherwise, and so by chance."
  }
}

run "builders_may_log_and_read_sources_and_nothing_else_on_the_project" {
  command = plan

  assert {
    condition     = google_project_iam_member.builder_logs.role == "roles/logging.logWriter"
    error_message = "The builder's role on the project is another."
  }

  assert {
    condition = (
      google_project_iam_member.builder_sources.condition[0].expression
      == "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-123456789012-europe-west1\")"
    )
    error_message = "The builder could read other buckets."
  }
}

run "the_sweep_is_woken_every_minute" {
  command = plan

  assert {
    condition     = google_cloud_scheduler_job.tick.schedule == "* * * * *"
    error_message = "What a crash left would wait for longer than a minute."
  }
}

run "the_api_is_closed_unless_it_was_opened" {
  command = plan

  assert {
    condition     = length(module.api.invokers) == 0
    error_message = "Somebody may call the API who was not named."
  }
}

run "the_api_opens_to_all_when_asked" {
  command = plan

  variables {
    api = { public = true }
  }

  assert {
    condition     = module.api.invokers == toset(["allUsers"])
    error_message = "The API was to be public."
  }
}

run "a_budget_is_made_where_there_is_one" {
  command = plan

  variables {
    budget = { billing_account = "000000-000000-000000", monthly_units = 100 }
  }

  assert {
    condition     = keys(google_billing_budget.project) == ["monthly"]
    error_message = "Nobody would be told of the costs."
  }
}

run "a_missing_package_is_refused" {
  command = plan

  variables {
    packages = { api = "build/packages/api-00000000.zip" }
  }

  expect_failures = [var.packages]
}

run "an_origin_without_tls_is_refused" {
  command = plan

  variables {
    web_origins = ["http://app.linernotes.example"]
  }

  expect_failures = [var.web_origins]
}

run "a_short_secret_is_refused" {
  command = plan

  variables {
    secrets = {
      api_key_pepper          = "short"
      database_password_admin = "made-up-for-the-offline-check"
      database_password_app   = "made-up-for-the-offline-check"
    }
  }

  expect_failures = [var.secrets]
}
