import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore.database import Database
from infra.local.firestore.errors import StatusError
from tests.infra.local.firestore.made import (
    SCALARS,
    compared,
    composite,
    document,
    field_filter,
    ids,
    name,
    query,
    reference,
    slow_key,
    value,
    vector,
    written,
)


def _database(**documents):
    database = Database()
    database.commit([written(f"c/{key}", **each) for key, each in documents.items()])
    return database


def _ids(database, collection="c", **rest):
    return ids(database.run(query(collection, **rest)))


_MIXED = _database(
    one={"a": 1},
    one_and_half={"a": 1.5},
    text={"a": "1"},
    null={"a": None},
    nan={"a": math.nan},
    absent={"b": 1},
    array={"a": [1, "x"]},
)


@pytest.mark.parametrize(
    ("op", "operand", "found"),
    [
        ("EQUAL", 1.0, ["one"]),
        ("LESS_THAN", 2, ["one", "one_and_half"]),
        ("LESS_THAN_OR_EQUAL", 1.5, ["one", "one_and_half"]),
        ("GREATER_THAN", 1, ["one_and_half"]),
        ("GREATER_THAN_OR_EQUAL", "", ["text"]),
        ("NOT_EQUAL", 1, ["nan", "one_and_half", "text", "array"]),
        ("IN", [1, "1"], ["one", "text"]),
        ("NOT_IN", [1, "1"], ["nan", "one_and_half", "array"]),
        ("NOT_IN", [1, None], []),
        ("NOT_IN", [1, "1", math.nan], ["nan", "one_and_half", "array"]),
        ("IN", [1, None, math.nan], ["one"]),
        ("ARRAY_CONTAINS", "x", ["array"]),
        ("ARRAY_CONTAINS_ANY", [7, 1], ["array"]),
    ],
)
def test_operators_compare_as_documented(op, operand, found):
    assert sorted(_ids(_MIXED, where=field_filter("a", op, operand))) == sorted(found)


@pytest.mark.parametrize(
    ("op", "found"),
    [
        (2, ["nan"]),
        (3, ["null"]),
        (4, ["array", "one", "one_and_half", "text"]),
        (5, ["array", "nan", "one", "one_and_half", "text"]),
    ],
)
def test_null_and_nan_are_asked_for_by_themselves(op, found):
    where = {"unary_filter": {"op": op, "field": {"field_path": "a"}}}

    assert sorted(_ids(_MIXED, where=where)) == found


def test_ordering_leaves_out_documents_without_the_field():
    assert _ids(_MIXED, orders=[("a", "asc")]) == [
        "null",
        "nan",
        "one",
        "one_and_half",
        "text",
        "array",
    ]


def test_ties_are_broken_by_name_in_the_last_direction():
    database = _database(x={"a": 1}, y={"a": 1}, z={"a": 2})

    assert _ids(database, orders=[("a", "desc")]) == ["z", "y", "x"]


def test_an_inequality_orders_the_result_by_its_field():
    database = _database(x={"a": 3}, y={"a": 2}, z={"a": 1})

    assert _ids(database, where=field_filter("a", "GREATER_THAN", 1)) == ["y", "x"]


def test_cursors_cut_where_they_say():
    database = _database(**{f"d{i}": {"a": i // 2} for i in range(8)})
    at_one = {"values": [value(1)]}

    def cut(**cursor):
        return _ids(database, orders=[("a", "asc")], **cursor)

    assert cut(start_at={**at_one, "before": True}) == [f"d{i}" for i in range(2, 8)]
    assert cut(start_at=at_one) == [f"d{i}" for i in range(4, 8)]
    assert cut(end_at={**at_one, "before": True}) == ["d0", "d1"]
    assert cut(end_at=at_one) == [f"d{i}" for i in range(4)]
    named = {"values": [value(1), reference(name("c/d2"))]}
    assert cut(start_at=named, limit={"value": 2}) == ["d3", "d4"]


def test_a_collection_group_reaches_all_collections_of_that_name():
    database = Database()
    for path in ("t/a/c/1", "t/b/c/2", "c/3", "cc/4", "t/a/d/5"):
        database.commit([written(path, v=1)])

    assert sorted(_ids(database, group=True)) == ["1", "2", "3"]
    below = query("c", parent=name("t/a"), group=True)
    assert ids(database.run(below)) == ["1"]


def test_a_query_without_collection_reaches_everything_below():
    database = Database()
    for path in ("t/a/c/1", "t/a/c/1/d/2", "u/3"):
        database.commit([written(path, v=1)])

    assert sorted(_ids(database, "", group=True)) == ["1", "2", "3"]
    assert _ids(database, "", parent=name("t/a")) == ["1"]


def test_a_projection_tells_the_chosen_fields():
    database = _database(x={"a": 1, "b": 2})
    chosen = query("c", select={"fields": [{"field_path": "b"}]})

    (record,) = database.run(chosen)

    assert chosen.told(record).fields == document("c/x", b=2).fields


@pytest.mark.parametrize(
    ("measure", "found"), [(1, ["near", "far"]), (2, ["far", "near"]), (3, ["far"])]
)
def test_neighbours_come_nearest_first(measure, found):
    database = _database(
        near={"v": vector([1, 1])},
        far={"v": vector([9, 0])},
        short={"v": vector([1])},
        none={"w": 1},
    )
    nearest = {
        "vector_field": {"field_path": "v"},
        "query_vector": vector([1, 0]),
        "distance_measure": measure,
        "limit": {"value": 1 if measure == 3 else 5},
        "distance_result_field": "distance",
    }
    asked = query("c", find_nearest=nearest)

    result = database.run(asked)

    assert ids(result) == found
    expected = {1: 1.0, 2: 0.0, 3: 9.0}[measure]
    assert asked.told(result[0]).fields["distance"].double_value == expected


_IN = field_filter("a", "IN", [1, 2])
_NOT_IN = field_filter("b", "NOT_IN", [1, 2])
_CONTAINS = field_filter("c", "ARRAY_CONTAINS", 1)
_SIX = field_filter("d", "IN", list(range(6)))


@pytest.mark.parametrize(
    "rest",
    [
        {"where": composite("AND", _NOT_IN, field_filter("a", "NOT_EQUAL", 1))},
        {"where": composite("AND", _NOT_IN, _IN)},
        {"where": composite("OR", _NOT_IN, _CONTAINS)},
        {"where": composite("AND", _CONTAINS, _CONTAINS)},
        {"where": composite("AND", _SIX, _SIX)},
        {"where": composite("OR", *[_SIX] * 6)},
        {"where": field_filter("a", "IN", [])},
        {"where": field_filter("a", "IN", list(range(31)))},
        {"where": field_filter("a", "NOT_IN", list(range(11)))},
        {"limit": {"value": -1}},
        {"start_at": {"values": [value(1), value(2)]}},
        {"find_nearest": {"limit": {"value": 5}}},
    ],
)
def test_what_the_service_refuses_is_refused(rest):
    with pytest.raises(StatusError) as caught:
        _MIXED.run(query("c", **rest))

    assert caught.value.code.name == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "where",
    [
        composite("AND", _IN, _CONTAINS),
        composite("OR", _CONTAINS, composite("AND", _IN, _CONTAINS)),
        composite("AND", _NOT_IN, _CONTAINS),
        composite("OR", *[_SIX] * 5),
    ],
)
def test_what_the_service_takes_is_taken(where):
    assert _MIXED.run(query("c", where=where)) == []


_FIELDS = st.sampled_from(["a", "b"])
_DOCUMENTS = st.lists(
    st.dictionaries(_FIELDS, SCALARS, max_size=2), min_size=1, max_size=8
)
_COMPARISONS = {
    "EQUAL": lambda sign: sign == 0,
    "LESS_THAN": lambda sign: sign < 0,
    "LESS_THAN_OR_EQUAL": lambda sign: sign <= 0,
    "GREATER_THAN": lambda sign: sign > 0,
    "GREATER_THAN_OR_EQUAL": lambda sign: sign >= 0,
}
_FILTERS = st.lists(
    st.tuples(_FIELDS, st.sampled_from(sorted(_COMPARISONS)), SCALARS), max_size=2
)
_ORDERS = st.lists(
    st.tuples(_FIELDS, st.sampled_from(["asc", "desc"])),
    max_size=2,
    unique_by=lambda order: order[0],
)


def _satisfies(found, op, operand):
    if found is None or not _COMPARISONS[op](compared(found, operand)):
        return False
    return op == "EQUAL" or _kind(found) == _kind(operand)


def _kind(each):
    kind = each.WhichOneof("value_type")
    if kind == "double_value":
        return "nan" if math.isnan(each.double_value) else "number"
    return "number" if kind == "integer_value" else kind


def _expected(documents, filters, orders, offset, limit):
    implied = sorted({field for field, op, _ in filters if op != "EQUAL"})
    named = {field for field, _ in orders}
    last = orders[-1][1] if orders else "asc"
    orders = [*orders, *((field, last) for field in implied if field not in named)]
    rows = [
        (f"d{i}", fields)
        for i, fields in enumerate(documents)
        if all(_satisfies(fields.get(f), op, operand) for f, op, operand in filters)
        and all(field in fields for field, _ in orders)
    ]
    rows.sort(key=lambda row: row[0], reverse=last == "desc")
    for field, direction in reversed(orders):
        rows.sort(key=lambda row: slow_key(row[1][field]), reverse=direction == "desc")
    return [key for key, _ in rows[offset : offset + limit]]


@given(_DOCUMENTS, _FILTERS, _ORDERS, st.integers(0, 3), st.integers(0, 8))
def test_results_equal_those_of_the_slow_way(documents, filters, orders, offset, limit):
    database = _database(**{f"d{i}": each for i, each in enumerate(documents)})
    parts = [field_filter(*each) for each in filters]
    where = composite("AND", *parts) if parts else None

    result = _ids(
        database, where=where, orders=orders, offset=offset, limit={"value": limit}
    )

    assert result == _expected(documents, filters, orders, offset, limit)


@given(_DOCUMENTS, _ORDERS, st.data())
def test_pages_by_cursor_make_up_the_whole(documents, orders, data):
    database = _database(**{f"d{i}": each for i, each in enumerate(documents)})
    asked = query("c", orders=orders)
    whole = database.run(asked)
    size = data.draw(st.integers(1, 3))

    pages, start = [], {}
    while page := database.run(
        query("c", orders=orders, limit={"value": size}, **start)
    ):
        pages += page
        last = page[-1]
        named = [last.document.fields[field] for field, _ in orders]
        start = {"start_at": {"values": [*named, reference(last.name)]}}

    assert ids(pages) == ids(whole)
