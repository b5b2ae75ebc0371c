"""The catalog as a fold over staged records: which thing, what it adds up to.

A batch of records is folded in one transaction of a `Ledger`, which is what a database
offers to this module. Records whose keys overlap are about one thing. The result is a
function of the staged records alone: replaying them in the order of staging rebuilds
the same entities to the last byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.domain.claims import JsonValue, SourceRecord
from shared.domain.entities import Change, Entity
from shared.domain.identity import Touched, identified
from shared.domain.ledger import Ledger, Ref
from shared.domain.quality import quality
from shared.domain.resolve import resolve
from shared.domain.subjects import held_keys
from shared.domain.trust import DEFAULT_TRUST, Trust


def fold(
    ledger: Ledger, records: Sequence[SourceRecord], trust: Trust = DEFAULT_TRUST
) -> tuple[Change, ...]:
    """Stage *records* and bring every entity they touch up to date.

    Records staged before are left out, so delivering a batch twice changes nothing.

    Returns:
        What changed, entities in a fixed order; empty if nothing was new.
    """
    ledger.lock(sorted({key for record in records for key in held_keys(record)}))
    new = ledger.unstaged(records)
    if not new:
        return ()
    touched = Touched({}, {})
    for record in new:
        touched.touch((record.kind, identified(ledger, record, touched)), record)
    for ref in sorted(ledger.sharing_origin(new)):
        touched.touch(ref, new[0])
    # Numbered only while the entities are held: so the order of staging is, for each
    # entity, the order of folding, which is what makes a replay exact.
    ledger.lock([(kind, f"id:{entity}") for kind, entity in sorted(touched.causes)])
    ledger.add(new)
    changes = _refold(ledger, touched, trust)
    ledger.save(changes)
    return changes


def _refold(ledger: Ledger, touched: Touched, trust: Trust) -> tuple[Change, ...]:
    refs = sorted(touched.causes)
    before = ledger.load(refs)
    records = ledger.standing(refs)
    changes = (
        _change(
            ledger.tenant_id,
            ref,
            before.get(ref),
            records.get(ref, ()),
            touched,
            trust,
        )
        for ref in refs
    )
    return tuple(change for change in changes if change is not None)


def _change(
    tenant_id: str,
    ref: Ref,
    before: Entity | None,
    records: Sequence[SourceRecord],
    touched: Touched,
    trust: Trust,
) -> Change | None:
    cause = touched.causes[ref]
    at = max(cause.received_at, before.updated_at) if before else cause.received_at
    if not records:
        return _tombstone(before, touched.merged.get(ref), cause, at)
    resolution = resolve(records, trust)
    provenance = {name: why.to_json() for name, why in resolution.provenance.items()}
    after = Entity(
        tenant_id=tenant_id,
        kind=ref[0],
        id=ref[1],
        version=before.version + 1 if before else 1,
        values=resolution.values,
        provenance=provenance,
        quality=quality(ref[0], resolution),
        created_at=before.created_at if before else at,
        updated_at=at,
    )
    if before and not before.deleted_at and _same(before, after):
        return None
    action = "updated" if before and not before.deleted_at else "created"
    return Change(after, _changed(before, after), action, cause.source, at=at)


def _tombstone(
    before: Entity | None, survivor: UUID | None, cause: SourceRecord, at: datetime
) -> Change | None:
    if before is None or before.deleted_at:
        return None
    gone = replace(
        before,
        version=before.version + 1,
        values={},
        provenance={},
        quality=0.0,
        updated_at=at,
        deleted_at=at,
        merged_into=survivor,
    )
    action = "merged" if survivor else "deleted"
    return Change(gone, tuple(sorted(before.values)), action, cause.source, at=at)


def _same(before: Entity, after: Entity) -> bool:
    return (
        before.values == after.values
        and before.provenance == after.provenance
        and before.quality == after.quality
    )


def _changed(before: Entity | None, after: Entity) -> tuple[str, ...]:
    if before is None:
        return tuple(sorted(after.values))
    names = {*before.values, *after.values}
    return tuple(
        sorted(
            name
            for name in names
            if before.values.get(name) != after.values.get(name)
            or _held_by(before.provenance.get(name))
            != _held_by(after.provenance.get(name))
        )
    )


def _held_by(why: JsonValue) -> tuple[JsonValue, ...]:
    if not isinstance(why, dict):
        return ()
    return tuple(why.get(part) for part in ("source", "confidence", "locked"))


def in_batches(records: Iterable[SourceRecord]) -> list[list[SourceRecord]]:
    """Return staged records, given in the order of staging, as they were folded."""
    batches: dict[object, list[SourceRecord]] = {}
    for record in records:
        batches.setdefault(record.batch or record.record_id, []).append(record)
    return list(batches.values())
