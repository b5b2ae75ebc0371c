"""What only the catalog in PostgreSQL has to show: rights, races, derived rows."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.adapters.postgres.administration import create_api_key, key_hash
from shared.adapters.postgres.catalog import PostgresCatalog, open_catalog
from shared.adapters.postgres.engine import open_engine
from shared.domain.claims import Kind
from shared.domain.entities import Change
from shared.domain.errors import ConflictError, InvalidInputError, TransientError
from tests.contract.statements import party, recording, release, said

ISRC = "isrc:USSM15900113"
MILES = {"name": "Miles Davis", "role": "MainArtist"}
BILL = {"name": "Bill Evans", "role": "Pianist", "credited_as": "B. Evans"}
TABLES = [
    *("audio_features", "embedding", "fingerprint_term", "queued_analysis"),
    *("api_client", "change_event", "credit", "export", "finding", "inbox"),
    *("ingest_log", "outbox", "party", "recording", "release", "resource"),
    *("review_item", "source_mapping", "source_record", "tenant", "tenant_counter"),
    *("track_position", "upload"),
]


def stage(catalog, tenant, *records):
    with catalog.transaction(tenant) as tx:
        return tx.stage(records)


def asked(engine, statement, tenant=None, **parameters):
    with engine.begin() as connection:
        if tenant is not None:
            connection.execute(
                sa.text("SELECT set_config('linernotes.tenant', :t, true)"),
                {"t": tenant},
            )
        result = connection.execute(sa.text(statement), parameters)
        return result.all() if result.returns_rows else []


@pytest.fixture
def filled(postgres_catalog, tenant):
    with postgres_catalog.transaction(tenant) as tx:
        tx.stage(
            [
                recording([ISRC], title="So What", artists=[MILES, BILL]),
                release(["gtin:1"], title="Kind of Blue", artists=[MILES]),
                said(Kind.TRACK_POSITION, ["p:1"], release="gtin:1", recording=ISRC),
                said(
                    Kind.RESOURCE, ["sha256:1"], recording=ISRC, type="SoundRecording"
                ),
                party("Miles Davis", "miles davis"),
            ]
        )
        tx.first_sight("extract", uuid4())
    return tenant


@pytest.mark.parametrize("table", TABLES)
def test_a_forgotten_tenant_filter_shows_no_other_tenant(
    app_engine, filled, other_tenant, table
):
    column = "id" if table == "tenant" else "tenant_id"

    rows = asked(app_engine, f"SELECT DISTINCT {column} FROM {table}", other_tenant)

    assert filled not in {row[0] for row in rows}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.usefixtures("filled")
def test_without_a_tenant_nothing_is_seen(app_engine, table):
    assert asked(app_engine, f"SELECT * FROM {table}") == []


def test_with_its_tenant_the_same_question_shows_rows(app_engine, filled):
    assert len(asked(app_engine, "SELECT * FROM recording", filled)) == 1


def test_the_owner_is_held_by_the_same_guard(admin_engine, filled):
    assert asked(admin_engine, "SELECT * FROM recording") == []
    assert len(asked(admin_engine, "SELECT * FROM recording", filled)) == 1


def test_nobody_writes_for_another_tenant(app_engine, tenant, other_tenant):
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        asked(
            app_engine,
            "INSERT INTO inbox (tenant_id, consumer, event_id) "
            "VALUES (:other, 'x', gen_random_uuid())",
            tenant,
            other=other_tenant,
        )


def test_nobody_moves_a_row_to_another_tenant(app_engine, filled, other_tenant):
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        asked(app_engine, "UPDATE inbox SET tenant_id = :o", filled, o=other_tenant)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE source_record SET source = 'x'",
        "DELETE FROM source_record",
        "TRUNCATE source_record",
        "DELETE FROM change_event",
        "UPDATE change_event SET actor = 'x'",
        "DELETE FROM ingest_log",
        "INSERT INTO tenant (id, name) VALUES ('mine', 'x')",
    ],
)
def test_what_was_staged_or_told_cannot_be_changed(app_engine, filled, statement):
    with pytest.raises(sa.exc.DBAPIError, match="permission denied"):
        asked(app_engine, statement, filled)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("ALTER TABLE recording DISABLE ROW LEVEL SECURITY", "must be owner"),
        ("ALTER TABLE recording NO FORCE ROW LEVEL SECURITY", "must be owner"),
        ("DROP POLICY tenant_isolation ON recording", "must be owner"),
        ("ALTER ROLE linernotes_app BYPASSRLS", "must be superuser|permission denied"),
        ("SET ROLE linernotes_admin", "permission denied"),
        ("CREATE TABLE mine (x int)", "permission denied"),
        ("SELECT * FROM recording_p0", "permission denied"),
        ("SELECT * FROM source_record_p0", "permission denied"),
    ],
)
def test_the_app_role_cannot_step_around_the_guard(
    app_engine, filled, statement, refusal
):
    with pytest.raises(sa.exc.DBAPIError, match=refusal):
        asked(app_engine, statement, filled)


def test_a_tenant_set_for_one_transaction_is_gone_in_the_next(database, filled):
    engine = open_engine(database.url_app, pool_size=1)
    with PostgresCatalog(engine).transaction(filled):
        pass

    rows = asked(engine, "SELECT * FROM recording")

    engine.dispose()
    assert rows == []


def test_a_key_tells_its_tenant_and_client_and_nothing_else(
    app_engine, admin_engine, tenant
):
    key = create_api_key(admin_engine, tenant, "CI", "editor", "pepper")
    ask = "SELECT tenant_id, role, name FROM authenticate_api_key(:hash)"

    right = asked(app_engine, ask, hash=key_hash(key, "pepper"))
    wrong = asked(app_engine, ask, hash=key_hash(key, "salt"))

    assert [tuple(row) for row in right] == [(tenant, "editor", "CI")]
    assert wrong == []


def test_only_the_hash_of_a_key_is_kept(admin_engine, tenant):
    key = create_api_key(admin_engine, tenant, "CI", "editor", "pepper")

    (row,) = asked(
        admin_engine, "SELECT * FROM api_client WHERE tenant_id = :t", t=tenant
    )

    assert key.startswith("ln_")
    assert key not in str(tuple(row))
    assert hashlib.sha256(key.encode()).digest() != row.key_hash


@pytest.mark.parametrize(
    "lock_out",
    [
        "UPDATE api_client SET revoked_at = now()",
        "UPDATE tenant SET suspended_at = now()",
    ],
)
def test_a_revoked_key_or_a_suspended_tenant_is_turned_away(
    app_engine, admin_engine, tenant, lock_out
):
    key = create_api_key(admin_engine, tenant, "CI", "editor", "pepper")
    asked(admin_engine, lock_out, tenant)

    told = asked(
        app_engine,
        "SELECT * FROM authenticate_api_key(:hash)",
        hash=key_hash(key, "pepper"),
    )

    assert told == []


def test_a_suspended_tenant_does_not_exist(postgres_catalog, admin_engine, tenant):
    asked(admin_engine, "UPDATE tenant SET suspended_at = now()", tenant)

    with postgres_catalog.transaction(tenant) as tx:
        assert not tx.tenant_exists()


def test_lists_get_typed_columns_from_the_facts(app_engine, postgres_catalog, tenant):
    stage(
        postgres_catalog,
        tenant,
        recording(
            [ISRC],
            title="SO WHAT",
            artists=[{**MILES, "join": " & "}, BILL],
            bpm=136.08,
            duration_ms=562_000,
        ),
    )

    (row,) = asked(app_engine, "SELECT * FROM recording", tenant)

    assert (row.title_sort, row.bpm, row.duration_ms) == ("so what", 136.08, 562_000)
    assert row.artist_text == "Miles Davis & B. Evans"
    assert "miles davis" in row.search_text


def test_a_place_knows_its_release_and_recording(app_engine, filled):
    (place,) = asked(app_engine, "SELECT * FROM track_position", filled)
    (release_id,) = asked(app_engine, "SELECT id FROM release", filled)[0]
    (recording_id,) = asked(app_engine, "SELECT id FROM recording", filled)[0]

    assert (place.release_id, place.recording_id) == (release_id, recording_id)


def test_a_place_that_came_first_learns_of_its_recording_later(
    app_engine, postgres_catalog, tenant
):
    stage(postgres_catalog, tenant, said(Kind.TRACK_POSITION, ["p:1"], recording=ISRC))

    stage(postgres_catalog, tenant, recording([ISRC], title="So What"))

    (place,) = asked(app_engine, "SELECT * FROM track_position", tenant)
    (found,) = asked(app_engine, "SELECT * FROM recording", tenant)
    assert place.recording_id == found.id


def test_a_place_follows_when_its_recording_is_merged(
    app_engine, postgres_catalog, tenant
):
    stage(postgres_catalog, tenant, recording(["object:a"], origin="a", title="1"))
    stage(
        postgres_catalog,
        tenant,
        recording([ISRC], origin="b", minutes=1, title="2"),
        said(Kind.TRACK_POSITION, ["p:1"], origin="b", recording=ISRC),
    )

    stage(postgres_catalog, tenant, recording([ISRC, "object:a"], origin="c"))

    (place,) = asked(app_engine, "SELECT * FROM track_position", tenant)
    (kept,) = asked(
        app_engine, "SELECT * FROM recording WHERE deleted_at IS NULL", tenant
    )
    assert place.recording_id == kept.id


def test_credits_name_their_parties_in_order(app_engine, filled):
    rows = asked(
        app_engine,
        "SELECT c.sequence, c.name, c.credited_as, p.name AS party FROM credit c "
        "LEFT JOIN party p ON p.id = c.party_id WHERE c.kind = 'recording' "
        "ORDER BY c.sequence",
        filled,
    )

    assert [tuple(row) for row in rows] == [
        (1, "Miles Davis", None, "Miles Davis"),
        (2, "Bill Evans", "B. Evans", None),
    ]


def test_credits_shrink_with_the_field(app_engine, postgres_catalog, filled):
    stage(
        postgres_catalog,
        filled,
        recording([ISRC], version=2, minutes=1, title="So What", artists=[BILL]),
    )

    rows = asked(app_engine, "SELECT name FROM credit WHERE kind = 'recording'", filled)
    assert [row.name for row in rows] == ["Bill Evans"]


def test_a_stale_version_is_a_lost_race(postgres_catalog, tenant):
    (change,) = stage(postgres_catalog, tenant, recording([ISRC], title="So What"))
    stale = Change(change.entity, ("title",), "updated", "tags", at=change.at)

    with (
        pytest.raises(TransientError, match="changed at the same time"),
        postgres_catalog.transaction(tenant) as tx,
    ):
        tx._ledger.save([stale])


def test_writers_that_merge_at_once_end_as_one_entity(postgres_catalog, tenant):
    keys = [f"object:{n}" for n in range(6)]
    for number, key in enumerate(keys):
        stage(postgres_catalog, tenant, recording([key], origin=key, minutes=number))

    def join(pair):
        for _ in range(20):
            try:
                stage(postgres_catalog, tenant, recording(pair, origin=str(pair)))
            except TransientError:
                continue
            return
        pytest.fail("never got through")

    with ThreadPoolExecutor(5) as writers:
        list(writers.map(join, map(list, pairwise(keys))))

    with postgres_catalog.transaction(tenant) as tx:
        assert len({tx.find(Kind.RECORDING, key) for key in keys}) == 1


def test_an_unknown_conflict_is_a_conflict_error(postgres_catalog, tenant):
    def twice():
        with postgres_catalog.transaction(tenant) as tx:
            for _ in range(2):
                tx._connection.execute(
                    sa.text(
                        "INSERT INTO inbox (tenant_id, consumer, event_id) VALUES "
                        "(:t, 'x', '00000000-0000-0000-0000-000000000001')"
                    ),
                    {"t": tenant},
                )

    with pytest.raises(ConflictError):
        twice()


def test_a_text_that_cannot_be_stored_is_invalid_input(postgres_catalog, tenant):
    with pytest.raises(InvalidInputError):
        stage(postgres_catalog, tenant, recording([ISRC], title="So\x00What"))


def test_a_database_that_is_away_is_transient():
    catalog = open_catalog("postgresql+pg8000://nobody:x@127.0.0.1:1/none")

    with pytest.raises(TransientError), catalog.transaction("t"):
        pass


def test_each_stage_of_an_upload_is_logged_once(app_engine, postgres_catalog, tenant):
    from dataclasses import replace

    from shared.domain.uploads import Stage, Upload
    from tests.contract.statements import START

    upload = Upload(uuid4(), tenant, "gs://up/x", 1, START, START)
    with postgres_catalog.transaction(tenant) as tx:
        saved = tx.save_upload(upload.reached(START, Stage.RECEIVED))
        tx.save_upload(replace(saved.reached(START, Stage.STAGED), file_kind="flac"))

    rows = asked(app_engine, "SELECT what FROM ingest_log ORDER BY id", tenant)
    assert [row.what for row in rows] == ["received", "staged"]


def test_staging_one_file_takes_at_most_fourteen_statements(app_engine, filled):
    catalog = PostgresCatalog(app_engine)
    counted = []

    def count(*_):
        counted.append(1)

    sa.event.listen(app_engine, "before_cursor_execute", count)
    try:
        stage(
            catalog,
            filled,
            recording(["isrc:USSM15900114"], origin="b", title="2", artists=[MILES]),
            release(["gtin:1"], origin="b", title="Kind of Blue"),
            said(Kind.TRACK_POSITION, ["p:2"], origin="b", release="gtin:1"),
            said(Kind.RESOURCE, ["sha256:2"], origin="b", type="SoundRecording"),
            party("Miles Davis", "miles davis", origin="b"),
            party("Bill Evans", "bill evans", origin="b"),
        )
    finally:
        sa.event.remove(app_engine, "before_cursor_execute", count)

    assert len(counted) <= 14


def test_a_record_costs_the_same_however_many_there_are(
    admin_engine, postgres_catalog, tenant
):
    stage(postgres_catalog, tenant, *(_placed(number) for number in range(400)))
    stage(postgres_catalog, tenant, *(_track(number) for number in range(400)))
    # As the server does by itself; plans made from now on know how much there is.
    with admin_engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.execute(sa.text("ANALYZE"))
    engine = open_engine(_url(postgres_catalog))

    with PostgresCatalog(engine).transaction(tenant) as tx:
        tx.stage([_placed(400), _track(400)])
        rows = tx._connection.execute(_ROWS_READ).scalar()
    engine.dispose()

    assert rows < 50


_ROWS_READ = sa.text("""
    SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables
""")


def _placed(number):
    return said(
        Kind.TRACK_POSITION,
        [f"p:{number}"],
        origin=f"gs://up/t/{number}",
        release="gtin:1",
        recording=f"isrc:{number}",
    )


def _track(number):
    return recording([f"isrc:{number}"], origin=f"gs://up/t/{number}", title="So What")


def _url(catalog):
    return catalog._engine.url.render_as_string(hide_password=False)
