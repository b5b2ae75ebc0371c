"""What every tenant's table has: a guard, rights, and a partition per hash."""

from __future__ import annotations

from alembic import op

APP = "linernotes_app"
PARTITIONS = 8

_TENANT = "current_setting('linernotes.tenant', true)"


def begin() -> None:
    # Better to fail the deploy than to queue every reader behind this lock.
    op.execute("SET LOCAL lock_timeout = '4s'")


def guard(
    table: str,
    *,
    column: str = "tenant_id",
    rights: str = "SELECT, INSERT, UPDATE, DELETE",
) -> None:
    """Show each transaction the rows of its own tenant alone; the owner's too.

    Without `linernotes.tenant` set, nothing is seen and nothing can be written.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant_isolation ON {table} "
        f"USING ({column} = {_TENANT}) WITH CHECK ({column} = {_TENANT})"
    )
    op.execute(f"GRANT {rights} ON {table} TO {APP}")


def partition(table: str) -> None:
    """Spread *table* by the hash of its tenant.

    The app role gets no rights on a partition: its rows are reached through the
    parent, and so through the guard, or not at all.
    """
    for number in range(PARTITIONS):
        op.execute(
            f"CREATE TABLE {table}_p{number} PARTITION OF {table} "
            f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
        )


def seen_by_owner(table: str) -> None:
    """Let functions that run with the owner's rights read *table* of all tenants."""
    op.execute(
        f"CREATE POLICY owner_reads_all ON {table} FOR SELECT TO CURRENT_USER "
        "USING (true)"
    )
