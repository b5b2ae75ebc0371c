"""How an entry came to be, record by record, and the way back to how it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord, canonical_json
from shared.domain.errors import ConflictError, NotFoundError
from shared.domain.fields import FIELDS
from shared.domain.resolve import Resolution, resolve, standing


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What one record made of a field; None where there was, or is, no value."""

    before: JsonValue
    after: JsonValue

    def to_json(self) -> dict[str, JsonValue]:
        return {"from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class Step:
    """One record, and what the entry was once it had been folded.

    Attributes:
        version: Of the entry afterwards; None where that cannot be told, because
            two entries were merged.
        replaced: A later version of its origin took its place.
    """

    record: SourceRecord
    version: int | None
    changed: dict[str, FieldChange]
    replaced: bool

    def to_json(self) -> dict[str, JsonValue]:
        record = self.record
        return {
            "record_id": str(record.record_id),
            "actor": record.source,
            "origin": record.origin,
            "origin_version": record.origin_version,
            "at": record.received_at.isoformat(),
            "keys": list(record.keys),
            "claims": [
                {
                    "field": claim.field,
                    "value": claim.value,
                    "confidence": claim.confidence,
                    "locked": claim.locked,
                    "withdrawn": claim.withdrawn,
                }
                for claim in record.claims
            ],
            "version": self.version,
            "replaced": self.replaced,
            "changed": {n: change.to_json() for n, change in self.changed.items()},
        }


def steps(records: Sequence[SourceRecord], version: int) -> list[Step]:
    """Return how *records*, all about one entry in order, made it what it is.

    Args:
        version: The entry's version now. Folding the same records again counts up to
            it, unless entries were merged on the way.
    """
    counted = _versions(records)
    known = counted[-1:] == [version]
    stands = {record.record_id for record in standing(records)}
    found = []
    values: dict[str, JsonValue] = {}
    for index, record in enumerate(records):
        after = dict(_state(records[: index + 1]).values)
        found.append(
            Step(
                record,
                counted[index] if known else None,
                _difference(values, after),
                record.record_id not in stands,
            )
        )
        values = after
    return found


def _versions(records: Sequence[SourceRecord]) -> list[int]:
    counted: list[int] = []
    version = folded = 0
    before = ""
    for _, batch in groupby(records, lambda r: r.batch or r.record_id):
        size = len(list(batch))
        folded += size
        after = _fingerprint(_state(records[:folded]))
        version += after != before
        counted.extend([version] * size)
        before = after
    return counted


def _state(records: Iterable[SourceRecord]) -> Resolution:
    return resolve(standing(records))


def _fingerprint(state: Resolution) -> str:
    why = {name: reason.to_json() for name, reason in state.provenance.items()}
    return canonical_json([dict(state.values), why])


def _difference(
    before: dict[str, JsonValue], after: dict[str, JsonValue]
) -> dict[str, FieldChange]:
    return {
        name: FieldChange(before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def up_to_version(
    records: Sequence[SourceRecord], now: int, wanted: int
) -> Sequence[SourceRecord]:
    """Return the records that made version *wanted*.

    Raises:
        NotFoundError: The entry never had that version.
        ConflictError: Entries were merged, so versions cannot be told apart.
    """
    counted = _versions(records)
    if counted[-1:] != [now]:
        raise ConflictError(
            "versions cannot be told apart after a merge; name a record", version=now
        )
    if wanted not in counted:
        raise NotFoundError("the entry never had this version", version=wanted)
    return records[: len(counted) - counted[::-1].index(wanted)]


def up_to_record(
    records: Sequence[SourceRecord], wanted: UUID
) -> Sequence[SourceRecord]:
    """Return *wanted* and what came before it, or raise NotFoundError."""
    for index, record in enumerate(records):
        if record.record_id == wanted:
            return records[: index + 1]
    raise NotFoundError("no such record about this entry", record_id=wanted)


def before_last_word(
    records: Sequence[SourceRecord], field: str
) -> Sequence[SourceRecord]:
    """Return the records before a person last spoke of *field*; all if none did."""
    for index in range(len(records) - 1, -1, -1):
        record = records[index]
        if record.is_by_person and any(c.field == field for c in record.claims):
            return records[:index]
    return records


def claim_back(
    kind: Kind,
    field: str,
    records: Sequence[SourceRecord],
    point: Sequence[SourceRecord],
) -> Claim | None:
    """Return the claim that brings *field* back to what it was at *point*.

    Where other sources alone give that value, people's word is withdrawn, so that the
    field follows them again. None where nothing has to, or can, be said: a value that
    sources brought since cannot be made to vanish.
    """
    now, was = _state(records), _state(point)
    if not FIELDS[kind][field].editable:
        return None
    if now.values.get(field) == was.values.get(field):
        return None
    others = resolve(r for r in standing(records) if not r.is_by_person)
    if field in was.values and was.values[field] != others.values.get(field):
        return Claim(field, was.values[field], locked=True)
    if now.values.get(field) != others.values.get(field):
        return Claim(field, None, withdrawn=True)
    return None


def fields_of(records: Sequence[SourceRecord]) -> list[str]:
    """Return every field that *records* speak of, sorted."""
    return sorted({claim.field for record in records for claim in record.claims})


def alternatives(records: Sequence[SourceRecord]) -> dict[str, list[JsonValue]]:
    """Return per field what each standing record says, the newest first."""
    found: dict[str, list[JsonValue]] = {}
    for record in sorted(records, key=lambda r: r.received_at, reverse=True):
        for claim in record.claims:
            found.setdefault(claim.field, []).append(
                {
                    "value": claim.value,
                    "source": record.source,
                    "record_id": str(record.record_id),
                    "origin": record.origin,
                    "at": record.received_at.isoformat(),
                    "confidence": claim.confidence,
                    "locked": claim.locked,
                    "withdrawn": claim.withdrawn,
                }
            )
    return found
