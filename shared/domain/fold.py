"""The catalog as a fold over staged records: which thing, what it adds up to.

A batch of records is folded in one transaction of a `Ledger`, which is what a database
offers to this module. Records whose keys overlap are about one thing. The result is a
function of the staged records alone: replaying them in the order of staging rebuilds
the same entities to the last byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.domain.claims import JsonValue, Kind, SourceRecord
from shared.domain.entities import Change, Entity, entity_id
from shared.domain.quality import quality
from shared.domain.resolve import resolve
from shared.domain.subjects import EXCLUSIVE, Key, held_keys, subject_key
from shared.domain.trust import DEFAULT_TRUST, Trust

Ref = tuple[Kind, UUID]


class Ledger(Protocol):
    """What folding asks of a transaction. Everything is of one tenant."""

    @property
    def tenant_id(self) -> str: ...

    def lock(self, keys: Sequence[Key]) -> None:
        """Hold *keys* until the transaction ends; others who ask for one wait."""
        ...

    def bound(self, keys: Sequence[Key]) -> Mapping[Key, UUID]:
        """Return the entity each key belongs to; unknown keys are left out."""
        ...

    def exclusive(self, kind: Kind, entity: UUID, namespace: str) -> frozenset[str]:
        """Return the keys of *namespace* that belong to an entity.

        Only asked for entities that held keys belong to.
        """
        ...

    def bind(self, keys: Sequence[Key], entity: UUID) -> None:
        """Make *keys* belong to an entity, wherever they belonged before."""
        ...

    def rebind(self, kind: Kind, losers: Sequence[UUID], survivor: UUID) -> None:
        """Make all keys of *losers* belong to *survivor*."""
        ...

    def unstaged(self, records: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
        """Return those of *records* that were not staged before."""
        ...

    def add(self, records: Sequence[SourceRecord]) -> None:
        """Stage *records*, numbered after all that were folded before them."""
        ...

    def sharing_origin(self, records: Sequence[SourceRecord]) -> frozenset[Ref]:
        """Return the entities that stop being what these origins said before.

        These are the ones that lower versions of an origin speak of, if the version
        in *records* is the first that is higher.
        """
        ...

    def standing(self, refs: Sequence[Ref]) -> Mapping[Ref, Sequence[SourceRecord]]:
        """Return each entity's records that no later version replaced."""
        ...

    def load(self, refs: Sequence[Ref]) -> Mapping[Ref, Entity]:
        """Return the entities that exist, tombstones included."""
        ...

    def save(self, changes: Sequence[Change]) -> None:
        """Write the entities as changed, and announce the changes."""
        ...


@dataclass(slots=True)
class _Touched:
    """The entities a batch has to fold again, and the record that caused it."""

    causes: dict[Ref, SourceRecord]
    merged: dict[Ref, UUID]

    def touch(self, ref: Ref, cause: SourceRecord) -> None:
        self.causes.setdefault(ref, cause)


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
    touched = _Touched({}, {})
    for record in new:
        touched.touch((record.kind, _identify(ledger, record, touched)), record)
    for ref in sorted(ledger.sharing_origin(new)):
        touched.touch(ref, new[0])
    # Numbered only while the entities are held: so the order of staging is, for each
    # entity, the order of folding, which is what makes a replay exact.
    ledger.lock([(kind, f"id:{entity}") for kind, entity in sorted(touched.causes)])
    ledger.add(new)
    changes = _refold(ledger, touched, trust)
    ledger.save(changes)
    return changes


def _identify(ledger: Ledger, record: SourceRecord, touched: _Touched) -> UUID:
    """Return the entity *record* is about, joining those its keys connect."""
    keys = [(record.kind, key) for key in record.keys]
    bound = dict(ledger.bound(keys))
    compatible = _compatible(ledger, record, bound)
    usable = [key for key in keys if bound.get(key) in (None, *compatible)]
    if not compatible:
        found = entity_id(
            ledger.tenant_id, record.kind, subject_key(record), record.received_at
        )
        ledger.bind([*usable, (record.kind, f"id:{found}")], found)
        return found
    survivor, *losers = compatible
    if losers:
        ledger.rebind(record.kind, losers, survivor)
        for loser in losers:
            touched.touch((record.kind, loser), record)
            touched.merged[record.kind, loser] = survivor
    missing = [key for key in usable if key not in bound]
    if missing:
        ledger.bind(missing, survivor)
    return survivor


def _compatible(
    ledger: Ledger, record: SourceRecord, bound: Mapping[Key, UUID]
) -> list[UUID]:
    """Return the entities *record* may join, oldest first (ids begin with their time).

    What its strongest key names comes first. An entity that carries another exclusive
    identifier than those accepted so far is left alone: two ISRCs, or two barcodes,
    are never merged silently.
    """
    namespace = EXCLUSIVE.get(record.kind)
    candidates = list(
        dict.fromkeys(
            bound[record.kind, key]
            for key in record.keys
            if (record.kind, key) in bound
        )
    )
    identifiers = {k for k in record.keys if k.partition(":")[0] == namespace}
    if namespace is None or (len(candidates) < 2 and not identifiers):
        return sorted(candidates)
    accepted: list[UUID] = []
    for candidate in candidates:
        others = ledger.exclusive(record.kind, candidate, namespace)
        if not identifiers or not others or others & identifiers:
            accepted.append(candidate)
            identifiers |= others if not identifiers else set()
    return sorted(accepted)


def _refold(ledger: Ledger, touched: _Touched, trust: Trust) -> tuple[Change, ...]:
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
    touched: _Touched,
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
