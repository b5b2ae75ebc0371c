"""Findings, review items and exports as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.adapters.outgoing import Pending, findings_mirror
from shared.adapters.postgres import tables
from shared.adapters.postgres.advisory import key_lock
from shared.adapters.postgres.json_text import json_text
from shared.adapters.postgres.rows import export_of, finding_of, review_of
from shared.domain.claims import JsonValue, Kind
from shared.domain.decisions import Export, Outcome, ReviewItem
from shared.domain.findings import Finding

# Read while they are held: so who writes later has the higher version.
_NOW = sa.text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)")
_HOLD = sa.text("SELECT pg_advisory_xact_lock(CAST(:number AS bigint))")
_OF_PRODUCER = """
    WHERE tenant_id = :tenant AND kind = :kind AND entity_id = CAST(:entity AS uuid)
      AND producer = :producer
"""
_TOLD = sa.text(f"SELECT * FROM finding {_OF_PRODUCER} ORDER BY sequence")  # noqa: S608 - ours
_UNTELL = sa.text(f"DELETE FROM finding {_OF_PRODUCER}")  # noqa: S608 - ours
_TELL = sa.text("""
    INSERT INTO finding (tenant_id, kind, entity_id, producer, sequence, code, level,
      field, message, fix, place, value)
    SELECT :tenant, :kind, CAST(:entity AS uuid), :producer, f.*
    FROM jsonb_to_recordset(CAST(:findings AS jsonb)) AS f (sequence integer,
      code text, level text, field text, message text, fix text, place text,
      value text)
""")


class DecisionRows:
    """The part of a transaction that is about decisions of rules and people."""

    def __init__(self, connection: sa.Connection, tenant_id: str) -> None:
        self._connection = connection
        self._tenant_id = tenant_id
        self._pending = Pending()
        self._held: set[int] = set()

    def hold_findings(self, kind: Kind, entity_id: UUID, producer: str) -> None:
        held = key_lock(self._tenant_id, (kind, f"findings:{producer}:{entity_id}"))
        if held not in self._held:
            self._connection.execute(_HOLD, {"number": held})
            self._held.add(held)

    def replace_findings(
        self,
        kind: Kind,
        entity_id: UUID,
        producer: str,
        findings: Sequence[Finding],
        *,
        shown: bool = False,
    ) -> None:
        self._replace(kind, entity_id, producer, findings)
        if shown:
            version = self._connection.scalar(_NOW)
            self._pending.opinions.append(
                findings_mirror(
                    self._tenant_id, (kind, entity_id), producer, findings, version
                )
            )

    def _replace(
        self, kind: Kind, entity_id: UUID, producer: str, findings: Sequence[Finding]
    ) -> None:
        # Two who replace them at the same time would both find none to delete.
        self.hold_findings(kind, entity_id, producer)
        about = {
            "tenant": self._tenant_id,
            "kind": kind,
            "entity": str(entity_id),
            "producer": producer,
        }
        told = self._connection.execute(_TOLD, about)
        if [finding_of(row) for row in told] == [*findings]:
            return
        self._connection.execute(_UNTELL, about)
        rows = [
            {"sequence": number, **finding.to_json()}
            for number, finding in enumerate(findings, 1)
        ]
        self._connection.execute(_TELL, about | {"findings": json_text(rows)})

    def findings(self, kind: Kind, entity_id: UUID) -> Sequence[Finding]:
        table = tables.finding
        rows = self._connection.execute(
            sa.select(table).where(*self._about(table, kind, entity_id))
        )
        return sorted((finding_of(row) for row in rows), key=_place)

    def open_review(self, item: ReviewItem) -> None:
        row = {
            **asdict(item),
            "id": item.id,
            "kind": str(item.kind),
            "alternatives": list(item.alternatives),
            "settled_at": None,
            "outcome": None,
            "settled_by": None,
            "decided": sa.null(),
        }
        old = tables.review_item
        statement = insert(old).values(row)
        replaced = {name: statement.excluded[name] for name in row if name != "id"}
        was_dismissed = old.c.outcome.is_not_distinct_from(Outcome.DISMISSED.value)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "id"],
                set_=replaced,
                where=sa.not_(was_dismissed)
                | (old.c.value != statement.excluded.value),
            )
        )

    def settle_reviews(self, kind: Kind, entity_id: UUID, fields: Sequence[str]) -> int:
        table = tables.review_item
        settled = self._connection.execute(
            sa.update(table)
            .where(
                *self._about(table, kind, entity_id),
                table.c.field.in_(fields),
                table.c.settled_at.is_(None),
            )
            .values(settled_at=sa.func.now(), outcome=Outcome.SUPERSEDED.value)
        )
        return settled.rowcount

    def decide_review(
        self, item: ReviewItem, outcome: Outcome, by: str, value: JsonValue = None
    ) -> bool:
        table = tables.review_item
        decided = self._connection.execute(
            sa.update(table)
            .where(
                table.c.tenant_id == self._tenant_id,
                table.c.id == item.id,
                table.c.settled_at.is_(None),
            )
            .values(
                settled_at=sa.func.now(),
                outcome=outcome.value,
                settled_by=by,
                decided=sa.null() if value is None else value,
            )
        )
        return bool(decided.rowcount)

    def reviews(self, kind: Kind, entity_id: UUID) -> Sequence[ReviewItem]:
        table = tables.review_item
        rows = self._connection.execute(
            sa.select(table)
            .where(*self._about(table, kind, entity_id), table.c.settled_at.is_(None))
            .order_by(table.c.field, table.c.source)
        )
        return [review_of(row) for row in rows]

    def save_export(self, export: Export) -> None:
        row = {
            **asdict(export),
            "kind": str(export.kind),
            "format": str(export.format),
            "status": str(export.status),
            "filters": dict(export.filters),
            "fields": list(export.fields),
            "options": dict(export.options),
            "result": dict(export.result),
        }
        statement = insert(tables.export).values(row)
        replaced = {name: statement.excluded[name] for name in row if name != "id"}
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "id"], set_=replaced
            )
        )

    def export(self, export_id: UUID) -> Export | None:
        table = tables.export
        row = self._connection.execute(
            sa.select(table).where(
                table.c.tenant_id == self._tenant_id, table.c.id == export_id
            )
        ).one_or_none()
        return None if row is None else export_of(row)

    def _about(
        self, table: sa.Table, kind: Kind, entity_id: UUID
    ) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            table.c.tenant_id == self._tenant_id,
            table.c.kind == str(kind),
            table.c.entity_id == entity_id,
        )


def _place(finding: Finding) -> tuple[str, str, str, str, str]:
    return (
        finding.code,
        str(finding.level),
        finding.field,
        finding.place,
        finding.message,
    )
