"""The truth, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from shared.adapters.postgres import outbox
from shared.adapters.postgres.advisory import writers_lock
from shared.adapters.postgres.engine import open_engine
from shared.adapters.postgres.entity_rows import all_entities
from shared.adapters.postgres.errors import translated
from shared.adapters.postgres.transaction import PostgresTransaction
from shared.domain.entities import Entity
from shared.ports.catalog import Outgoing

# Longer than any transaction of ours should take, shorter than a request's patience.
_LOCK_TIMEOUT = "10s"
# Statements are look-ups by index whatever their values, so that they are planned once
# per connection: over partitions, planning takes longer than running.
_SETTINGS = """
    SELECT set_config('linernotes.tenant', :tenant, true),
           set_config('lock_timeout', :timeout, true),
           set_config('plan_cache_mode', 'force_generic_plan', true),
           set_config('enable_hashjoin', 'off', true),
           set_config('enable_mergejoin', 'off', true)"""
_BEGIN = sa.text(_SETTINGS)
# A replay holds this lock alone: it must see all that was staged, and nobody halfway.
_WRITING = sa.text(f"{_SETTINGS}, pg_advisory_xact_lock_shared(CAST(:lock AS bigint))")
_WITH_OUTGOING = sa.text("SELECT tenants_with_outgoing()")
_WITH_QUEUED = sa.text("SELECT tenants_with_queued_analyses()")


class PostgresCatalog:
    """Transactions of one tenant each, as the app role, under row-level security."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @contextmanager
    def transaction(self, tenant_id: str) -> Iterator[PostgresTransaction]:
        with self._begin(tenant_id, lock=writers_lock(tenant_id)) as connection:
            transaction = PostgresTransaction(connection, tenant_id)
            yield transaction
            transaction.finish()

    def drain(
        self,
        tenant_id: str,
        deliver: Callable[[Sequence[Outgoing]], None],
        *,
        limit: int = 500,
    ) -> int:
        with self._begin(tenant_id) as connection:
            return outbox.drain(connection, tenant_id, deliver, limit)

    def tenants_with_outgoing(self) -> Sequence[str]:
        with translated(), self._engine.begin() as connection:
            return list(connection.execute(_WITH_OUTGOING).scalars())

    def tenants_with_queued_analyses(self) -> Sequence[str]:
        with translated(), self._engine.begin() as connection:
            return list(connection.execute(_WITH_QUEUED).scalars())

    def entities(self, tenant_id: str) -> list[Entity]:
        """Return everything the tenant has, tombstones included."""
        with self._begin(tenant_id) as connection:
            return all_entities(connection, tenant_id)

    @contextmanager
    def _begin(
        self, tenant_id: str, *, lock: int | None = None
    ) -> Iterator[sa.Connection]:
        parameters: dict[str, object] = {"tenant": tenant_id, "timeout": _LOCK_TIMEOUT}
        if lock is not None:
            parameters["lock"] = lock
        with translated(), self._engine.begin() as connection:
            connection.execute(_BEGIN if lock is None else _WRITING, parameters)
            yield connection


def open_catalog(url: str, *, pool_size: int = 4) -> PostgresCatalog:
    """Return the catalog at *url* (see `engine.open_engine`), opened at first use."""
    return PostgresCatalog(open_engine(url, pool_size=pool_size))
