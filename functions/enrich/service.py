"""The use case: a recording's file came in; what is heard in it enters the catalog."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final
from uuid import UUID, uuid5

from shared.audio.analysis import VERSION, Analysis
from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.decisions import REVIEW_BELOW, ReviewItem
from shared.domain.errors import InvalidInputError, NotFoundError, UnreadableFileError
from shared.domain.fields import parsed
from shared.domain.uploads import Stage
from shared.events.pipeline import RecordingExtracted
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock
from shared.ports.object_store import ObjectStat, ObjectStore

from .ranged import RangedFile

CONSUMER: Final = "enrich"
SOURCE: Final = f"audio-analysis@{VERSION}"

_BATCHES: Final = UUID("3a0f8a2e-6f0b-5c53-a2f4-ef7a1f3f2c21")
# Loudness is measured, not guessed; what no file says differently is certain.
_MEASURED: Final = 1.0
_BUFFER_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Heard:
    """One field as heard, and what else it might be."""

    field: str
    value: JsonValue
    confidence: float
    alternatives: tuple[JsonValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Enricher:
    """Listens to recordings.

    Attributes:
        analyse: Returns what is heard in a stream of bytes that can be sought in.
        relay: Called with a tenant after each commit.
        listens: False where only what files say is wanted.
    """

    catalog: Catalog
    uploads: ObjectStore
    clock: Clock
    analyse: Callable[[BinaryIO], Analysis]
    relay: Callable[[str], object]
    listens: bool = True

    def enrich(self, event: RecordingExtracted) -> None:
        """Add what is heard in the recording's file, once per object generation.

        Bytes that were heard before, in another file of the recording, are not heard
        again: what was said then is said of this file too, so that the order in which
        files come never shows. A file that cannot be decoded is no failure: what its
        tags say stands, and nothing is said to have been heard.
        """
        if event.uri is None or not self.listens:
            return
        known = self._known(event)
        if known is None:
            return
        try:
            stat = self.uploads.stat(self._name(event), generation=event.generation)
            claims, heard = known, list[_Heard]()
            if not claims:
                heard = self._listen(event, stat)
                claims = tuple(Claim(h.field, h.value, h.confidence) for h in heard)
        except NotFoundError:
            return  # Replaced before it was heard: its successor has an event too.
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, event.event_id):
                return
            tx.stage([_record(event, stat, claims)])
            self._ask(tx, event.recording_id, heard)
            self._mark(tx, event)
        self.relay(event.tenant_id)

    def _known(self, event: RecordingExtracted) -> tuple[Claim, ...] | None:
        """Return what was heard in the same bytes before; None if all is done."""
        with self.catalog.transaction(event.tenant_id) as tx:
            if _is_overtaken(tx.staged("file", str(event.uri)), event.generation):
                return None
            heard = tx.staged(SOURCE, str(event.uri))
            if any(record.origin_version >= event.generation for record in heard):
                if tx.first_sight(CONSUMER, event.event_id):
                    self._mark(tx, event)
            else:
                return next(
                    (
                        record.claims
                        for record in tx.records(Kind.RECORDING, event.recording_id)
                        if record.source == SOURCE
                        and record.raw.get("sha256") == _bytes_of(event)
                    ),
                    (),
                )
        self.relay(event.tenant_id)
        return None

    def _listen(self, event: RecordingExtracted, stat: ObjectStat) -> list[_Heard]:
        raw = RangedFile(self.uploads, stat.name, event.generation, stat.size_bytes)
        # The buffer makes whole reads out of a raw file's short ones.
        with io.BufferedReader(raw, _BUFFER_BYTES) as file:
            try:
                return sorted(_heard(self.analyse(file)), key=lambda h: h.field)
            except UnreadableFileError:
                return []

    def _name(self, event: RecordingExtracted) -> str:
        return str(event.uri).removeprefix(f"{self.uploads.base_uri}/")

    def _ask(
        self, tx: CatalogTransaction, recording_id: UUID, heard: Sequence[_Heard]
    ) -> None:
        """Put unsure values that the catalog now shows before a person."""
        entity = tx.entity(Kind.RECORDING, recording_id)
        for one in heard:
            why = entity.provenance.get(one.field) if entity else None
            shown = isinstance(why, dict) and why.get("source") == SOURCE
            if one.confidence < REVIEW_BELOW and shown:
                tx.open_review(
                    ReviewItem(
                        tenant_id=tx.tenant_id,
                        kind=Kind.RECORDING,
                        entity_id=recording_id,
                        field=one.field,
                        value=one.value,
                        source=SOURCE,
                        confidence=one.confidence,
                        reason="the analysis is not sure",
                        created_at=self.clock.now(),
                        alternatives=one.alternatives,
                    )
                )

    def _mark(self, tx: CatalogTransaction, event: RecordingExtracted) -> None:
        upload = tx.upload(event.upload_id)
        if upload and Stage.ENRICHED not in upload.stages:
            tx.save_upload(upload.reached(self.clock.now(), Stage.ENRICHED))


def _heard(analysis: Analysis) -> list[_Heard]:
    """Return what was heard as fields; a value outside a field's range is left out."""
    found: list[_Heard] = []
    if tempo := analysis.tempo:
        found.append(_Heard("bpm", tempo.bpm, tempo.confidence, tempo.alternatives_bpm))
    if tonality := analysis.tonality:
        sure = tonality.confidence
        found.append(_Heard("key", tonality.key, sure, tonality.alternatives))
        found.append(_Heard("camelot", tonality.camelot, sure))
    if analysis.loudness_lufs is not None:
        found.append(_Heard("loudness_lufs", analysis.loudness_lufs, _MEASURED))
    if analysis.energy is not None:
        found.append(_Heard("energy", analysis.energy, _MEASURED))
    return [one for one in found if _fits(one)]


def _fits(heard: _Heard) -> bool:
    try:
        return parsed(Kind.RECORDING, heard.field, heard.value) == heard.value
    except InvalidInputError:
        return False


def _record(
    event: RecordingExtracted, stat: ObjectStat, claims: tuple[Claim, ...]
) -> SourceRecord:
    """Return what was heard; without claims, it says that nothing was.

    The record is staged all the same, since an earlier generation's falls with it.
    """
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=(f"id:{event.recording_id}",),
        source=SOURCE,
        origin=str(event.uri),
        origin_version=event.generation,
        claims=claims,
        received_at=stat.updated_at,
        raw={"sha256": _bytes_of(event)},
        batch=uuid5(_BATCHES, str(event.event_id)),
    )


def _is_overtaken(stored: Sequence[SourceRecord], generation: int) -> bool:
    """Return whether a newer generation is sound, and so has an event of its own."""
    return any(
        record.origin_version > generation
        and Claim("type", "SoundRecording") in record.claims
        for record in stored
    )


def _bytes_of(event: RecordingExtracted) -> str:
    named = (key.partition(":") for key in event.keys)
    return next((value for name, _, value in named if name == "sha256"), "")
