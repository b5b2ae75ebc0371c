"""Rights, protection and alarms, as staging and prod would get them."""

import json
import re

ALLOWED_ON_PROJECT = {
    ("roles/datastore.user", "only-the-catalog-mirror"),
    ("roles/storage.objectViewer", "only-the-sources-of-functions"),
    # Logs have no policy of their own, so this one is bound to nothing smaller.
    ("roles/logging.logWriter", None),
    # Which subscriptions there are can be asked of a project only.
    ("roles/subscriptionLister", None),
}


def _grants(plan):
    return [r for r in plan.all() if r.type.endswith("_iam_member")]


def _push_subscriptions(plan):
    return [s.values for s in plan.resources("google_pubsub_subscription", "this")]


def test_roles_on_the_project_are_the_few_that_exist_only_there(plan):
    given = {
        (
            re.sub(r"^projects/[\w-]+/", "", grant.values["role"]),
            grant.values["condition"][0]["title"]
            if grant.values["condition"]
            else None,
        )
        for grant in plan.resources("google_project_iam_member")
    }

    assert given == ALLOWED_ON_PROJECT


def test_no_role_is_basic_or_for_administrators(plan):
    roles = {grant.values["role"] for grant in _grants(plan)}

    assert not [
        r for r in roles if re.search(r"^roles/(owner|editor|viewer)$|[aA]dmin", r)
    ]


def test_who_lists_subscriptions_sees_no_message(plan):
    [role] = plan.resources("google_project_iam_custom_role")

    assert set(role.values["permissions"]) == {
        "pubsub.subscriptions.get",
        "pubsub.subscriptions.list",
    }


def test_rights_are_added_and_never_replace_those_of_others(plan):
    assert not [
        r.address for r in plan.all() if re.search(r"_iam_(binding|policy)$", r.type)
    ]


def test_only_the_api_may_be_called_by_all_and_only_in_prod(plans):
    public = {
        environment: [
            grant.address
            for grant in _grants(plan)
            if grant.values.get("member") in {"allUsers", "allAuthenticatedUsers"}
        ]
        for environment, plan in plans.items()
    }

    assert public == {
        "staging": [],
        "prod": [
            'module.api.google_cloud_run_service_iam_member.invoker["allUsers"]',
        ],
    }


def test_every_account_is_used_for_one_thing(plan):
    accounts = [
        r.values["account_id"] for r in plan.resources("google_service_account")
    ]

    assert sorted(accounts) == sorted(
        ["builds-functions", "run-api"]
        + [
            f"{what}-{name}"
            for what in ("run", "push")
            for name in ("enrich", "export", "extract", "sync", "validate")
        ]
    )
    assert all(6 <= len(account) <= 30 for account in accounts)


def test_functions_that_are_pushed_to_cannot_be_reached_from_outside(plan):
    ingress = {
        r.values["name"]: r.values["service_config"][0]["ingress_settings"]
        for r in plan.resources("google_cloudfunctions2_function")
    }

    assert ingress.pop("api") == "ALLOW_ALL"
    assert set(ingress.values()) == {"ALLOW_INTERNAL_ONLY"}


def test_every_push_has_backoff_dead_letters_and_a_token(plan):
    for subscription in _push_subscriptions(plan):
        assert subscription["retry_policy"][0]["minimum_backoff"] == "10s"
        assert subscription["dead_letter_policy"]
        assert subscription["push_config"][0]["oidc_token"]


def test_no_subscription_ends_by_itself(plan):
    for subscription in plan.resources("google_pubsub_subscription"):
        assert subscription.values["expiration_policy"] == [{"ttl": ""}]


def test_a_message_is_not_sent_again_while_its_function_still_works(plan):
    for subscription in plan.resources("google_pubsub_subscription", "this"):
        function = re.search(r'event_functions\["(\w+)"\]', subscription.address)[1]
        service = plan.function(function)["service_config"][0]

        assert subscription.values["ack_deadline_seconds"] >= service["timeout_seconds"]


def test_the_agent_of_pubsub_can_move_what_was_given_up(plan):
    published = plan.resources(
        "google_pubsub_topic_iam_member", "agent_publishes_dead_letters"
    )
    taken = plan.resources(
        "google_pubsub_subscription_iam_member", "agent_takes_dead_letters"
    )

    expected = len(_push_subscriptions(plan))
    number = plan.document["variables"]["project"]["value"]["number"]
    agent = f"serviceAccount:service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    assert len(published) == len(taken) == expected
    assert {grant.values["member"] for grant in published + taken} == {agent}


def test_the_api_can_drive_every_dead_letter_again(plan):
    driven = {
        grant.key
        for grant in plan.resources(
            "google_pubsub_subscription_iam_member", "api_drives_again"
        )
    }

    assert driven == {s["name"] for s in _push_subscriptions(plan)}


def test_somebody_is_told_of_each_way_to_fail(plan):
    alerts = {
        r.values["display_name"]: r
        for r in plan.resources("google_monitoring_alert_policy")
    }

    functions = plan.resources("google_cloudfunctions2_function")
    subscriptions = {s["name"] for s in _push_subscriptions(plan)}
    prefix = plan.document["variables"]["prefix"]["value"]
    assert set(alerts) == {
        *(f"{f.values['name']}: too many answers are errors" for f in functions),
        *(f"{name}: messages were given up" for name in subscriptions),
        *(f"{name}: messages wait too long" for name in subscriptions),
        "api: answers are slow",
        f"{prefix}: the disk fills up",
    }


def test_the_first_dead_letter_is_told(plan):
    for alert in plan.resources("google_monitoring_alert_policy", "subscription"):
        threshold = alert.values["conditions"][0]["condition_threshold"][0]
        if "num_undelivered_messages" in threshold["filter"]:
            assert threshold["threshold_value"] == 0
            assert threshold["duration"] == "0s"
            assert f'"{alert.key}"' in threshold["filter"]


def test_no_secret_is_in_the_plan(plan):
    assert "made-up-for-the-offline-check" not in json.dumps(plan.document)


def test_objects_of_browsers_are_for_the_web_app_alone(plan):
    origins = plan.document["variables"]["web_origins"]["value"]

    allowed = {
        bucket.values["name"].rsplit("-", 1)[1]: bucket.values["cors"]
        for bucket in plan.resources("google_storage_bucket")
    }

    assert not allowed["packages"]
    assert not allowed["resources"]
    assert allowed["uploads"][0]["origin"] == origins
    assert "PUT" in allowed["uploads"][0]["method"]
    assert allowed["exports"][0]["method"] == ["GET", "HEAD"]


def test_exports_are_the_only_live_objects_that_go_by_themselves(plan):
    going = {
        bucket.values["name"].rsplit("-", 1)[1]: condition["age"]
        for bucket in plan.resources("google_storage_bucket")
        for rule in bucket.values["lifecycle_rule"]
        for condition in rule["condition"]
        if condition["with_state"] == "LIVE"
    }

    assert going == {"exports": 30}


def test_environments_differ_by_values_only(plans):
    by_value = re.compile(r"budget|notification_channel|module\.api\..*invoker")

    staging, prod = (
        {r.address for r in plan.all() if not by_value.search(r.address)}
        for plan in plans.values()
    )

    assert staging == prod


def test_prod_is_available_in_two_zones(plans):
    availability = {
        name: plan.resources("google_sql_database_instance")[0].values["settings"][0][
            "availability_type"
        ]
        for name, plan in plans.items()
    }

    assert availability == {"staging": "ZONAL", "prod": "REGIONAL"}
