"""What Terraform declares and what the code knows are the same."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr

import migrations.tables
import shared.events.catalog
import shared.events.pipeline  # noqa: F401 - events are found by being defined
from infra.local import topology
from shared.domain.uploads import Upload
from shared.events.base import Event
from shared.runtime.settings import Settings

REPOSITORY = Path(__file__).parents[3]
FUNCTIONS = [function.name for function in topology.FUNCTIONS]

# The one variable that is not ours: functions-framework reads it.
USE_ASGI = "FUNCTION_USE_ASGI"

# Settings that the cloud leaves as they are, and why.
LEFT_AT_DEFAULT = {
    "audio_analysis": "enrich listens, unless somebody switches it off",
    "ddex_schema_dir": "the tables that come with the code need no licence",
    "max_upload_bytes": "the default is what the product promises",
    "signer_key_file": "there is no key in the cloud: IAM signs",
}


def _events(base: type[Event] = Event) -> set[type[Event]]:
    found = {base} if hasattr(base, "type") else set()
    return found.union(*(_events(sub) for sub in base.__subclasses__()))


def _plain(plan, function):
    service = plan.function(function)["service_config"][0]
    return {
        name: value
        for name, value in service["environment_variables"].items()
        if name != USE_ASGI
    }


def _variables(plan, function):
    service = plan.function(function)["service_config"][0]
    plain = set(_plain(plan, function))
    secret = {v["key"] for v in service["secret_environment_variables"]}
    return plain, secret


def _belongs(resource, function):
    modules = (f'event_functions["{function}"].', f"module.{function}.")
    return any(module in resource.address for module in modules)


def _field(variable):
    return variable.removeprefix("LINERNOTES_").lower()


def _secret_fields():
    return {
        name
        for name, field in Settings.model_fields.items()
        if field.annotation is SecretStr
    }


def test_each_function_is_a_directory_and_is_deployed(plan):
    directories = {path.parent.name for path in REPOSITORY.glob("functions/*/main.py")}

    deployed = {
        resource.values["name"]
        for resource in plan.resources("google_cloudfunctions2_function")
    }

    assert deployed == set(FUNCTIONS)
    assert deployed == directories


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_entry_point_of_a_function_is_defined_in_its_main(plan, name):
    main = (REPOSITORY / "functions" / name / "main.py").read_text(encoding="utf-8")

    defined = {
        node.name
        for node in ast.parse(main).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert plan.function(name)["build_config"][0]["entry_point"] in defined


def test_topics_are_those_of_the_topology(plan):
    declared = {
        resource.values["name"]
        for resource in plan.resources("google_pubsub_topic", "this")
    }

    assert declared == set(topology.TOPICS)


def test_every_event_has_a_topic_that_is_declared():
    assert {event.topic for event in _events() if hasattr(event, "topic")} <= set(
        topology.TOPICS
    )


def test_subscriptions_are_those_of_the_topology(plan):
    declared = {
        s.values["name"]: (
            s.values["filter"] or "",
            s.values["ack_deadline_seconds"],
            s.values["dead_letter_policy"][0]["max_delivery_attempts"],
        )
        for s in plan.resources("google_pubsub_subscription", "this")
    }

    assert declared == {
        s.name: (s.filter, s.ack_deadline_seconds, s.max_delivery_attempts)
        for s in topology.SUBSCRIPTIONS
    }


@pytest.mark.parametrize("kind", ["google_pubsub_topic", "google_pubsub_subscription"])
def test_dead_letters_are_named_as_the_code_names_them(plan, kind):
    declared = {r.values["name"] for r in plan.resources(kind, "dead_letter")}

    assert declared == {s.dead_letters for s in topology.SUBSCRIPTIONS}


def test_a_subscription_belongs_to_its_function_and_topic(plan):
    declared = {
        (match[1], s.key)
        for s in plan.resources("google_pubsub_subscription", "this")
        if (match := re.match(r'module\.event_functions\["(\w+)"\]', s.address))
    }

    assert declared == {(s.function, s.topic) for s in topology.SUBSCRIPTIONS}


def test_filters_ask_for_types_that_events_have():
    filters = " ".join(s.filter for s in topology.SUBSCRIPTIONS)

    asked = set(re.findall(r'attributes\.type = "([^"]+)"', filters))

    assert asked <= {event.type for event in _events()}


def test_buckets_are_those_of_the_topology_and_one_for_packages(plan):
    prefix = plan.document["variables"]["prefix"]["value"]

    declared = {r.values["name"] for r in plan.resources("google_storage_bucket")}

    expected = {f"{prefix}-{name}" for name in (*topology.BUCKETS, "packages")}
    assert declared == expected


def test_settings_name_every_bucket_by_its_address(plan):
    prefix = plan.document["variables"]["prefix"]["value"]

    named = plan.function("api")["service_config"][0]["environment_variables"]

    for bucket in topology.BUCKETS:
        variable = f"LINERNOTES_{bucket.upper()}_URL"
        assert named[variable] == f"gs://{prefix}-{bucket}"
        assert _field(variable) in Settings.model_fields


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_variable_of_a_function_is_a_setting(plan, name):
    plain, secret = _variables(plan, name)

    assert {_field(variable) for variable in plain | secret} <= set(
        Settings.model_fields
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_secret_settings_come_from_secret_manager_and_others_do_not(plan, name):
    plain, secret = _variables(plan, name)

    assert {_field(variable) for variable in plain}.isdisjoint(_secret_fields())
    assert {_field(variable) for variable in secret} <= _secret_fields()


def test_every_setting_is_given_or_left_at_its_default_on_purpose(plan):
    given = {
        _field(variable)
        for name in FUNCTIONS
        for variable in set.union(*_variables(plan, name))
    }

    assert given | set(LEFT_AT_DEFAULT) == set(Settings.model_fields)
    assert given.isdisjoint(LEFT_AT_DEFAULT)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_plain_values_are_values_that_the_settings_take(plan, name):
    given = _plain(plan, name)

    taken = Settings(**{_field(variable): v for variable, v in given.items()})

    assert taken.environment == plan.environment
    assert taken.bus_url.startswith("pubsub://")
    assert taken.documents_url.startswith("firestore://")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_may_publish_to_every_topic_of_its_outbox(plan, name):
    publishers = {
        resource.key
        for resource in plan.resources("google_pubsub_topic_iam_member", "publisher")
        if _belongs(resource, name)
    }

    announced = {event.topic for event in _events() if hasattr(event, "topic")}

    assert announced <= publishers


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_asgi_function_is_run_as_one_and_others_are_not(plan, name):
    main = (REPOSITORY / "functions" / name / "main.py").read_text(encoding="utf-8")
    variables = plan.function(name)["service_config"][0]["environment_variables"]

    assert (USE_ASGI in variables) == ("functions_framework.aio" in main)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_who_makes_signed_links_may_sign_and_nobody_else(plan, name):
    code = [
        path.read_text() for path in (REPOSITORY / "functions" / name).rglob("*.py")
    ]
    signers = plan.resources("google_service_account_iam_member", "signer")

    makes = any(re.search(r"\.signed_(upload|download)\(", text) for text in code)

    assert makes == any(_belongs(signer, name) for signer in signers)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_rights_on_the_buckets_it_opens_and_on_no_others(plan, name):
    main = (REPOSITORY / "functions" / name / "main.py").read_text(encoding="utf-8")
    granted = plan.resources("google_storage_bucket_iam_member", "this")

    opened = {b for b in topology.BUCKETS if re.search(rf"\.{b}_url\b", main)}

    assert opened == {g.key for g in granted if _belongs(g, name)}


def test_functions_log_in_as_the_role_that_migrations_make(plan):
    users = plan.document["planned_values"]["outputs"]["database_users"]["value"]

    assert users["app"] == migrations.tables.APP
    assert users["admin"] not in {users["app"], ""}
    assert [u.values["name"] for u in plan.resources("google_sql_user")] == [
        users["admin"]
    ]


def test_indexes_are_of_fields_that_the_mirror_has(plan):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    upload = Upload(
        id=UUID(int=0),
        tenant_id="t",
        uri="gs://b/t/a",
        generation=1,
        created_at=now,
        updated_at=now,
    )

    indexes = plan.resources("google_firestore_index")

    assert {index.values["collection"] for index in indexes} == {"uploads"}
    for index in indexes:
        paths = {field["field_path"] for field in index.values["fields"]}
        assert paths <= set(upload.to_json())


def test_the_notification_of_uploads_goes_to_the_topic_that_extract_reads(plan):
    [notification] = plan.resources("google_storage_notification")

    assert 'buckets["uploads"]' in notification.address
    assert notification.key == next(
        s.topic for s in topology.SUBSCRIPTIONS if s.function == "extract"
    )
