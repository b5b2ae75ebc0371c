"""What was heard as records to stage: one of the analyser, one of each model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID, uuid5

from shared.audio.analysis import VERSION
from shared.domain.audio_features import FAMILY, to_raw
from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.events.pipeline import RecordingExtracted
from shared.ports.object_store import ObjectStat

from .hearing import Hearing, claims_of, guessed, heard_in
from .models import Guess

SOURCE: Final = f"{FAMILY}@{VERSION}"

_BATCHES: Final = UUID("3a0f8a2e-6f0b-5c53-a2f4-ef7a1f3f2c21")


def analysis_record(
    event: RecordingExtracted, stat: ObjectStat, hearing: Hearing
) -> SourceRecord:
    """Return what was heard; without claims, it says that nothing was.

    The record is staged all the same, since an earlier generation's falls with it.
    """
    raw = to_raw(
        bytes_of(event),
        hearing.document,
        damage=hearing.damage,
        terms=hearing.terms,
        waveform=hearing.waveform,
        spectrogram=hearing.spectrogram,
    )
    claims = claims_of(heard_in(hearing.document))
    return _record(event, stat, SOURCE, claims, raw)


def guess_records(
    event: RecordingExtracted, stat: ObjectStat, guesses: Iterable[Guess]
) -> list[SourceRecord]:
    """Return what models said, each under its own source."""
    return [
        _record(
            event,
            stat,
            guess.source,
            claims_of(guessed([guess.estimate])),
            {
                "field": guess.estimate.field,
                "value": guess.estimate.value,
                "confidence": guess.estimate.confidence,
                "alternatives": list(guess.estimate.alternatives),
                "model": guess.estimate.model,
            },
        )
        for guess in guesses
    ]


def bytes_of(event: RecordingExtracted) -> str:
    """Return SHA-256 of the file's bytes; empty where its keys do not tell it."""
    named = (key.partition(":") for key in event.keys)
    return next((value for name, _, value in named if name == "sha256"), "")


def _record(
    event: RecordingExtracted,
    stat: ObjectStat,
    source: str,
    claims: tuple[Claim, ...],
    raw: dict[str, JsonValue],
) -> SourceRecord:
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=(f"id:{event.recording_id}",),
        source=source,
        origin=str(event.uri),
        origin_version=event.generation,
        claims=claims,
        received_at=stat.updated_at,
        raw=raw,
        batch=uuid5(_BATCHES, str(event.event_id)),
    )
