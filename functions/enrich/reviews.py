"""Which values wait for a person, and which no longer do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.domain.claims import Kind
from shared.domain.decisions import REVIEW_BELOW, Outcome, ReviewItem
from shared.domain.entities import Entity
from shared.domain.trust import source_family
from shared.ports.catalog import CatalogTransaction

from .hearing import Heard

_MODELS: Final = frozenset({"audio-analysis", "audio-model", "audio-trial"})
# Camelot says what the key says: whoever decides about the key decides about both.
_FOLLOWING: Final = frozenset({"camelot"})


def ask(
    tx: CatalogTransaction,
    recording_id: UUID,
    said: Mapping[str, Sequence[Heard]],
    now: datetime,
) -> None:
    """Put unsure values before a person, and take back what is no longer unsure.

    Asked is about a value that the catalog shows, and about a field that it would
    show nothing in.

    Args:
        said: What was heard, by source.
    """
    entity = tx.entity(Kind.RECORDING, recording_id)
    if entity is None or entity.deleted_at:
        return
    for item in tx.reviews(Kind.RECORDING, recording_id):
        if source_family(item.source) in _MODELS and not _is_open(entity, item):
            tx.decide_review(item, Outcome.SUPERSEDED, "")
    for source, heard in said.items():
        for one in heard:
            if _is_unsure(entity, source, one):
                tx.open_review(_item(entity, source, one, now))


def _is_unsure(entity: Entity, source: str, heard: Heard) -> bool:
    if heard.confidence >= REVIEW_BELOW or heard.field in _FOLLOWING:
        return False
    if source_family(source) == "audio-trial":
        return False
    return _speaker(entity, heard.field) in (None, source)


def _is_open(entity: Entity, item: ReviewItem) -> bool:
    speaker = _speaker(entity, item.field)
    if speaker is None:
        return True
    return speaker == item.source and entity.values.get(item.field) == item.value


def _speaker(entity: Entity, field: str) -> str | None:
    """Return the source of a field's value; None where it has none."""
    why = entity.provenance.get(field)
    return str(why.get("source")) if isinstance(why, dict) else None


def _item(entity: Entity, source: str, heard: Heard, now: datetime) -> ReviewItem:
    return ReviewItem(
        tenant_id=entity.tenant_id,
        kind=Kind.RECORDING,
        entity_id=entity.id,
        field=heard.field,
        value=heard.value,
        source=source,
        confidence=heard.confidence,
        reason="the analysis is not sure",
        created_at=now,
        alternatives=heard.alternatives,
    )
