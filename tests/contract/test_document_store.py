"""What `ports.document_store` promises, in memory and of Firestore."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.firestore import FirestoreDocuments
from shared.adapters.memory.documents import MemoryDocuments
from shared.domain.errors import InvalidInputError, TransientError
from shared.ports.document_store import Mirror
from tests.contract.servers import (
    closed_port,
    connect_firestore,
    firestore_address,
    fresh,
)

__all__ = ["closed_port", "connect_firestore", "firestore_address"]

PATH = "tenants/t1/tracks/1"
NESTED = {
    "title": "Ünïcode 🎺\n\x00",
    "artists": [{"name": "Miles", "role": "MainArtist", "ids": ["a", "b"]}],
    "sources": {"title": {"source": "tags", "confidence": 0.9, "locked": False}},
    "nothing": None,
    "empty": {"list": [], "map": {}, "text": ""},
    "numbers": [0, -1, 2**53, -(2**62), 1.5, 1e300, -0.25],
    "flags": [True, False],
}
STRANGE_NAMES = {
    "a.b": 1, "a b": 2, "`tick`": 3, "back\\slash": 4, "ü": 5, "0": 6, "a/b": 7,
    "[0]": 8, "*~": 9, "a.b.c": {"d.e": 10},
}  # fmt: skip
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner.filter(lambda v: not isinstance(v, list)), max_size=4)
        | st.dictionaries(st.text(min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture
def firestore(connect_firestore, firestore_address) -> FirestoreDocuments:
    return FirestoreDocuments(connect_firestore(firestore_address), patience_s=20)


@pytest.fixture(params=["memory", "firestore"])
def documents(request):
    if request.param == "memory":
        return MemoryDocuments()
    return request.getfixturevalue("firestore")


def test_a_document_is_read_as_it_was_written(documents):
    documents.write([Mirror(PATH, 1, NESTED)])

    assert documents.read(PATH) == NESTED


def test_fields_may_have_any_name(documents):
    documents.write([Mirror(PATH, 1, STRANGE_NAMES)])
    documents.write([Mirror(PATH, 2, {**STRANGE_NAMES, "a.b": "changed"})])

    assert documents.read(PATH) == {**STRANGE_NAMES, "a.b": "changed"}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.dictionaries(st.text("abcé. `", min_size=1), JSON, max_size=5))
def test_any_content_is_read_as_it_was_written(documents, content):
    path = f"tenants/t1/tracks/{fresh('doc')}"

    documents.write([Mirror(path, 1, content)])

    assert documents.read(path) == content


def test_an_absent_document_is_none(documents):
    assert documents.read("tenants/t1/tracks/absent") is None


def test_a_later_version_replaces_all_of_a_document(documents):
    documents.write([Mirror(PATH, 1, {"title": "old", "gone": {"deep": 1}})])

    documents.write([Mirror(PATH, 3, {"title": "new"})])

    assert documents.read(PATH) == {"title": "new"}


@pytest.mark.parametrize("late", [1, 2, 3])
def test_a_late_write_loses(documents, late):
    documents.write([Mirror(PATH, 3, {"title": "newest"})])

    documents.write([Mirror(PATH, late, {"title": "late"})])

    assert documents.read(PATH) == {"title": "newest"}


def test_a_removed_document_is_gone_and_stays_gone(documents):
    documents.write([Mirror(PATH, 2, {"title": "there"})])

    documents.write([Mirror(PATH, 3, None)])
    documents.write([Mirror(PATH, 1, {"title": "late"})])
    documents.write([Mirror(PATH, 2, {"title": "late"})])

    assert documents.read(PATH) is None


def test_a_removal_that_comes_first_holds_back_what_is_older(documents):
    documents.write([Mirror(PATH, 5, None)])

    documents.write([Mirror(PATH, 1, {"title": "late"})])

    assert documents.read(PATH) is None


def test_a_removed_document_may_return_at_a_later_version(documents):
    documents.write([Mirror(PATH, 1, None)])

    documents.write([Mirror(PATH, 2, {"title": "back"})])

    assert documents.read(PATH) == {"title": "back"}


def test_of_one_path_in_one_call_the_highest_version_counts(documents):
    told = [Mirror(PATH, version, {"v": version}) for version in (2, 5, 1, 4)]

    documents.write(told)

    assert documents.read(PATH) == {"v": 5}


def test_more_documents_than_one_request_holds_are_written(documents):
    told = [Mirror(f"tenants/t1/tracks/{n}", 1, {"n": n}) for n in range(450)]
    documents.write(told[100:150])

    documents.write(told)

    assert [documents.read(each.path) for each in told] == [
        {"n": n} for n in range(450)
    ]


def test_more_bytes_than_one_request_holds_are_written(documents):
    told = [
        Mirror(f"tenants/t1/tracks/{n}", 1, {"n": n, "text": "x" * 900_000})
        for n in range(13)
    ]

    documents.write(told)

    assert documents.read(told[12].path)["n"] == 12


def test_some_may_be_late_and_others_not(documents):
    documents.write([Mirror("a/1", 5, {"v": 5}), Mirror("a/2", 1, {"v": 1})])

    documents.write(
        [Mirror("a/1", 4, {"v": 4}), Mirror("a/2", 2, {"v": 2}), Mirror("a/3", 9, {})]
    )

    assert [documents.read(f"a/{n}") for n in (1, 2, 3)] == [{"v": 5}, {"v": 2}, {}]


def test_a_document_too_large_to_store_is_reduced_and_holds_up_none(documents):
    large = {"id": "1", "title": "x", "comment": "x" * 1_200_000, "list": [1]}

    documents.write([Mirror("a/1", 1, large), Mirror("a/2", 1, {"v": 1})])

    assert documents.read("a/1") == {"id": "1", "title": "x", "oversized": True}
    assert documents.read("a/2") == {"v": 1}


def test_of_writers_at_once_the_highest_version_stands(documents):
    def write(seed: int) -> None:
        versions = list(range(1 + seed, 41, 8))
        random.Random(seed).shuffle(versions)
        for version in versions:
            documents.write([Mirror(PATH, version, {"v": version})])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))

    assert documents.read(PATH) == {"v": 40}


def test_writers_of_overlapping_documents_all_finish(documents):
    def write(version: int) -> None:
        order = list(range(12))
        random.Random(version).shuffle(order)
        documents.write([Mirror(f"a/{n}", version, {"v": version}) for n in order])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(1, 9)))

    assert [documents.read(f"a/{n}") for n in range(12)] == [{"v": 8}] * 12


@pytest.mark.parametrize("content", [{"n": 2**63}, {"t": "\ud800"}, {"__x__": 1}])
def test_what_firestore_cannot_hold_is_refused_after_the_others(firestore, content):
    told = [Mirror("a/1", 1, {"v": 1}), Mirror("a/2", 1, content), Mirror("a/3", 1, {})]

    with pytest.raises(InvalidInputError):
        firestore.write(told)

    assert firestore.read("a/1") == {"v": 1}
    assert firestore.read("a/3") == {}


@pytest.mark.parametrize("path", ["", "a", "a/b/c", "a//b/c"])
def test_what_is_no_path_of_a_document_is_refused(firestore, path):
    with pytest.raises(InvalidInputError):
        firestore.write([Mirror(path, 1, {})])
    with pytest.raises(InvalidInputError):
        firestore.read(path)


def test_a_store_that_is_away_is_given_up_within_seconds(
    connect_firestore, closed_port
):
    client = connect_firestore(f"127.0.0.1:{closed_port}")
    documents = FirestoreDocuments(client, patience_s=1)

    for ask in (
        lambda: documents.read(PATH),
        lambda: documents.write([Mirror(PATH, 1, {})]),
        lambda: documents.write([Mirror(PATH, 2, {})]),
    ):
        started_s = time.monotonic()
        with pytest.raises(TransientError):
            ask()
        assert time.monotonic() - started_s < 4


def test_new_documents_are_written_unread_and_others_read_once(firestore):
    wire = firestore._wire
    asked = []
    get, commit = wire.get, wire.commit
    wire.get = lambda *args: (asked.append("get"), get(*args))[1]
    wire.commit = lambda *args: (asked.append("commit"), commit(*args))[1]

    firestore.write([Mirror(f"a/{n}", 1, {}) for n in range(20)])
    firestore.write([Mirror(f"a/{n}", 2, {}) for n in range(20)])

    assert asked == ["commit", "get", "commit"]
