import pytest

from infra.local.firestore.indexes import IndexAdvice, needed
from tests.infra.local.firestore.made import composite, field_filter, query, vector

_A, _B = field_filter("a", "EQUAL", 1), field_filter("b", "EQUAL", 1)
_TAGS = field_filter("tags", "ARRAY_CONTAINS", "x")
_MORE = field_filter("b", "GREATER_THAN", 1)
_SAME = field_filter("a", "GREATER_THAN", 1)
_ASCENDING, _DESCENDING = ("b", "asc"), ("b", "desc")


def _fields(asked, aggregated=()):
    return sorted(
        [
            f"{field.field_path} "
            f"{field.order or field.array_config or field.vector_dimension}"
            for field in index.fields
        ]
        for index in needed(asked, aggregated)
    )


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"where": _A},
        {"where": composite("AND", _A, _B)},
        {"where": composite("AND", _A, _TAGS)},
        {"where": _MORE},
        {"where": _MORE, "orders": [_DESCENDING]},
        {"orders": [_DESCENDING]},
        {"where": _B, "orders": [_ASCENDING]},
        {"where": composite("OR", _A, _B)},
        {"where": field_filter("__name__", "GREATER_THAN", "x")},
        {"group": True},
    ],
)
def test_single_field_indexes_and_their_merges_serve(rest):
    assert _fields(query("c", **rest)) == []


@pytest.mark.parametrize(
    ("rest", "fields"),
    [
        (
            {"where": _A, "orders": [_DESCENDING]},
            [["a ASCENDING", "b DESCENDING"]],
        ),
        ({"where": composite("AND", _A, _MORE)}, [["a ASCENDING", "b ASCENDING"]]),
        (
            {"where": _TAGS, "orders": [_ASCENDING]},
            [["tags CONTAINS", "b ASCENDING"]],
        ),
        (
            {"orders": [("a", "asc"), _DESCENDING]},
            [["a ASCENDING", "b DESCENDING"]],
        ),
        (
            {"where": composite("AND", _SAME, _MORE)},
            [["a ASCENDING", "b ASCENDING"]],
        ),
        (
            {
                "where": composite("AND", composite("OR", _A, _TAGS), _MORE),
                "orders": [_ASCENDING],
            },
            [["a ASCENDING", "b ASCENDING"], ["tags CONTAINS", "b ASCENDING"]],
        ),
        ({"where": _A, "group": True}, [["a ASCENDING"]]),
        ({"orders": [_DESCENDING], "group": True}, [["b DESCENDING"]]),
        (
            {
                "find_nearest": {
                    "vector_field": {"field_path": "v"},
                    "query_vector": vector([1, 2, 3]),
                    "distance_measure": 1,
                    "limit": {"value": 1},
                }
            },
            [["v 3"]],
        ),
    ],
)
def test_the_rest_needs_one_of_its_own(rest, fields):
    assert _fields(query("c", **rest)) == fields


def test_a_sum_under_a_filter_needs_the_field_in_the_index():
    asked = query("c", where=_A)

    assert _fields(asked, [("plays",), ("plays",)]) == [
        ["a ASCENDING", "plays ASCENDING"]
    ]
    assert _fields(query("c"), [("plays",)]) == []


def test_advice_is_counted_and_told_in_terraforms_words():
    advice = IndexAdvice()
    for collection in ("d", "c", "c"):
        advice.note(query(collection, where=_A, orders=[_DESCENDING]))
    advice.note(query("c"))

    first, second = advice.listed()

    assert first == {
        "kind": "composite",
        "collection": "c",
        "query_scope": "COLLECTION",
        "fields": [
            {"field_path": "a", "order": "ASCENDING"},
            {"field_path": "b", "order": "DESCENDING"},
        ],
        "uses": 2,
    }
    assert (second["collection"], second["uses"]) == ("d", 1)


def test_advice_can_be_forgotten():
    advice = IndexAdvice()
    advice.note(query("c", where=_A, orders=[_DESCENDING]))

    advice.clear()

    assert advice.listed() == []
