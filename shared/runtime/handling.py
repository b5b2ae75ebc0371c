"""How every event function succeeds and fails.

Returning acknowledges; raising asks for the event again, and after too many tries the
subscription moves it to its dead letters.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog
from prometheus_client import Counter, Histogram

from shared.domain.errors import InvalidInputError, PermanentError
from shared.events.base import Event

log = structlog.get_logger()

EVENTS = Counter(
    "linernotes_events_total", "Events by what became of them.", ["type", "outcome"]
)
SECONDS = Histogram(
    "linernotes_event_seconds", "Time to handle one event.", ["type", "outcome"]
)

E = TypeVar("E", bound=Event)


class CloudEventLike(Protocol):
    """What functions-framework hands to a function."""

    @property
    def data(self) -> Any: ...

    def __getitem__(self, key: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Message:
    """A Pub/Sub message as it was pushed.

    Attributes:
        data: The decoded payload.
        attributes: As the publisher set them.
    """

    data: bytes
    attributes: dict[str, str]

    @property
    def type(self) -> str:
        return self.attributes.get("type") or self.attributes.get("eventType", "")


@contextmanager
def handling(event: CloudEventLike) -> Iterator[None]:
    """Log one line about *event*, and turn errors into ack or retry.

    A permanent error is logged and acknowledged; any other error is raised again.
    """
    started = time.perf_counter()
    kind, outcome = _type_of(event), "failed"
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(delivery_id=event["id"])
    try:
        yield
    except PermanentError as exc:
        outcome = "rejected"
        log.warning(
            "rejected", type=kind, code=exc.code, error=str(exc), facts=exc.facts
        )
    else:
        outcome = "handled"
        elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
        log.info("handled", type=kind, elapsed_ms=elapsed_ms)
    finally:
        EVENTS.labels(kind, outcome).inc()
        SECONDS.labels(kind, outcome).observe(time.perf_counter() - started)


def _type_of(event: CloudEventLike) -> str:
    """Return what *event* says it is, without insisting on its form."""
    body = event.data if isinstance(event.data, dict) else {}
    message = body.get("message")
    attributes = message.get("attributes") if isinstance(message, dict) else None
    found = attributes if isinstance(attributes, dict) else {}
    return str(found.get("type") or found.get("eventType") or event["type"])


def pushed_message(event: CloudEventLike) -> Message:
    """Return the Pub/Sub message in *event*, or its direct form as one.

    Storage events may come directly from Eventarc, without a message around them:
    they are given the attributes that a bucket notification would have.
    """
    body = event.data
    if isinstance(body, dict) and isinstance(body.get("message"), dict):
        inner = body["message"]
        try:
            data = base64.b64decode(inner.get("data", ""), validate=True)
        except (ValueError, TypeError) as exc:
            raise InvalidInputError("message data is not base64") from exc
        return Message(data, dict(inner.get("attributes") or {}))
    if event["type"].startswith("google.cloud.storage.object."):
        attributes = {"eventType": "OBJECT_FINALIZE", "type": event["type"]}
        return Message(json.dumps(body).encode(), attributes)
    raise InvalidInputError("neither a message nor a storage event", type=event["type"])


def decoded(message: Message, *types: type[E]) -> E:
    """Return the event in *message*, which is one of *types*.

    Raises:
        InvalidInputError: It is another event, or not one at all.
    """
    for candidate in types:
        if candidate.type == message.type:
            return candidate.from_cloud_event(message.data)
    raise InvalidInputError(
        "an event of another type",
        type=message.type,
        expected=[candidate.type for candidate in types],
    )
