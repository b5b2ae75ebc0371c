"""The use case: a recording was heard; which others of the catalog sound the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.audio.duplicates import Match
from shared.domain.audio_features import AudioFeatures, best_of
from shared.domain.claims import JsonValue, Kind
from shared.domain.decisions import Outcome, ReviewItem
from shared.domain.entities import Entity
from shared.domain.findings import Finding, Level
from shared.domain.names import name_key
from shared.ports.analyses import Alike
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock

CONSUMER: Final = "enrich.duplicates"
SOURCE: Final = "audio-duplicates@v1"
FIELD: Final = "duplicate"

_CODE: Final = "LN-AUDIO-DUPLICATE"
_SAME_FROM: Final = 0.5
_SHIFTED_MS: Final = 500
_COMPARED: Final = 20
_LISTED: Final = 10
_SAME_LENGTH_MS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recording that sounds like another.

    Attributes:
        match: How the fingerprints compare.
        reasons: Why, in words.
    """

    recording_id: UUID
    match: Match
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "recording_id": str(self.recording_id),
            "probability": self.match.probability,
            "bit_error": self.match.bit_error,
            "offset_ms": self.match.offset_ms,
            "overlap_ms": self.match.overlap_ms,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class DuplicateFinder:
    """Finds recordings that are stored twice, by what they sound like.

    Attributes:
        compare: Returns how two compressed fingerprints compare.
        least_shared: So many terms must be shared for two to be compared.
    """

    catalog: Catalog
    clock: Clock
    compare: Callable[[str, str], Match]
    least_shared: int

    def check(self, tenant_id: str, recording_id: UUID, event_id: UUID) -> None:
        """List what sounds like a recording, at it and at each of the others.

        In a transaction of its own, after the one that made the recording's terms
        known: of two that come in at the same time, the later then sees the earlier.
        """
        with self.catalog.transaction(tenant_id) as tx:
            if not tx.first_sight(CONSUMER, event_id):
                return
            # In one order, so that two who list each other do not wait in turn.
            for concerned in sorted(self._concerned(tx, recording_id)):
                self._list(tx, concerned)

    def _concerned(self, tx: CatalogTransaction, recording_id: UUID) -> set[UUID]:
        """Return whose lists may change: nobody's, mostly."""
        entity = tx.entity(Kind.RECORDING, recording_id)
        before = {
            UUID(finding.value)
            for finding in tx.findings(Kind.RECORDING, recording_id)
            if finding.code == _CODE and finding.value
        }
        now = {c.recording_id for c in self._candidates(tx, entity)} if entity else ()
        others = before.union(now)
        return {recording_id, *others} if others else set()

    def _list(self, tx: CatalogTransaction, recording_id: UUID) -> None:
        entity = tx.entity(Kind.RECORDING, recording_id)
        if entity is None:
            return
        found = self._candidates(tx, entity)
        findings = [_finding(candidate) for candidate in found[:_LISTED]]
        tx.replace_findings(Kind.RECORDING, recording_id, SOURCE, findings)
        self._ask(tx, entity, found)

    def _candidates(self, tx: CatalogTransaction, entity: Entity) -> list[Candidate]:
        own = best_of(tx.audio_features(entity.id))
        if entity.deleted_at or own is None or not own.terms:
            return []
        nearest: dict[UUID, Candidate] = {}
        for alike in tx.alike(own, least=self.least_shared, limit=_COMPARED):
            candidate = self._compared(tx, entity, own, alike)
            known = nearest.get(alike.recording_id)
            if candidate and (known is None or _order(candidate) < _order(known)):
                nearest[alike.recording_id] = candidate
        return sorted(nearest.values(), key=_order)

    def _compared(
        self,
        tx: CatalogTransaction,
        entity: Entity,
        own: AudioFeatures,
        alike: Alike,
    ) -> Candidate | None:
        prints = [f.document.get("fingerprint") for f in (own, alike.features)]
        if not all(prints):
            return None
        found = self.compare(str(prints[0]), str(prints[1]))
        other = tx.entity(Kind.RECORDING, alike.recording_id)
        if found.probability < _SAME_FROM or other is None or other.deleted_at:
            return None
        reasons = (
            *_sound(found),
            *_reasons(entity, other, own, alike.features),
        )
        return Candidate(alike.recording_id, found, reasons)

    def _ask(
        self, tx: CatalogTransaction, entity: Entity, found: list[Candidate]
    ) -> None:
        for item in tx.reviews(Kind.RECORDING, entity.id):
            if item.source == SOURCE and not found:
                tx.decide_review(item, Outcome.SUPERSEDED, "")
        if found:
            tx.open_review(
                ReviewItem(
                    tenant_id=tx.tenant_id,
                    kind=Kind.RECORDING,
                    entity_id=entity.id,
                    field=FIELD,
                    value=found[0].to_json(),
                    source=SOURCE,
                    confidence=found[0].match.probability,
                    reason="another recording sounds the same",
                    created_at=self.clock.now(),
                    alternatives=tuple(c.to_json() for c in found[1:_LISTED]),
                )
            )


def _finding(candidate: Candidate) -> Finding:
    return Finding(
        code=_CODE,
        level=Level.WARNING,
        field=FIELD,
        message="another recording sounds the same: " + "; ".join(candidate.reasons),
        fix="join the two if they are one recording, or dismiss the question if not",
        value=str(candidate.recording_id),
    )


def _order(candidate: Candidate) -> tuple[float, float, UUID]:
    """Surest first, then nearest."""
    match = candidate.match
    return (-match.probability, match.bit_error, candidate.recording_id)


def _sound(match: Match) -> Iterable[str]:
    yield f"{match.bit_error:.1%} of the fingerprints' bits differ"
    if match.matched < 1:
        yield f"{match.matched:.0%} of what both have agrees"
    if abs(match.offset_ms) > _SHIFTED_MS:
        yield f"one begins {abs(match.offset_ms) / 1000:.1f} s later"


def _reasons(
    entity: Entity, other: Entity, own: AudioFeatures, theirs: AudioFeatures
) -> Iterable[str]:
    lengths = [f.document.get("duration_ms") for f in (own, theirs)]
    if isinstance(lengths[0], int) and isinstance(lengths[1], int):
        apart_ms = abs(lengths[0] - lengths[1])
        if apart_ms <= _SAME_LENGTH_MS:
            yield "they are equally long"
        else:
            yield f"one is {apart_ms / 1000:.0f} s longer, perhaps another edit"
    titles = [name_key(str(e.values.get("title", ""))) for e in (entity, other)]
    if titles[0] and titles[0] == titles[1]:
        yield "they have the same title"
    isrcs = [e.values.get("isrc") for e in (entity, other)]
    if all(isrcs) and isrcs[0] != isrcs[1]:
        yield "they have different ISRCs"
