"""${message}."""

from __future__ import annotations

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    # Better to fail the deploy than to queue every reader behind this lock.
    op.execute("SET LOCAL lock_timeout = '4s'")
