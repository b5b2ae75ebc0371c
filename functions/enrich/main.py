"""Entry point: a recording's file came in, or is due. Decode, wire, call."""

from __future__ import annotations

from functools import cache
from typing import BinaryIO

import functions_framework
from cloudevents.http import CloudEvent

from shared.adapters.system import SystemClock
from shared.audio.duplicates import Match
from shared.audio.model import SHIPPED, Model
from shared.events.pipeline import AnalysisRequested, RecordingExtracted
from shared.runtime import wiring
from shared.runtime.handling import decoded, handling, pushed_message
from shared.runtime.logging import configure_logging
from shared.runtime.settings import settings

from .duplicates import DuplicateFinder
from .hearing import Hearing
from .models import Models, names
from .service import Enricher

configure_logging(settings().log_level)


@functions_framework.cloud_event
def enrich(event: CloudEvent) -> None:
    """Listen to the recording that *event* is about."""
    with handling(event):
        message = pushed_message(event)
        _enricher().enrich(decoded(message, RecordingExtracted, AnalysisRequested))


@cache
def _enricher() -> Enricher:
    from shared.audio.lookup import LEAST_SHARED

    chosen = settings()
    clock = SystemClock()
    catalog = wiring.catalog()
    duplicates = DuplicateFinder(catalog, clock, _compare, LEAST_SHARED)
    return Enricher(
        catalog=catalog,
        uploads=wiring.object_store(chosen.uploads_url),
        clock=clock,
        listen=_listen,
        relay=wiring.relay().relay,
        models=Models(
            load=_model,
            usual=names(chosen.audio_models) or SHIPPED,
            on_trial=names(chosen.audio_trial_models),
            trial_share=chosen.audio_trial_share,
        ),
        check_duplicates=duplicates.check,
        listens=chosen.audio_analysis,
        timing=chosen.audio_timing,
        batch_size=chosen.audio_batch_size,
    )


def _listen(file: BinaryIO) -> Hearing:
    from shared.audio.analysis import analyse

    from .hearing import hearing_of

    return hearing_of(analyse(file))


def _compare(one: str, other: str) -> Match:
    from shared.audio.duplicates import compare, decompressed

    return compare(decompressed(one), decompressed(other))


@cache
def _model(name: str) -> Model:
    # A name says its version, so that what is loaded once can be kept.
    from shared.audio.model import loaded, object_name, shipped

    if name in SHIPPED:
        return shipped(name)
    store = wiring.object_store(settings().resources_url)
    return loaded(b"".join(store.read(object_name(name))))
