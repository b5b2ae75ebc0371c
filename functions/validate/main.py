"""Entry point: an entry came in or was edited. Decode, wire, call; nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import functions_framework
from cloudevents.http import CloudEvent

from shared.adapters.system import SystemClock
from shared.events.base import Event
from shared.events.catalog import RecordingChanged, ReleaseChanged
from shared.events.pipeline import (
    MessageExtracted,
    RecordingExtracted,
    ReleaseExtracted,
    ValidationRequested,
)
from shared.runtime import wiring
from shared.runtime.handling import decoded, handling, pushed_message
from shared.runtime.logging import configure_logging
from shared.runtime.settings import settings

from .messages import MessageChecks
from .service import Validator

configure_logging(settings().log_level)

_HANDLED: tuple[type[Event], ...] = (
    RecordingExtracted,
    ReleaseExtracted,
    MessageExtracted,
    ValidationRequested,
    RecordingChanged,
    ReleaseChanged,
)


@functions_framework.cloud_event
def validate(event: CloudEvent) -> None:
    """Check the entry that *event* is about."""
    with handling(event):
        message = pushed_message(event)
        if message.type in {handled.type for handled in _HANDLED}:
            _validator().validate(decoded(message, *_HANDLED))


@cache
def _validator() -> Validator:
    catalog, clock = wiring.catalog(), SystemClock()
    uploads = wiring.object_store(settings().uploads_url)
    folder = settings().ddex_schema_dir
    own_schemas = Path(folder) if folder else None
    messages = MessageChecks(catalog, uploads, clock, own_schemas)
    return Validator(catalog, clock, wiring.relay().relay, messages)
