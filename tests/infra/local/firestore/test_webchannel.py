"""WebChannel as a browser speaks it: sessions, forward and back channel."""

import json
import uuid

import httpx
import pytest

_LISTEN = "/google.firestore.v1.Firestore/Listen/channel"
_WRITE = "/google.firestore.v1.Firestore/Write/channel"


class _Session:
    """One session, and the arrays that its back channel brought so far."""

    def __init__(self, http, path, *requests):
        self._http = http
        self._path = path
        self._offset = 0
        opened = self._post({"VER": "8", "RID": "1"}, requests)
        ((_, (kind, self.sid, *_)),) = _frames(opened.text)
        assert kind == "c"
        assert opened.headers["x-http-session-id"] == self.sid
        self.last = 0

    def send(self, *requests, offset=None):
        if offset is not None:
            self._offset = offset
        return self._post({"SID": self.sid, "RID": "2"}, requests)

    def receive(self, **asked):
        """Return the contents of one answer of the back channel."""
        query = {"SID": self.sid, "RID": "rpc", "AID": self.last, "CI": "1", **asked}
        answer = self._http.get(self._path, params=query)
        frames = _frames(answer.text)
        self.last = frames[-1][0] if frames else self.last
        return [content for _, content in frames]

    def receive_until(self, wanted):
        """Return the messages up to the first that *wanted* accepts."""
        told = []
        while not told or not any(map(wanted, told)):
            told += [content[0] for content in self.receive()]
        return told

    def terminate(self):
        return self._http.get(
            self._path, params={"SID": self.sid, "RID": "3", "TYPE": "terminate"}
        )

    def _post(self, query, requests):
        form = {"count": str(len(requests)), "ofs": str(self._offset)}
        for i, request in enumerate(requests):
            form[f"req{i}___data__"] = json.dumps(request)
        self._offset += len(requests)
        return self._http.post(self._path, params=query, data=form)


def _frames(text):
    found = []
    while text:
        size, _, rest = text.partition("\n")
        content = json.loads(rest[: int(size)])
        found += content if isinstance(content[0], list) else [content]
        text = rest[int(size) :]
    return found


def _is_snapshot(message):
    change = message.get("targetChange", {})
    return "readTime" in change and not change.get("targetIds")


@pytest.fixture
def http(running):
    with httpx.Client(base_url=f"http://{running.web_address}", timeout=5) as client:
        yield client


@pytest.fixture
def add_target(db):
    root = f"projects/{db.project}/databases/(default)/documents"
    query = {"from": [{"collectionId": "tracks"}]}
    target = {"query": {"parent": root, "structuredQuery": query}, "targetId": 2}
    return {"database": root.removesuffix("/documents"), "addTarget": target}


def test_a_listener_hears_what_is_written(http, db, add_target):
    session = _Session(http, _LISTEN, add_target)
    told = session.receive_until(_is_snapshot)
    db.collection("tracks").document("a").set({"title": "Ä 🎵"})

    changes = session.receive_until(_is_snapshot)

    assert told[0]["targetChange"] == {"targetChangeType": "ADD", "targetIds": [2]}
    document = changes[0]["documentChange"]["document"]
    assert document["fields"] == {"title": {"stringValue": "Ä 🎵"}}


def test_a_streaming_back_channel_stays_open(http, db, add_target):
    session = _Session(http, _LISTEN, add_target)
    query = {"SID": session.sid, "RID": "rpc", "AID": "0", "CI": "0"}

    with http.stream("GET", _LISTEN, params=query) as answer:
        pieces = answer.iter_text()
        while "CURRENT" not in next(pieces):
            pass
        db.collection("tracks").document("a").set({"x": 1})
        later = next(pieces)

    assert "documentChange" in later


def test_a_repeated_post_counts_once(http, add_target):
    session = _Session(http, _LISTEN)
    session.send(add_target)
    session.send(add_target, offset=0)
    told = session.receive_until(_is_snapshot)

    added = [
        message
        for message in told
        if message.get("targetChange", {}).get("targetChangeType") == "ADD"
    ]
    assert len(added) == 1


def test_what_was_not_acknowledged_is_told_again(http, add_target):
    session = _Session(http, _LISTEN, add_target)
    first = session.receive(AID=0)

    assert session.receive(AID=0) == first


def test_a_write_stream_shakes_hands_then_writes(http, db):
    database = f"projects/{db.project}/databases/(default)"
    name = f"{database}/documents/tracks/a"
    session = _Session(http, _WRITE, {"database": database})
    (handshake,) = session.receive()
    write = {"update": {"name": name, "fields": {"x": {"integerValue": "1"}}}}

    session.send({"streamToken": handshake[0]["streamToken"], "writes": [write]})
    (answer,) = session.receive()

    assert handshake[0]["streamId"]
    assert len(answer[0]["writeResults"]) == 1
    assert db.collection("tracks").document("a").get().to_dict() == {"x": 1}


@pytest.mark.parametrize("request_", [{"writes": 5}, {"writes": [{"delete": "c/a"}]}])
def test_an_error_ends_the_stream_and_is_told(http, request_):
    session = _Session(http, _WRITE, {"database": "projects/p/databases/d"})
    session.receive()

    session.send(request_)
    (answer,) = session.receive()

    assert answer[0]["error"]["status"] == "INVALID_ARGUMENT"
    assert session.receive() == []


def test_a_terminated_session_is_unknown(http, add_target):
    session = _Session(http, _LISTEN, add_target)

    session.terminate()

    assert session.send(add_target).status_code == 400


def test_an_unknown_session_is_refused(http):
    answer = http.get(_LISTEN, params={"SID": uuid.uuid4().hex, "RID": "rpc"})

    assert answer.status_code == 400
