"""Messages that were sent in to be checked, as rows."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.adapters.postgres import tables
from shared.adapters.postgres.rows import validation_of
from shared.domain.decisions import Validation


class ValidationRows:
    """The part of a transaction that is about checks that people ask for."""

    _connection: sa.Connection
    _tenant_id: str

    def save_validation(self, validation: Validation) -> None:
        row = {
            "tenant_id": self._tenant_id,
            "id": validation.id,
            "status": str(validation.status),
            "requested_at": validation.requested_at,
            "requested_by": validation.requested_by,
            "finished_at": validation.finished_at,
            "content": validation.content,
            "result": dict(validation.result),
        }
        statement = insert(tables.validation).values(row)
        replaced = {name: statement.excluded[name] for name in row if name != "id"}
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "id"], set_=replaced
            )
        )

    def validation(self, validation_id: UUID) -> Validation | None:
        table = tables.validation
        row = self._connection.execute(
            sa.select(table).where(
                table.c.tenant_id == self._tenant_id, table.c.id == validation_id
            )
        ).one_or_none()
        return None if row is None else validation_of(row)
