"""The schema comes up from nothing, once, and knows its own."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrations.run import current, upgrade

_VERSIONS = sorted(Path("migrations/versions").glob("[0-9]*.py"))
_TENANT_TABLES = sa.text("""
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT c.relispartition AND c.relname <> 'schema_version'
""")


def test_an_empty_database_comes_up_to_the_newest_revision(empty_database):
    assert current(empty_database.url_admin) is None

    upgrade(empty_database.url_admin)

    assert current(empty_database.url_admin) == _VERSIONS[-1].name[:4]


def test_upgrading_again_changes_nothing(empty_database):
    upgrade(empty_database.url_admin)
    before = _columns(empty_database.url_admin)

    upgrade(empty_database.url_admin)

    assert _columns(empty_database.url_admin) == before


def test_two_upgrades_at_once_do_the_work_once(empty_database):
    with ThreadPoolExecutor(2) as both:
        list(both.map(upgrade, [empty_database.url_admin] * 2))

    assert current(empty_database.url_admin) == _VERSIONS[-1].name[:4]


def test_the_command_line_upgrades_and_tells_the_revision(empty_database):
    done = subprocess.run(
        [sys.executable, "-m", "migrations", "upgrade", "--url",
         empty_database.url_admin],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip

    assert done.stdout.strip() == _VERSIONS[-1].name[:4]


def test_every_table_guards_its_tenants_even_from_its_owner(admin_engine):
    with admin_engine.connect() as connection:
        tables = connection.execute(_TENANT_TABLES).all()

    assert len(tables) >= 18
    assert [t.relname for t in tables if not (t[1] and t[2])] == []


@pytest.mark.parametrize(
    "table",
    ["recording", "release", "party", "track_position", "resource", "source_record",
     "source_mapping", "audio_features", "embedding", "fingerprint_term"],
)  # fmt: skip
def test_large_tables_are_spread_by_the_hash_of_the_tenant(admin_engine, table):
    with admin_engine.connect() as connection:
        strategy, columns = connection.execute(
            sa.text(
                "SELECT partstrat::text, pg_get_partkeydef(partrelid) "
                "FROM pg_partitioned_table "
                "WHERE partrelid = CAST(CAST(:table AS text) AS regclass)"
            ),
            {"table": table},
        ).one()
        parts = connection.scalar(
            sa.text(
                "SELECT count(*) FROM pg_inherits "
                "WHERE inhparent = CAST(CAST(:table AS text) AS regclass)"
            ),
            {"table": table},
        )

    assert (strategy, columns, parts) == ("h", "HASH (tenant_id)", 8)


@pytest.mark.parametrize("version", _VERSIONS, ids=lambda path: path.stem)
def test_a_migration_gives_up_rather_than_queue_behind_a_lock(version):
    assert "tables.begin()" in version.read_text() or "lock_timeout" in (
        version.read_text()
    )


def _columns(url: str) -> list[tuple[str, str, str]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT table_name, column_name, data_type "
                "FROM information_schema.columns WHERE table_schema = 'public' "
                "ORDER BY 1, 2"
            )
        )
        return [tuple(row) for row in rows]
