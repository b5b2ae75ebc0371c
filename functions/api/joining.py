"""Two recordings that are one: a person says so, and they are folded into one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shared.domain.claims import Kind, SourceRecord
from shared.domain.decisions import Outcome, ReviewItem
from shared.domain.errors import ConflictError
from shared.ports.catalog import CatalogTransaction

from .editing import Once, after, living
from .operations import Call

FIELD: Final = "duplicate"

_CODE: Final = "LN-AUDIO-DUPLICATE"


def join(call: Call, tx: CatalogTransaction, item: ReviewItem, request: Once) -> UUID:
    """Join the two recordings that *item* is about; return the one that is left.

    Raises:
        GoneError: One of them is a tombstone by now.
        ConflictError: They have different ISRCs, which say that they are two.
    """
    other_id = _other(item)
    one, other = (
        living(tx, Kind.RECORDING, entity) for entity in (item.entity_id, other_id)
    )
    record = SourceRecord(
        kind=Kind.RECORDING,
        keys=(f"id:{one.id}", f"id:{other.id}"),
        source=call.caller.source,
        origin=request.origin,
        origin_version=1,
        claims=(),
        received_at=max(after(one, call.now()), after(other, call.now())),
        raw={"decision": "join", "name": call.caller.name},
    )
    tx.stage([record])
    left = {tx.find(Kind.RECORDING, key) for key in record.keys}
    if len(left) > 1:
        raise ConflictError(
            "different ISRCs say that they are two; correct one of them first",
            isrcs=[e.values.get("isrc") for e in (one, other)],
        )
    _settle(call, tx, (one.id, other.id))
    return left.pop() or one.id


def _other(item: ReviewItem) -> UUID:
    value = item.value if isinstance(item.value, dict) else {}
    return UUID(str(value.get("recording_id")))


def _settle(call: Call, tx: CatalogTransaction, joined: tuple[UUID, UUID]) -> None:
    """Take back what was asked and found about the two as two."""
    told = {str(entity) for entity in joined}
    for entity in joined:
        for item in tx.reviews(Kind.RECORDING, entity):
            if item.field == FIELD and str(_other(item)) in told:
                tx.decide_review(item, Outcome.ACCEPTED, call.caller.source)
        found = [f for f in tx.findings(Kind.RECORDING, entity) if f.code == _CODE]
        kept = [finding for finding in found if finding.value not in told]
        tx.replace_findings(Kind.RECORDING, entity, "audio-duplicates@v1", kept)
