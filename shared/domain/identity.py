"""Which thing a record is about, whatever the order in which records come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.domain.claims import SourceRecord
from shared.domain.entities import entity_id
from shared.domain.ledger import Ledger, Ref
from shared.domain.subjects import (
    CLAIMED,
    EXCLUSIVE,
    Key,
    claim_of,
    dispute_of,
    subject_key,
)


@dataclass(slots=True)
class Touched:
    """The entities a batch has to fold again, and the record that caused it."""

    causes: dict[Ref, SourceRecord]
    merged: dict[Ref, UUID]

    def touch(self, ref: Ref, cause: SourceRecord) -> None:
        self.causes.setdefault(ref, cause)


def identified(ledger: Ledger, record: SourceRecord, touched: Touched) -> UUID:
    """Return the entity that *record* is about; join or part others as it demands.

    Releases and parties share names and places with others of their kind. There, a
    record with an identifier (barcode, ISNI) is about what has it, and claims its
    other keys for that; a record without is about what its strongest key means: the
    one thing that claims it, or, where none or several do, a thing of its own.
    """
    if record.kind not in CLAIMED:
        return _joined(ledger, record, touched)
    subject = (record.kind, subject_key(record))
    known = ledger.bound([subject]).get(subject)
    entity = known or _new(ledger, record, subject, touched)
    namespace = EXCLUSIVE[record.kind]
    if subject[1].startswith(f"{namespace}:"):
        for key in record.keys:
            if not key.startswith(f"{namespace}:"):
                _claim(ledger, record, key, entity, touched)
    return entity


def _new(ledger: Ledger, record: SourceRecord, subject: Key, touched: Touched) -> UUID:
    made = entity_id(ledger.tenant_id, *subject, record.received_at)
    ledger.bind([subject, (record.kind, f"id:{made}")], made)
    touched.touch((record.kind, made), record)
    return made


def _claim(
    ledger: Ledger, record: SourceRecord, key: str, entity: UUID, touched: Touched
) -> None:
    """Let *entity* claim *key*; where another does already, it becomes nobody's."""
    shared, claim, dispute = (
        (record.kind, name) for name in (key, claim_of(key), dispute_of(key))
    )
    bound = ledger.bound([shared, claim, dispute])
    if dispute in bound or bound.get(claim) == entity:
        return
    if claim in bound:
        ledger.bind([dispute], entity)
        touched.touch((record.kind, bound[claim]), record)
        _new(ledger, record, shared, touched)
        return
    ledger.bind([claim], entity)
    holder = bound.get(shared)
    if holder is None:
        ledger.bind([shared], entity)
    elif holder != entity:
        ledger.rebind(record.kind, [holder], entity)
        touched.touch((record.kind, holder), record)
        touched.merged[record.kind, holder] = entity


def _joined(ledger: Ledger, record: SourceRecord, touched: Touched) -> UUID:
    """Return the entity of *record*, joining those its keys connect."""
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
