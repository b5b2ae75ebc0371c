mock_provider "google" {
  mock_resource "google_cloudfunctions2_function" {
    defaults = {
      service_config = { uri = "https://enrich.example" }
    }
  }
}

variables {
  name          = "enrich"
  description   = "Listens."
  package       = "build/packages/enrich-0123456789abcdef.zip"
  region        = "europe-west1"
  resources     = { timeout_seconds = 540 }
  vpc_connector = "projects/p/locations/europe-west1/connectors/functions"

  build = {
    packages_bucket = "packages"
    repository      = "projects/p/locations/europe-west1/repositories/functions"
    runtime         = "python312"
    service_account = "projects/p/serviceAccounts/builder"
  }

  project = {
    id     = "linernotes-test"
    number = 123456789012
  }

  rights = {
    buckets   = { uploads = { name = "u", role = "roles/storage.objectViewer" } }
    documents = { mirror = "projects/p/databases/(default)" }
    publishes = { "catalog-events" = "projects/p/topics/catalog-events" }
  }

  subscriptions = {
    "entity-extracted" = {
      filter   = "attributes.type = \"recording.extracted.v1\""
      topic_id = "projects/p/topics/entity-extracted"
    }
  }
}

run "messages_are_pushed_patiently_and_given_up_in_the_end" {
  module {
    source = "./modules/event_function"
  }

  assert {
    condition     = google_pubsub_subscription.this["entity-extracted"].ack_deadline_seconds == 540
    error_message = "A message would come again while the function still works on it."
  }

  assert {
    condition = (
      google_pubsub_subscription.this["entity-extracted"].retry_policy[0].minimum_backoff == "10s"
      && google_pubsub_subscription.this["entity-extracted"].retry_policy[0].maximum_backoff == "600s"
    )
    error_message = "A failing message would come again at once, all the time."
  }

  assert {
    condition = (
      google_pubsub_subscription.this["entity-extracted"].dead_letter_policy[0].dead_letter_topic
      == google_pubsub_topic.dead_letter["entity-extracted"].id
      && google_pubsub_subscription.this["entity-extracted"].dead_letter_policy[0].max_delivery_attempts == 8
    )
    error_message = "A poisonous message would come for ever."
  }
}

run "dead_letters_are_kept_for_a_month" {
  module {
    source = "./modules/event_function"
  }

  assert {
    condition = (
      google_pubsub_subscription.dead_letter["entity-extracted"].name == "entity-extracted.enrich.dead"
      && google_pubsub_subscription.dead_letter["entity-extracted"].message_retention_duration == "2678400s"
      && google_pubsub_subscription.dead_letter["entity-extracted"].expiration_policy[0].ttl == ""
    )
    error_message = "Dead letters would be lost before somebody looks."
  }
}

run "the_pusher_may_call_the_function_and_is_nobody_else" {
  module {
    source = "./modules/event_function"
  }

  assert {
    condition = (
      google_cloud_run_service_iam_member.push.member == google_service_account.push.member
      && google_cloud_run_service_iam_member.push.role == "roles/run.invoker"
    )
    error_message = "A push would be refused."
  }

  assert {
    condition     = output.accounts.push != output.accounts.runtime
    error_message = "Who pushes would have the function's rights."
  }

  assert {
    condition = (
      google_pubsub_subscription.this["entity-extracted"].push_config[0].oidc_token[0].service_account_email
      == google_service_account.push.email
    )
    error_message = "A push would carry no token of the pusher."
  }
}

run "the_agent_of_pubsub_moves_dead_letters" {
  module {
    source = "./modules/event_function"
  }

  assert {
    condition = (
      google_pubsub_topic_iam_member.agent_publishes_dead_letters["entity-extracted"].member
      == "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
      && google_pubsub_subscription_iam_member.agent_takes_dead_letters["entity-extracted"].role
      == "roles/pubsub.subscriber"
    )
    error_message = "Without both rights dead letters stay where they are, silently."
  }
}

run "somebody_is_told_of_dead_letters_and_of_a_backlog" {
  module {
    source = "./modules/event_function"
  }

  assert {
    condition = tolist(keys(google_monitoring_alert_policy.subscription)) == tolist([
      "entity-extracted.enrich", "entity-extracted.enrich.dead",
    ])
    error_message = "A failure would go unseen."
  }

  assert {
    condition = (
      google_monitoring_alert_policy.subscription["entity-extracted.enrich.dead"].conditions[0].condition_threshold[0].threshold_value
      == 0
    )
    error_message = "The first dead letter counts."
  }
}

run "a_function_that_outlives_its_message_is_refused" {
  command = plan

  module {
    source = "./modules/event_function"
  }

  variables {
    resources = { timeout_seconds = 541 }
  }

  expect_failures = [var.resources]
}

run "giving_up_after_one_attempt_is_refused" {
  command = plan

  module {
    source = "./modules/event_function"
  }

  variables {
    subscriptions = {
      "entity-extracted" = { max_delivery_attempts = 1, topic_id = "t" }
    }
  }

  expect_failures = [var.subscriptions]
}
