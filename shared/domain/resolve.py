"""From claims to one value per field, and why: one pure function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from shared.domain.claims import Claim, JsonValue, SourceRecord, canonical_json
from shared.domain.trust import DEFAULT_TRUST, ON_TRIAL, Trust, source_version

TIMELESS = datetime.min.replace(tzinfo=UTC)
"""When a statement without versions was made, as far as recency goes."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why a field has its value.

    Attributes:
        source: Who is believed.
        record_id: The staged record that says so.
        at: When its origin came in.
        confidence: How sure that source is, from 0 to 1.
        locked: A person fixed the value.
        agreeing: Standing records that say the same, this one included.
        differing: Standing records that say something else.
    """

    source: str
    record_id: UUID
    at: datetime
    confidence: float
    locked: bool
    agreeing: int
    differing: int

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "source": self.source,
            "record_id": str(self.record_id),
            "at": self.at.isoformat(),
            "confidence": self.confidence,
            "locked": self.locked,
            "agreeing": self.agreeing,
            "differing": self.differing,
        }


@dataclass(frozen=True, slots=True)
class Resolution:
    """One value per field, and the reason of each; both have the same fields."""

    values: Mapping[str, JsonValue]
    provenance: Mapping[str, Provenance]


@dataclass(frozen=True, slots=True)
class _Said:
    """A claim in its record; what takes hashing and writing out is done once.

    Attributes:
        text: The claim's value, canonical.
        id: The record's id.
    """

    claim: Claim
    record: SourceRecord
    text: str
    id: UUID

    def order(self, trust: Trust) -> tuple[bool, int, float, datetime, str, str]:
        # The last two only decide between claims that are otherwise equal, so that
        # the answer never depends on the order in which records arrived.
        return (
            self.claim.locked,
            trust.rank(self.claim.field, self.record.source),
            self.claim.confidence,
            TIMELESS if self.record.is_timeless else self.record.received_at,
            self.text,
            str(self.id),
        )


def standing(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    """Return the records that no later version of their own origin has replaced."""
    found = list(records)
    latest: dict[tuple[str, str], int] = {}
    for record in found:
        origin = (record.source, record.origin)
        latest[origin] = max(latest.get(origin, 0), record.origin_version)
    return [r for r in found if r.origin_version == latest[r.source, r.origin]]


def newest_versions(records: Iterable[SourceRecord]) -> list[SourceRecord]:
    """Return *records* without what a newer version of its own source said anew.

    `audio-analysis@v3` of a file takes the place of `audio-analysis@v2` of that file:
    what is staged stays, but an older version no longer argues with the newer. What
    models on trial say is kept to be compared, and decides nothing.
    """
    found = [r for r in records if not r.source.startswith(ON_TRIAL)]
    latest: dict[tuple[str, str], int] = {}
    for record in found:
        if "@" in record.source:
            name, version = source_version(record.source)
            of = (name, record.origin)
            latest[of] = max(latest.get(of, 0), version)
    if not latest:
        return found
    return [r for r in found if "@" not in r.source or _is_latest(r, latest)]


def _is_latest(record: SourceRecord, latest: Mapping[tuple[str, str], int]) -> bool:
    name, version = source_version(record.source)
    return version == latest[name, record.origin]


def resolve(
    records: Iterable[SourceRecord], trust: Trust = DEFAULT_TRUST
) -> Resolution:
    """Return what *records* add up to.

    For each field the locked claim of a person wins, then the source that *trust*
    ranks highest for the field, then confidence, then recency. Of what people said
    of a field, only the newest word counts; where that withdraws, none does. Of what
    versions of one source said of one origin, the newest version counts.

    Args:
        records: Standing records about one thing, in any order, repeats allowed.
        trust: Whom to believe about what.
    """
    by_field: dict[str, dict[tuple[UUID, str], _Said]] = {}
    # The same words may have come again: they count from when they first came.
    told = newest_versions(records)
    for record in sorted(told, key=lambda r: r.received_at, reverse=True):
        record_id = record.record_id
        for claim in record.claims:
            said = _Said(claim, record, canonical_json(claim.value), record_id)
            by_field.setdefault(claim.field, {})[record_id, said.text] = said
    values: dict[str, JsonValue] = {}
    provenance: dict[str, Provenance] = {}
    for name in sorted(by_field):
        candidates = _eligible(list(by_field[name].values()))
        if candidates:
            winner = max(candidates, key=lambda said: said.order(trust))
            values[name] = winner.claim.value
            provenance[name] = _explain(winner, candidates)
    return Resolution(values, provenance)


def _eligible(said: list[_Said]) -> list[_Said]:
    by_people = [s for s in said if s.record.is_by_person]
    if not by_people:
        return said
    newest = max(by_people, key=_recency)
    others = [s for s in said if not s.record.is_by_person]
    return others if newest.claim.withdrawn else [*others, newest]


def _recency(said: _Said) -> tuple[datetime, int, str]:
    record = said.record
    return (record.received_at, record.origin_version, str(said.id))


def _explain(winner: _Said, candidates: list[_Said]) -> Provenance:
    agreeing = sum(said.text == winner.text for said in candidates)
    return Provenance(
        source=winner.record.source,
        record_id=winner.id,
        at=winner.record.received_at,
        confidence=winner.claim.confidence,
        locked=winner.claim.locked,
        agreeing=agreeing,
        differing=len(candidates) - agreeing,
    )
