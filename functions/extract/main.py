"""Entry point: an object was uploaded. Decode, wire, call; nothing else."""

from __future__ import annotations

from functools import cache

import functions_framework
from cloudevents.http import CloudEvent

from shared.adapters.system import SystemClock
from shared.runtime import wiring
from shared.runtime.handling import handling, pushed_message
from shared.runtime.logging import configure_logging
from shared.runtime.settings import settings

from .notification import ObjectFinalized
from .readers import read
from .service import Extractor

configure_logging(settings().log_level)


@functions_framework.cloud_event
def extract(event: CloudEvent) -> None:
    """Take in the object that *event* tells of."""
    with handling(event):
        message = pushed_message(event)
        if message.attributes.get("eventType") == "OBJECT_FINALIZE":
            _extractor().extract(ObjectFinalized.parse(message.data))


@cache
def _extractor() -> Extractor:
    chosen = settings()
    return Extractor(
        catalog=wiring.catalog(),
        uploads=wiring.object_store(chosen.uploads_url),
        resources=wiring.object_store(chosen.resources_url),
        clock=SystemClock(),
        read=read,
        relay=wiring.relay().relay,
        max_upload_bytes=chosen.max_upload_bytes,
    )
