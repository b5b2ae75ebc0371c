"""The documented form of every event is the form it has."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator

from scripts.event_schemas import FOLDER, events, files, is_same, schema
from shared.domain.claims import Kind
from shared.domain.entities import Change, Entity
from shared.domain.errors import InvalidInputError
from shared.events.catalog import (
    ExportCompleted,
    RecordingChanged,
    UploadRejected,
    entity_changed,
)
from shared.events.pipeline import (
    AnalysisRequested,
    ExportRequested,
    MessageExtracted,
    RecordingExtracted,
    ReleaseExtracted,
    ValidationRequested,
)

_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ID = UUID("019c0000-0000-7000-8000-000000000001")
_ENVELOPE = {"event_id": _ID, "tenant_id": "a-label", "occurred_at": _AT}
_URI = {"uri": "gs://up/a-label/01.flac", "generation": 1}


def changed(kind):
    entity = Entity("a-label", kind, _ID, 2, {"title": "So What"}, {}, 0.5, _AT, _AT)
    return entity_changed(Change(entity, ("title",), "updated", "tags", at=_AT), 7)


EXAMPLES = [
    *(changed(kind) for kind in Kind),
    UploadRejected(**_ENVELOPE, **_URI, upload_id=_ID, code="c", reason="r"),
    ExportCompleted(**_ENVELOPE, export_id=_ID, status="done", row_count=3),
    ExportRequested(**_ENVELOPE, export_id=_ID),
    RecordingExtracted(**_ENVELOPE, **_URI, recording_id=_ID, upload_id=_ID),
    AnalysisRequested(
        **_ENVELOPE, **_URI, recording_id=_ID, upload_id=_ID, is_forced=True
    ),
    ReleaseExtracted(**_ENVELOPE, release_id=_ID, upload_id=_ID),
    ValidationRequested(**_ENVELOPE, validation_id=_ID),
    MessageExtracted(
        **_ENVELOPE, **_URI, upload_id=_ID, message_id="M-1", version="ern/43"
    ),
]


def test_every_event_has_an_example_here():
    assert {type(event) for event in EXAMPLES} == {*events()}


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.type)
def test_an_event_is_as_documented(event):
    documented = json.loads((FOLDER / f"{event.type}.json").read_text())
    Draft202012Validator.check_schema(documented)

    Draft202012Validator(documented).validate(json.loads(event.to_cloud_event()))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.type)
def test_an_event_survives_the_wire(event):
    assert type(event).from_cloud_event(event.to_cloud_event()) == event


def test_the_documents_are_fresh():
    stale = [path.name for path, text in files() if not is_same(path, text)]

    assert stale == [], "python -m scripts.event_schemas writes them anew"


def test_there_is_no_document_of_an_event_that_is_gone():
    assert {path.name for path in FOLDER.glob("*.json")} == {
        path.name for path, _ in files()
    }


def test_a_schema_refuses_what_lacks_a_number():
    told = json.loads(changed(Kind.RECORDING).to_cloud_event())
    del told["data"]["number"]

    assert list(Draft202012Validator(schema(RecordingChanged)).iter_errors(told))


def test_events_of_one_entry_share_an_ordering_key():
    keys = {event.ordering_key for event in EXAMPLES[: len(Kind)]}

    assert keys == {f"a-label/{kind}/{_ID}" for kind in Kind}


def test_an_event_has_one_id_per_entity_and_version():
    assert changed(Kind.RECORDING).event_id == changed(Kind.RECORDING).event_id
    assert changed(Kind.RECORDING).event_id != changed(Kind.RELEASE).event_id


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"type": "recording.changed.v1"}',
        b'{"type": "recording.changed.v2", "data": {}}',
        b'{"type": "recording.changed.v1", "id": "x", "tenantid": "t", "data": {}}',
    ],
)
def test_what_is_no_event_is_told_so(body):
    with pytest.raises(InvalidInputError) as caught:
        RecordingChanged.from_cloud_event(body)

    assert "recording.changed.v1" in str(caught.value)
