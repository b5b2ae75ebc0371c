"""Statements stay prepared on their connection, as many as are worth it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from shared.adapters.postgres import prepared
from shared.adapters.postgres.engine import open_engine

_KNOWN = sa.text("SELECT count(*) FROM pg_prepared_statements")


@pytest.fixture
def engine(database):
    engine = open_engine(database.url_app, pool_size=1)
    yield engine
    engine.dispose()


def test_a_statement_is_prepared_once_however_often_it_runs(engine):
    add = sa.text("SELECT CAST(:a AS int) + CAST(:b AS int)")

    for number in range(3):
        with engine.begin() as connection:
            assert connection.scalar(add, {"a": number, "b": 1}) == number + 1

    with engine.begin() as connection:
        assert connection.scalar(_KNOWN) == 1


def test_beyond_the_limit_statements_run_unprepared(engine, monkeypatch):
    monkeypatch.setattr(prepared, "_KEPT", 2)

    with engine.begin() as connection:
        answers = [
            connection.scalar(sa.text(f"SELECT {n} + CAST(:n AS int)"), {"n": n})
            for n in range(4)
        ]

        assert answers == [0, 2, 4, 6]
        assert connection.scalar(_KNOWN) == 2


def test_a_statement_that_fails_can_be_asked_again(engine):
    divide = sa.text("SELECT 1 / CAST(:by AS int)")

    with pytest.raises(sa.exc.DBAPIError, match="22012"), engine.begin() as connection:
        connection.execute(divide, {"by": 0})

    with engine.begin() as connection:
        assert connection.scalar(divide, {"by": 1}) == 1


def test_a_statement_changes_rows_and_tells_how_many(engine, tenant):
    insert = sa.text(
        "INSERT INTO inbox (tenant_id, consumer, event_id) "
        "SELECT :tenant, 'c', gen_random_uuid() FROM generate_series(1, :count)"
    )
    with engine.begin() as connection:
        connection.execute(
            sa.text("SELECT set_config('linernotes.tenant', :t, true)"), {"t": tenant}
        )

        done = connection.execute(insert, {"tenant": tenant, "count": 3})

        assert done.rowcount == 3


def test_an_undone_transaction_is_undone(engine, tenant):
    def broken():
        with engine.begin() as connection:
            connection.execute(
                sa.text("SELECT set_config('linernotes.tenant', :t, false)"),
                {"t": tenant},
            )
            raise LookupError

    with pytest.raises(LookupError):
        broken()

    with engine.begin() as connection:
        setting = sa.text("SELECT current_setting(:name, true)")
        assert not connection.scalar(setting, {"name": "linernotes.tenant"})
