"""The same documents and queries, asked of Google's own emulator.

Runs where FIRESTORE_ORACLE_HOST is the address of one: it takes long to start, and it
is on no package registry.
"""

import os
import random
import uuid

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.base_query import And, FieldFilter, Or

_ORACLE = os.environ.get("FIRESTORE_ORACLE_HOST", "")
_OPERATORS = [
    *("==", "!=", "<", "<=", ">", ">=", "in", "not-in"),
    *("array_contains", "array_contains_any"),
]
_DIRECTIONS = ["ASCENDING", "DESCENDING"]
_CURSORS = ["start_at", "start_after", "end_at", "end_before"]
_VALUES = [
    *(None, True, float("nan"), float("-inf"), -1, 0, -0.0, 1, 1.5, 2**53 + 1),
    *(2.0**53, 2**63 - 1, "", "a", "a\x00", "aa", "Ä", "\uffff", "🎵", b"", b"\x00"),
    *([], [1], [1, 2], ["a", None], {}, {"a": 1}, {"a": 1, "b": 2}, {"b": 0}),
]

pytestmark = pytest.mark.skipif(
    not _ORACLE, reason="FIRESTORE_ORACLE_HOST names no emulator of Google's"
)


def _filter(chance, depth=0):
    if depth < 2 and chance.random() < 0.25:
        kind = chance.choice([And, Or])
        return kind([_filter(chance, depth + 1) for _ in range(2)])
    operator = chance.choice(_OPERATORS)
    operand = chance.choice(_VALUES)
    if operator in {"in", "not-in", "array_contains_any"}:
        operand = [chance.choice(_VALUES) for _ in range(chance.randint(1, 4))]
    return FieldFilter(chance.choice("abc"), operator, operand)


def _query(collection, chance):
    query = collection
    if chance.random() < 0.8:
        query = query.where(filter=_filter(chance))
    fields = chance.sample("abc", chance.randint(0, 2))
    for field in fields:
        query = query.order_by(field, direction=chance.choice(_DIRECTIONS))
    if len(fields) == 1 and chance.random() < 0.4:
        cursor = chance.choice(_CURSORS)
        query = getattr(query, cursor)({fields[0]: chance.choice(_VALUES)})
    return query.limit(chance.choice([3, 10, 100]))


def _answer(client, collection, seed):
    """Return the ids found, or the kind of refusal."""
    try:
        query = _query(client.collection(collection), random.Random(seed))
        return [document.id for document in query.stream()]
    except (exceptions.GoogleAPICallError, ValueError) as exc:
        return type(exc)


@pytest.mark.parametrize("seed", range(5))
def test_both_find_the_same(running, connected, seed):
    ours, googles = connected(running.address), connected(_ORACLE)
    collection, chance = f"c{uuid.uuid4().hex[:8]}", random.Random(seed)
    for i in range(60):
        fields = {key: chance.choice(_VALUES) for key in "abc" if chance.random() < 0.8}
        for client in (ours, googles):
            client.collection(collection).document(f"d{i:02}").set(fields)

    seeds = range(seed * 1000, seed * 1000 + 200)
    differ = [
        each
        for each in seeds
        if _answer(ours, collection, each) != _answer(googles, collection, each)
    ]

    assert differ == []
