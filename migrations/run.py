"""Bringing a database's schema up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

# Any number will do, as long as everybody who migrates takes the same.
_ONE_AT_A_TIME = 7_135_290_411


def upgrade(admin_url: str, *, app_password: str | None = None) -> None:
    """Bring the schema up to date; a schema that is stays as it is.

    Args:
        admin_url: `postgresql+pg8000://…` of the schema's owner, who may make roles
            where `linernotes_app` is not there yet.
        app_password: Lets `linernotes_app` log in with it; None leaves the role's
            login as it is.
    """
    with _connection(admin_url) as connection:
        connection.execute(
            sa.text("SELECT pg_advisory_lock(:number)"), {"number": _ONE_AT_A_TIME}
        )
        connection.commit()
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        if app_password is not None:
            _let_in(connection, app_password)


def current(admin_url: str) -> str | None:
    """Return the revision of the schema, or None where there is none."""
    with _connection(admin_url) as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "schema_version"}
        )
        return context.get_current_revision()


@contextmanager
def _connection(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def _let_in(connection: sa.Connection, password: str) -> None:
    # ALTER ROLE takes no parameters, so the server quotes the password itself.
    quoted = connection.scalar(
        sa.text("SELECT quote_literal(CAST(:password AS text))"), {"password": password}
    )
    connection.exec_driver_sql(f"ALTER ROLE linernotes_app LOGIN PASSWORD {quoted}")
    connection.commit()
