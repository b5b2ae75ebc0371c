"""Building a tenant's catalog again from what was staged, to the last byte."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from shared.adapters.outgoing import Pending
from shared.adapters.postgres.administration import act_for
from shared.adapters.postgres.advisory import writers_lock
from shared.adapters.postgres.entity_rows import all_entities
from shared.adapters.postgres.errors import translated
from shared.adapters.postgres.feature_rows import rebuild_features
from shared.adapters.postgres.ledger import PostgresLedger
from shared.adapters.postgres.rows import RECORD_COLUMNS, record_of
from shared.domain.claims import Kind, SourceRecord
from shared.domain.entities import Entity, content_digest, exact_digest
from shared.domain.fold import fold
from shared.domain.ledger import Ref

_STAGED = sa.text(f"""
    SELECT r.seq, {RECORD_COLUMNS} FROM source_record r
    JOIN (SELECT batch AS of, min(seq) AS first FROM source_record
          WHERE tenant_id = :tenant GROUP BY batch) AS b ON b.of = r.batch
    WHERE r.tenant_id = :tenant ORDER BY b.first, r.seq
""")  # noqa: S608 - the columns are ours
_CLEARED = ("source_mapping", "credit", *Kind)
_TOLD_AT_MOST = 20


class HasEntities(Protocol):
    """Any catalog that can list all it has."""

    def entities(self, tenant_id: str) -> list[Entity]: ...


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay found.

    Attributes:
        exact_before, exact_after: `exact_digest` of the catalog as it was, and as
            rebuilt.
        differences: `kind/id` of entries that are not the same, at most 20.
        is_kept: The rebuilt catalog is now the catalog.
    """

    exact_before: str
    exact_after: str
    records: int
    batches: int
    entities: int
    differences: tuple[str, ...]
    is_kept: bool

    @property
    def is_exact(self) -> bool:
        return self.exact_before == self.exact_after


def digest(catalog: HasEntities, tenant_id: str) -> tuple[str, str]:
    """Return a tenant's content digest and exact digest (`domain.entities`)."""
    entities = catalog.entities(tenant_id)
    return content_digest(entities), exact_digest(entities)


def replay(
    engine_admin: sa.Engine, tenant_id: str, *, accept: bool = False
) -> ReplayReport:
    """Fold all that *tenant_id* staged again, from nothing, in the order of staging.

    Kept if it comes out as it was, or if *accept* is set; undone otherwise. Nothing is
    announced. It waits for the tenant's transactions, and they for it, as long as they
    wait for locks; then they fail as transient.
    """
    with translated(), engine_admin.connect() as connection, connection.begin() as work:
        act_for(connection, tenant_id)
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(CAST(:lock AS bigint))"),
            {"lock": writers_lock(tenant_id)},
        )
        before = all_entities(connection, tenant_id)
        for table in _CLEARED:
            connection.execute(
                sa.text(f"DELETE FROM {table} WHERE tenant_id = :tenant"),  # noqa: S608 - the tables are ours
                {"tenant": tenant_id},
            )
        batches = _fold_all(connection, tenant_id)
        rebuild_features(connection, tenant_id)
        after = all_entities(connection, tenant_id)
        differences = _differences(before, after)
        is_kept = accept or not differences
        if not is_kept:
            work.rollback()
    return ReplayReport(
        exact_before=exact_digest(before),
        exact_after=exact_digest(after),
        records=sum(batches),
        batches=len(batches),
        entities=len(after),
        differences=tuple(differences[:_TOLD_AT_MOST]),
        is_kept=is_kept,
    )


def _fold_all(connection: sa.Connection, tenant_id: str) -> list[int]:
    """Return the size of each batch, once all are folded."""
    sizes: list[int] = []
    for first, last, records in _batches(connection, tenant_id):
        fold(_Replaying(connection, tenant_id, first, last), records)
        sizes.append(len(records))
    return sizes


class _Replaying(PostgresLedger):
    """Sees staging as it was when one batch was folded, and adds nothing to it."""

    def __init__(
        self, connection: sa.Connection, tenant_id: str, first: int, last: int
    ) -> None:
        super().__init__(connection, tenant_id, Pending())
        self._first = first
        self._last = last

    def unstaged(self, records: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
        return records

    def add(self, records: Sequence[SourceRecord]) -> None:
        self._mapping.write()

    def sharing_origin(self, records: Sequence[SourceRecord]) -> frozenset[Ref]:
        return self._fallen(records, before=self._first - 1)

    def standing(self, refs: Sequence[Ref]) -> Mapping[Ref, Sequence[SourceRecord]]:
        return self._standing(refs, horizon=self._last)


def _batches(
    connection: sa.Connection, tenant_id: str
) -> Iterator[tuple[int, int, list[SourceRecord]]]:
    """Yield the first and last number of each batch, and its records, in order."""
    rows = connection.execute(_STAGED, {"tenant": tenant_id}).all()
    start = 0
    for place, row in enumerate(rows):
        is_last = place + 1 == len(rows) or rows[place + 1].batch != row.batch
        if is_last:
            records = [record_of(found) for found in rows[start : place + 1]]
            yield rows[start].seq, row.seq, records
            start = place + 1


def _differences(before: list[Entity], after: list[Entity]) -> list[str]:
    found = {f"{e.kind}/{e.id}": _exactly(e) for e in before}
    made = {f"{e.kind}/{e.id}": _exactly(e) for e in after}
    names = sorted({*found, *made})
    return [name for name in names if found.get(name) != made.get(name)]


def _exactly(entity: Entity) -> str:
    return exact_digest([entity])
