from __future__ import annotations

import io
import itertools
import json

import fastavro
import pytest
from google.api_core import exceptions
from google.pubsub_v1 import types

PROJECT = "projects/proj-local"
RECORDING = {
    "type": "record",
    "name": "Recording",
    "fields": [{"name": "title", "type": "string"}, {"name": "ms", "type": "int"}],
}
_numbers = itertools.count()


def avro(*fields: dict[str, object]) -> types.Schema:
    definition = {**RECORDING, "fields": [*RECORDING["fields"], *fields]}
    return types.Schema(type_=types.Schema.Type.AVRO, definition=json.dumps(definition))


@pytest.fixture
def schema(cloud):
    return cloud.schemas.create_schema(
        parent=PROJECT, schema=avro(), schema_id=f"recording-{next(_numbers)}"
    )


def checked_topic(cloud, schema, encoding=types.Encoding.JSON, **settings):
    return cloud.topic(
        schema_settings={"schema": schema.name, "encoding": encoding, **settings}
    )


def test_a_message_that_fits_is_taken_and_says_which_schema(cloud, schema):
    topic = checked_topic(cloud, schema)
    subscription = cloud.subscription(topic)

    cloud.publish(topic, b'{"title": "So What", "ms": 545000}')

    [received] = cloud.pull(subscription)
    assert dict(received.message.attributes) == {
        "googclient_schemaencoding": "JSON",
        "googclient_schemaname": schema.name,
        "googclient_schemarevisionid": schema.revision_id,
    }


@pytest.mark.parametrize(
    "data",
    [
        b'{"title": "So What"}',
        b'{"title": 1, "ms": 1}',
        b'{"title": "So What", "ms": "long"}',
        b'{"title": "So What", "ms": 1} {"title": "", "ms": 2}',
        b"[]",
        b"null",
        b"not json",
        b"\xff\xfe",
    ],
)
def test_a_message_that_does_not_fit_is_refused(cloud, schema, data):
    topic = checked_topic(cloud, schema)

    with pytest.raises(exceptions.InvalidArgument):
        cloud.publish(topic, data)


def test_binary_messages_are_checked_to_the_last_byte(cloud, schema):
    topic = checked_topic(cloud, schema, types.Encoding.BINARY)
    stream = io.BytesIO()
    parsed = fastavro.parse_schema(RECORDING)
    fastavro.schemaless_writer(stream, parsed, {"title": "So What", "ms": 1})
    good = stream.getvalue()

    cloud.publish(topic, good)

    for bad in (good + b"\0", good[:-1], b"\xff"):
        with pytest.raises(exceptions.InvalidArgument):
            cloud.publish(topic, bad)


def test_one_bad_message_refuses_the_whole_request(cloud, schema):
    topic = checked_topic(cloud, schema)
    subscription = cloud.subscription(topic)

    with pytest.raises(exceptions.InvalidArgument):
        cloud.publish(topic, b'{"title": "So What", "ms": 1}', b"{}")

    assert cloud.pull(subscription) == []


def test_a_newer_revision_is_taken_too_unless_the_topic_says_otherwise(cloud, schema):
    free = checked_topic(cloud, schema)
    bound = checked_topic(cloud, schema, last_revision_id=schema.revision_id)
    newer = avro({"name": "isrc", "type": "string"})
    newer.name = schema.name
    data = b'{"title": "So What", "ms": 1, "isrc": "USSM15900113"}'

    committed = cloud.schemas.commit_schema(name=schema.name, schema=newer)
    cloud.publish(free, data)

    assert committed.revision_id != schema.revision_id
    with pytest.raises(exceptions.InvalidArgument):
        cloud.publish(bound, data)


def test_revisions_are_listed_rolled_back_and_deleted(cloud, schema):
    newer = avro({"name": "isrc", "type": "string"})
    newer.name = schema.name
    second = cloud.schemas.commit_schema(name=schema.name, schema=newer)

    third = cloud.schemas.rollback_schema(
        name=schema.name, revision_id=schema.revision_id
    )
    listed = [
        each.revision_id
        for each in cloud.schemas.list_schema_revisions(name=schema.name)
    ]
    cloud.schemas.delete_schema_revision(
        request={"name": f"{schema.name}@{second.revision_id}"}
    )

    assert listed == [third.revision_id, second.revision_id, schema.revision_id]
    assert third.definition == schema.definition
    with pytest.raises(exceptions.NotFound):
        cloud.schemas.get_schema(name=f"{schema.name}@{second.revision_id}")


def test_a_schema_is_found_again_until_it_is_deleted(cloud, schema):
    found = cloud.schemas.get_schema(name=schema.name)
    listed = [each.name for each in cloud.schemas.list_schemas(parent=PROJECT)]
    with pytest.raises(exceptions.AlreadyExists):
        cloud.schemas.create_schema(
            parent=PROJECT, schema=avro(), schema_id=schema.name.rsplit("/", 1)[1]
        )
    cloud.schemas.delete_schema(name=schema.name)

    assert found.definition == schema.definition
    assert schema.name in listed
    with pytest.raises(exceptions.NotFound):
        cloud.schemas.get_schema(name=schema.name)


def test_a_topic_whose_schema_is_deleted_takes_nothing(cloud, schema):
    topic = checked_topic(cloud, schema)

    cloud.schemas.delete_schema(name=schema.name)

    with pytest.raises(exceptions.InvalidArgument):
        cloud.publish(topic, b'{"title": "So What", "ms": 1}')


@pytest.mark.parametrize("definition", ["", "{", '{"type": "record"}', '"nonsense"'])
def test_what_is_no_schema_is_refused(cloud, definition):
    schema = types.Schema(type_=types.Schema.Type.AVRO, definition=definition)

    with pytest.raises(exceptions.InvalidArgument):
        cloud.schemas.validate_schema(parent=PROJECT, schema=schema)


def test_schemas_and_messages_can_be_tried_before(cloud):
    cloud.schemas.validate_schema(parent=PROJECT, schema=avro())
    request = {"parent": PROJECT, "schema": avro(), "encoding": types.Encoding.JSON}

    cloud.schemas.validate_message(
        request={**request, "message": b'{"title": "So What", "ms": 1}'}
    )

    with pytest.raises(exceptions.InvalidArgument):
        cloud.schemas.validate_message(request={**request, "message": b"{}"})


def test_a_topic_needs_its_schema(cloud):
    with pytest.raises(exceptions.NotFound):
        cloud.topic(schema_settings={"schema": f"{PROJECT}/schemas/nowhere"})
