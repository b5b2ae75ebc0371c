"""What folding asks of a database, as a protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from shared.domain.claims import Kind, SourceRecord
from shared.domain.entities import Change, Entity
from shared.domain.subjects import Key

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
