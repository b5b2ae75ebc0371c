"""What `ports.queries` promises, of PostgreSQL as the app role sees it."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.adapters.postgres.administration import create_api_key, key_hash
from shared.adapters.postgres.queries import PostgresQueries
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.errors import InvalidInputError
from shared.ports.queries import PageQuery, Sort
from tests.functions.api.harness import START

NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def queries(app_engine) -> PostgresQueries:
    return PostgresQueries(app_engine)


@pytest.fixture
def made(postgres_catalog, tenant):
    """Stages recordings with these titles; returns their ids."""

    def make(*titles: str | None):
        records = [
            SourceRecord(
                Kind.RECORDING,
                (f"sha256:{tenant}{number}",),
                "tags",
                f"x:{number}",
                1,
                (Claim("title", title) if title else Claim("comment", "-"),),
                START,
            )
            for number, title in enumerate(titles)
        ]
        with postgres_catalog.transaction(tenant) as tx:
            tx.stage(records)
            return [tx.find(Kind.RECORDING, found.keys[0]) for found in records]

    return make


def ids(page) -> list[str]:
    return [json.loads(item)["id"] for item in page.items]


def test_the_database_answers(queries):
    assert queries.reached() is True


def test_a_key_is_known_by_its_hash_until_it_is_revoked(queries, admin_engine, tenant):
    key = create_api_key(admin_engine, tenant, "someone", "editor", "pepper")
    hashed = key_hash(key, "pepper").hex()

    client = queries.api_client(hashed)

    assert (client.tenant_id, client.role, client.name) == (tenant, "editor", "someone")
    with admin_engine.begin() as connection:
        connection.execute(
            sa.text("SELECT set_config('linernotes.tenant', :t, true)"), {"t": tenant}
        )
        connection.execute(sa.text("UPDATE api_client SET revoked_at = now()"))
    assert queries.api_client(hashed) is None


def test_a_key_under_another_pepper_is_unknown(queries, admin_engine, tenant):
    key = create_api_key(admin_engine, tenant, "someone", "editor", "pepper")

    assert queries.api_client(key_hash(key, "salt").hex()) is None


def test_an_entry_is_json_with_the_catalogs_etag(
    queries, postgres_catalog, made, tenant
):
    (found,) = made("So “What”\n\u00e9")
    with postgres_catalog.transaction(tenant) as tx:
        entity = tx.entity(Kind.RECORDING, found)

    stored = queries.entry(tenant, Kind.RECORDING, found, NOTHING)

    told = json.loads(stored.body)
    assert told["title"] == entity.values["title"]
    assert told["quality"] == entity.quality
    assert stored.etag == entity.etag
    assert stored.version == 1


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_asked_for_with_all_there_is(queries, tenant, kind):
    everything = frozenset({"provenance", "releases", "resources", "tracks", "counts"})

    assert queries.entry(tenant, kind, uuid4(), everything) is None


def test_an_entry_of_another_tenant_is_not_there(queries, made, other_tenant):
    (found,) = made("A")

    assert queries.entry(other_tenant, Kind.RECORDING, found, NOTHING) is None
    assert queries.page(other_tenant, Kind.RECORDING, PageQuery()).items == []
    assert queries.updates(other_tenant, 0, 10).items == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_join_up_where_values_are_missing(
    queries, made, tenant, descending, limit
):
    made("b", None, "a", "b", None, "c", None)
    query = PageQuery(sort=(Sort("title", descending),), limit=100)
    whole = ids(queries.page(tenant, Kind.RECORDING, query))

    seen: list[str] = []
    after = ()
    while True:
        query = PageQuery(sort=query.sort, limit=limit, after=after)
        page = queries.page(tenant, Kind.RECORDING, query)
        seen += ids(page)
        after = page.last
        if not after:
            break

    assert seen == whole
    assert len(seen) == 7


def test_filters_take_values_as_values(queries, made, tenant):
    made("100%", "1000", "a_b", "axb", "'; DROP TABLE recording; --", "back\\slash")

    def found(text: str) -> list[str]:
        query = PageQuery({"title": text})
        page = queries.page(tenant, Kind.RECORDING, query)
        return sorted(json.loads(item)["title"] for item in page.items)

    assert found("0%") == ["100%"]
    assert found("a_b") == ["a_b"]
    assert found("'; drop") == ["'; DROP TABLE recording; --"]
    assert found("k\\s") == ["back\\slash"]


@pytest.mark.parametrize(
    "query",
    [
        PageQuery({"colour": "blue"}),
        PageQuery(sort=(Sort("colour"),)),
        PageQuery(sort=(Sort("title"),), after=("a",)),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(queries, tenant, query):
    with pytest.raises(InvalidInputError):
        queries.page(tenant, Kind.RECORDING, query)


def test_the_feed_goes_on_where_it_was_left(queries, made, tenant):
    made("a", "b", "c")

    first = queries.updates(tenant, 0, 2)
    second = queries.updates(tenant, first.next_since, 2)
    third = queries.updates(tenant, second.next_since, 2)

    assert (len(first.items), first.next_since, first.more) == (2, 2, True)
    assert (len(second.items), second.next_since, second.more) == (1, 3, False)
    assert (len(third.items), third.next_since, third.more) == (0, 3, False)


def test_the_feed_of_other_kinds_skips_what_it_does_not_tell(queries, made, tenant):
    made("a", "b")

    page = queries.updates(tenant, 0, 10, [Kind.RELEASE])

    assert (list(page.items), page.next_since) == ([], 2)


def test_deep_pages_by_time_use_the_index(queries, made, app_engine, tenant):
    made("a")
    with app_engine.begin() as connection:
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        connection.execute(
            sa.text("SELECT set_config('linernotes.tenant', :t, true)"), {"t": tenant}
        )
        plan = connection.execute(
            sa.text(
                "EXPLAIN SELECT id FROM recording e WHERE e.tenant_id = :t "
                "AND e.deleted_at IS NULL ORDER BY e.created_at DESC, e.id DESC LIMIT 9"
            ),
            {"t": tenant},
        ).scalars()
        told = "\n".join(plan)

    assert "Index" in told
