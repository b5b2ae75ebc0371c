"""The use case: a recording's file came in; what is heard in it enters the catalog."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
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

CONSUMER: Final = "enrich"
SOURCE: Final = f"audio-analysis@{VERSION}"

_BATCHES: Final = UUID("3a0f8a2e-6f0b-5c53-a2f4-ef7a1f3f2c21")
# Loudness is measured, not guessed; what no file says differently is certain.
_MEASURED: Final = 1.0


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
        analyse: Returns what is heard in a file.
        relay: Called with a tenant after each commit.
        listens: False where only what files say is wanted.
    """

    catalog: Catalog
    uploads: ObjectStore
    clock: Clock
    analyse: Callable[[Path], Analysis]
    relay: Callable[[str], object]
    listens: bool = True

    def enrich(self, event: RecordingExtracted) -> None:
        """Add what is heard in the recording's file, once per bytes and analyser.

        A file that cannot be decoded is no failure: what its tags say stands, and
        the upload shows that it was passed over.
        """
        if event.uri is None or not self.listens:
            return
        sha256 = self._to_hear(event)
        if sha256 is None:
            return
        try:
            analysis, stat = self._listen(event)
        except (UnreadableFileError, NotFoundError):
            analysis, stat = None, None
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, event.event_id):
                return
            if analysis and stat:
                self._add(tx, event, stat, _heard(analysis), sha256)
            self._mark(tx, event)
        self.relay(event.tenant_id)

    def _to_hear(self, event: RecordingExtracted) -> str | None:
        """Return the digest of the bytes to listen to; None if they were heard."""
        with self.catalog.transaction(event.tenant_id) as tx:
            stored = tx.staged("file", str(event.uri))
            if any(record.origin_version > event.generation for record in stored):
                return None  # A newer generation has an event of its own.
            sha256 = _bytes_of(stored)
            heard = {
                record.raw.get("sha256")
                for record in tx.records(Kind.RECORDING, event.recording_id)
                if record.source == SOURCE
            }
            if sha256 not in heard:
                return sha256
            if tx.first_sight(CONSUMER, event.event_id):
                self._mark(tx, event)
        self.relay(event.tenant_id)
        return None

    def _listen(self, event: RecordingExtracted) -> tuple[Analysis, ObjectStat]:
        name = str(event.uri).removeprefix(f"{self.uploads.base_uri}/")
        stat = self.uploads.stat(name, generation=event.generation)
        with tempfile.TemporaryDirectory(prefix="linernotes-") as folder:
            path = Path(folder, name.rpartition("/")[2])
            with path.open("wb") as file:
                for chunk in self.uploads.read(name, generation=event.generation):
                    file.write(chunk)
            return self.analyse(path), stat

    def _add(
        self,
        tx: CatalogTransaction,
        event: RecordingExtracted,
        stat: ObjectStat,
        heard: Sequence[_Heard],
        sha256: str,
    ) -> None:
        record = SourceRecord(
            kind=Kind.RECORDING,
            keys=(f"id:{event.recording_id}",),
            source=SOURCE,
            origin=str(event.uri),
            origin_version=event.generation,
            claims=tuple(
                Claim(h.field, h.value, h.confidence)
                for h in sorted(heard, key=lambda h: h.field)
            ),
            received_at=stat.updated_at,
            raw={"sha256": sha256},
            batch=uuid5(_BATCHES, str(event.event_id)),
        )
        tx.stage([record])
        self._ask(tx, event.recording_id, heard)

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


def _bytes_of(records: Sequence[SourceRecord]) -> str:
    return next(
        (
            str(claim.value)
            for record in records
            if record.kind is Kind.RESOURCE and f"object:{record.origin}" in record.keys
            for claim in record.claims
            if claim.field == "sha256"
        ),
        "",
    )
