"""Entry point: a recording's file came in. Decode, wire, call; nothing else."""

from __future__ import annotations

from functools import cache
from typing import BinaryIO

import functions_framework
from cloudevents.http import CloudEvent

from shared.adapters.system import SystemClock
from shared.audio.analysis import Analysis
from shared.events.pipeline import RecordingExtracted
from shared.runtime import wiring
from shared.runtime.handling import decoded, handling, pushed_message
from shared.runtime.logging import configure_logging
from shared.runtime.settings import settings

from .service import Enricher

configure_logging(settings().log_level)


@functions_framework.cloud_event
def enrich(event: CloudEvent) -> None:
    """Listen to the recording that *event* is about."""
    with handling(event):
        message = pushed_message(event)
        _enricher().enrich(decoded(message, RecordingExtracted))


@cache
def _enricher() -> Enricher:
    chosen = settings()
    return Enricher(
        catalog=wiring.catalog(),
        uploads=wiring.object_store(chosen.uploads_url),
        clock=SystemClock(),
        analyse=_analyse,
        relay=wiring.relay().relay,
        listens=chosen.audio_analysis,
    )


def _analyse(file: BinaryIO) -> Analysis:
    from shared.audio.analysis import analyse

    return analyse(file)
