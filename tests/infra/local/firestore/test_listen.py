"""Listeners, seen from the protocol: what a client that folds the responses sees."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore.database import Database
from infra.local.firestore.messages import request_class
from infra.local.firestore.service import FirestoreService
from infra.local.firestore.targets import WatchedQuery
from tests.infra.local.firestore.made import (
    ROOT,
    deleted,
    field_filter,
    ids,
    name,
    query,
    structured,
    vector,
    written,
)

_Request = request_class("Listen")
_NO_CHANGE, _ADD, _REMOVE, _CURRENT, _RESET = range(5)


class _Client:
    """One listen stream, and the documents that its targets hold."""

    def __init__(self, service):
        self._requests = asyncio.Queue()
        self._responses = service.listen(self._asked())
        self.documents = {}
        self.kinds = []
        self.told = 0
        self.token = b""
        self.cause = None

    async def _asked(self):
        while (request := await self._requests.get()) is not None:
            yield request

    async def add(self, target_id=1, **target):
        self._requests.put_nowait(
            _Request(add_target={"target_id": target_id, **target})
        )
        await self.snapshot()

    async def add_query(self, *args, target_id=1, resume_token=b"", **rest):
        asked = {"parent": ROOT, "structured_query": structured(*args, **rest)}
        await self.add(target_id, query=asked, resume_token=resume_token)

    async def remove(self, target_id=1):
        self._requests.put_nowait(_Request(remove_target=target_id))
        self._take(await anext(self._responses))

    async def snapshot(self):
        """Fold responses until one says that they are a snapshot."""
        async with asyncio.timeout(2):
            while not self._take(await anext(self._responses)):
                pass

    async def is_quiet(self):
        waiting = asyncio.ensure_future(anext(self._responses))
        done, _ = await asyncio.wait({waiting}, timeout=0.02)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return not done

    async def close(self):
        self._requests.put_nowait(None)
        async for response in self._responses:
            self._take(response)

    def _take(self, response):
        kind = response.WhichOneof("response_type")
        message = getattr(response, kind)
        if kind == "document_change":
            self.documents[message.document.name] = message.document
            self.told += 1
        elif kind in {"document_delete", "document_remove"}:
            self.documents.pop(message.document, None)
            self.told += 1
        else:
            return self._take_target_change(message)
        return False

    def _take_target_change(self, change):
        self.kinds.append(change.target_change_type)
        self.token = change.resume_token or self.token
        if change.target_change_type == _RESET:
            self.documents.clear()
        if change.target_change_type == _REMOVE:
            self.cause = change.cause
            return True
        return change.target_change_type == _NO_CHANGE and not change.target_ids


@pytest.fixture
def service():
    return FirestoreService(Database())


def _held(client):
    return sorted(each.rpartition("/")[2] for each in client.documents)


def test_a_new_target_is_added_filled_and_current(service):
    service.database.commit([written("c/a", x=1), written("d/b", x=1)])

    async def run():
        client = _Client(service)
        await client.add_query("c")
        await client.close()
        return client

    client = asyncio.run(run())

    assert _held(client) == ["a"]
    assert client.kinds == [_ADD, _CURRENT, _NO_CHANGE]
    assert len(service.listeners) == 0


def test_documents_by_name_come_change_and_go(service):
    async def run():
        client = _Client(service)
        await client.add(documents={"documents": [name("c/a"), name("c/b")]})
        seen = [_held(client)]
        for write in (written("c/a", x=1), written("c/a", x=2), deleted("c/a")):
            service.database.commit([write])
            await client.snapshot()
            seen.append(_held(client))
        service.database.commit([written("c/other", x=1)])
        assert await client.is_quiet()
        return seen

    assert asyncio.run(run()) == [[], ["a"], ["a"], []]


def test_a_commit_is_one_snapshot_over_all_targets_of_a_stream(service):
    async def run():
        client = _Client(service)
        await client.add_query("c", target_id=1)
        await client.add_query("d", target_id=2)
        client.kinds.clear()
        service.database.commit([written("c/a", x=1), written("d/b", x=1)])
        await client.snapshot()
        return client

    client = asyncio.run(run())

    assert _held(client) == ["a", "b"]
    assert client.kinds == [_NO_CHANGE]


def test_commits_elsewhere_wake_no_target(service, monkeypatch):
    woken = []
    monkeypatch.setattr(
        WatchedQuery, "after", lambda _, changes: woken.extend(changes) or []
    )

    async def run():
        client = _Client(service)
        await client.add_query("c")
        service.database.commit([written("d/a", x=1), written("t/1/c/a", x=1)])
        service.database.commit([written("c/a", x=1)])
        await client.close()

    asyncio.run(run())

    assert [change.name for change in woken] == [name("c/a")]


def test_a_removed_target_hears_no_more(service):
    async def run():
        client = _Client(service)
        await client.add_query("c")
        await client.remove()
        service.database.commit([written("c/a", x=1)])
        return await client.is_quiet()

    assert asyncio.run(run())


def test_a_refused_target_is_removed_with_its_cause(service):
    async def run():
        client = _Client(service)
        await client.add_query("c", where=field_filter("x", "IN", []))
        return client.cause

    assert asyncio.run(run()).code == 3


def test_a_target_for_once_ends_when_it_is_current(service):
    service.database.commit([written("c/a", x=1)])

    async def run():
        client = _Client(service)
        asked = {"parent": ROOT, "structured_query": structured("c")}
        await client.add(query=asked, once=True)
        await client.snapshot()
        return client

    client = asyncio.run(run())

    assert _held(client) == ["a"]
    assert client.kinds[-1] == _REMOVE
    assert len(service.listeners) == 0


def test_neighbours_are_told_again_when_they_change(service):
    nearest = {
        "vector_field": {"field_path": "v"},
        "query_vector": vector([0]),
        "distance_measure": 1,
        "limit": {"value": 1},
    }
    service.database.commit([written("c/far", v=vector([9]))])

    async def run():
        client = _Client(service)
        await client.add_query("c", find_nearest=nearest)
        seen = [_held(client)]
        service.database.commit([written("c/near", v=vector([1]))])
        await client.snapshot()
        return [*seen, _held(client)]

    assert asyncio.run(run()) == [["far"], ["near"]]


_QUERIES = {
    "all": {},
    "some": {"where": field_filter("x", "GREATER_THAN", 1)},
    "sorted": {"orders": [("x", "desc")]},
    "first": {"orders": [("x", "asc")], "limit": {"value": 2}},
    "later": {"orders": [("x", "desc")], "offset": 1, "limit": {"value": 2}},
    "group": {"group": True, "limit": {"value": 3}},
}
_PATHS = st.sampled_from(["c/a", "c/b", "c/d", "c/e", "t/1/c/f", "other/a"])
_WRITES = st.one_of(
    st.builds(written, _PATHS, x=st.integers(0, 3)),
    st.builds(written, _PATHS, y=st.integers(0, 3)),
    _PATHS.map(deleted),
)
_COMMITS = st.lists(st.lists(_WRITES, min_size=1, max_size=3), max_size=6)


@pytest.mark.parametrize("kind", _QUERIES)
@given(before=_COMMITS, while_on=_COMMITS, while_off=_COMMITS)
def test_a_listener_always_holds_what_its_query_finds(
    kind, before, while_on, while_off
):
    database = Database()
    service = FirestoreService(database)
    asked = query("c", **_QUERIES[kind])

    def expected():
        return sorted(ids(database.run(asked)))

    async def run():
        for commit in before:
            database.commit(commit)
        client = _Client(service)
        await client.add_query("c", **_QUERIES[kind])
        assert _held(client) == expected()
        for commit in while_on:
            database.commit(commit)
        await client.close()
        assert _held(client) == expected()

        for commit in while_off:
            database.commit(commit)
        again = _Client(service)
        again.documents = client.documents
        await again.add_query("c", resume_token=client.token, **_QUERIES[kind])
        assert _held(again) == expected()
        for held in again.documents.values():
            assert held == database.documents.get(held.name).document
        await again.close()

    asyncio.run(run())


def test_a_resumed_listener_hears_of_what_changed_alone(service):
    service.database.commit([written(f"c/{i}", x=i) for i in range(50)])

    async def run():
        client = _Client(service)
        await client.add_query("c")
        await client.close()
        service.database.commit([written("c/7", x=700), deleted("c/8")])
        again = _Client(service)
        await again.add_query("c", resume_token=client.token)
        return again

    again = asyncio.run(run())

    assert again.told == 2
    assert _RESET not in again.kinds


@pytest.mark.parametrize("token", [b"not ours", (1).to_bytes(8, "big"), b"x"])
def test_a_token_from_before_the_history_resets(service, token):
    service.database.commit([written("c/a", x=1)])

    async def run():
        client = _Client(service)
        client.documents["stale/b"] = None
        await client.add_query("c", resume_token=token)
        return client

    client = asyncio.run(run())

    assert _RESET in client.kinds
    assert _held(client) == ["a"]
