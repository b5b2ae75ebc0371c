import pytest

from functions.export.rows import Columns, rows
from shared.adapters.postgres.queries import PostgresQueries
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.errors import InvalidInputError
from shared.domain.fields import FIELDS
from tests.functions.export.conftest import FixedClock


@pytest.fixture
def queries(app_engine) -> PostgresQueries:
    return PostgresQueries(app_engine)


@pytest.fixture
def staged(postgres_catalog, tenant):
    """Stage as many recordings, titled by number."""

    def stage(count: int) -> None:
        records = [
            SourceRecord(
                Kind.RECORDING,
                (f"sha256:{tenant}{number}",),
                "tags",
                f"x:{number}",
                1,
                (Claim("title", f"Title {number}", 0.9),),
                FixedClock().now(),
            )
            for number in range(count)
        ]
        with postgres_catalog.transaction(tenant) as tx:
            tx.stage(records)

    return stage


def test_pages_of_the_database_join_up(staged, queries, tenant):
    staged(1001)
    columns = Columns.asked(Kind.RECORDING, ())

    found = list(rows(queries, tenant, columns, {}))

    assert len({row["id"] for row in found}) == len(found) == 1001
    assert [row["id"] for row in found] == sorted(row["id"] for row in found)
    assert {row["title"] for row in found} == {f"Title {n}" for n in range(1001)}


def test_filters_and_provenance_are_those_of_the_lists(staged, queries, tenant):
    staged(12)
    columns = Columns.asked(Kind.RECORDING, ("title", "+provenance"))

    (row,) = rows(queries, tenant, columns, {"title": "title 7"})

    assert row["title"] == "Title 7"
    assert row["title__source"] == "tags"
    assert row["title__confidence"] == 0.9
    assert row["updated_at"]


def test_another_tenants_entries_are_not_told(staged, queries, other_tenant):
    staged(3)
    columns = Columns.asked(Kind.RECORDING, ())

    assert list(rows(queries, other_tenant, columns, {})) == []


def test_an_unknown_filter_is_refused(queries, tenant):
    columns = Columns.asked(Kind.RELEASE, ())

    with pytest.raises(InvalidInputError):
        list(rows(queries, tenant, columns, {"colour": "blue"}))


@pytest.mark.parametrize("kind", [Kind.RECORDING, Kind.RELEASE])
def test_without_fields_all_are_told(kind):
    assert Columns.asked(kind, ()).fields == tuple(FIELDS[kind])


def test_a_field_asked_for_twice_is_told_once():
    assert Columns.asked(Kind.RELEASE, ("gtin", "title", "gtin")).fields == (
        "gtin",
        "title",
    )
