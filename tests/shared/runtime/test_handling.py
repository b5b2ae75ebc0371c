"""What a function makes of a delivery: acknowledged, or asked for again."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cloudevents.http import CloudEvent
from structlog.testing import capture_logs

from shared.domain.errors import InvalidInputError, TransientError
from shared.events.pipeline import ExportRequested, ReleaseExtracted
from shared.runtime.handling import decoded, handling, pushed_message

_ID = UUID("019c0000-0000-7000-8000-000000000001")


def delivery(data, **attributes):
    message = {
        "data": base64.b64encode(data).decode(),
        "attributes": attributes,
        "messageId": "7",
    }
    return CloudEvent(
        {"type": "google.cloud.pubsub.topic.v1.messagePublished", "source": "//p"},
        {"message": message, "subscription": "s"},
    )


def direct(data, kind="google.cloud.storage.object.v1.finalized"):
    return CloudEvent({"type": kind, "source": "//storage"}, data)


@pytest.fixture
def requested():
    return ExportRequested(
        event_id=_ID,
        tenant_id="t",
        occurred_at=datetime(2026, 1, 1, tzinfo=UTC),
        export_id=_ID,
    )


def test_what_succeeds_is_one_line():
    with capture_logs() as lines, handling(delivery(b"", type="a.done.v1")):
        pass

    (line,) = lines
    assert (line["event"], line["type"], line["log_level"]) == (
        "handled",
        "a.done.v1",
        "info",
    )


def test_a_permanent_error_is_told_and_acknowledged():
    with capture_logs() as lines, handling(delivery(b"", type="a.done.v1")):
        raise InvalidInputError("not an ISRC", isrc="x")

    (line,) = lines
    assert line["code"] == "invalid-input"
    assert line["facts"] == {"isrc": "x"}


@pytest.mark.parametrize("error", [TransientError("away"), KeyError("a mistake")])
def test_any_other_error_asks_for_the_event_again(error):
    with pytest.raises(type(error)), handling(delivery(b"")):
        raise error


def test_a_message_is_unpacked():
    message = pushed_message(delivery(b"content", type="a.done.v1", more="told"))

    assert (message.data, message.type) == (b"content", "a.done.v1")
    assert message.attributes["more"] == "told"


def test_a_storage_event_without_a_message_is_given_the_form_of_one():
    message = pushed_message(direct({"name": "01.flac"}))

    assert json.loads(message.data) == {"name": "01.flac"}
    assert message.attributes["eventType"] == "OBJECT_FINALIZE"


@pytest.mark.parametrize(
    "event",
    [
        direct({"message": {"data": "ä"}}, "x"),
        direct({"message": {"data": 7}}, "x"),
        direct(["a list"], "x"),
        direct(None, "x"),
        direct({"message": "text"}, "x"),
    ],
)
def test_what_is_no_message_is_refused(event):
    with pytest.raises(InvalidInputError):
        pushed_message(event)


def test_an_event_is_decoded_as_what_it_says_it_is(requested):
    message = pushed_message(
        delivery(requested.to_cloud_event(), **requested.attributes)
    )

    assert decoded(message, ReleaseExtracted, ExportRequested) == requested


def test_an_event_of_another_type_is_refused(requested):
    message = pushed_message(
        delivery(requested.to_cloud_event(), **requested.attributes)
    )

    with pytest.raises(InvalidInputError) as caught:
        decoded(message, ReleaseExtracted)

    assert caught.value.facts["expected"] == ["release.extracted.v1"]
