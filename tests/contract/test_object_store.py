"""What `ports.object_store` promises, of a folder, of S3 and of Cloud Storage."""

from __future__ import annotations

import base64
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from shared.adapters.gcs import GcsObjectStore
from shared.adapters.gcs_signing import KeySigning
from shared.adapters.local import LocalObjectStore
from shared.adapters.s3 import S3ObjectStore, s3_client
from shared.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TransientError,
)
from tests.contract.servers import (
    closed_port,
    fresh,
    make_s3_bucket,
    s3_keys,
    s3_url,
    storage_client,
    storage_client_of,
    storage_server,
)

__all__ = ["closed_port", "s3_url", "storage_client", "storage_server"]

SOON = timedelta(minutes=5)
AWKWARD = (
    "So What.flac", "a/b/ü/日本語 🎺.flac", "100%/#1?.flac", "a+b&c=d.flac",
    "[x]*'\"`;|\\.flac", "%2F%20.flac", "e\u0301 and \u00e9.flac", "~.flac",
)  # fmt: skip
NOT_NAMES = (
    "",
    "/a",
    "a//b",
    "a/",
    "./a",
    "a/../b",
    "a\x00b",
    "a\nb",
    "é" * 600,
    "\ud800",
)


@pytest.fixture
def local(tmp_path) -> LocalObjectStore:
    return LocalObjectStore(tmp_path)


@pytest.fixture
def s3(s3_url) -> S3ObjectStore:
    name = fresh("bucket")
    make_s3_bucket(s3_url, name)
    client = s3_client(endpoint_url=s3_url, region_name="us-east-1", **s3_keys())
    return S3ObjectStore(client, name)


@pytest.fixture
def gcs(storage_client, storage_server) -> GcsObjectStore:
    name = fresh("bucket")
    storage_client.create_bucket(name)
    return GcsObjectStore(
        storage_client, name, KeySigning(storage_server.signer_key_file)
    )


@pytest.fixture(params=["local", "s3", "gcs"])
def store(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["s3", "gcs"])
def signing_store(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def wait_for_newer(store):
    """Wait until what is written has a new generation: on S3 that takes a second."""
    return lambda: time.sleep(1.05 if isinstance(store, S3ObjectStore) else 0)


def put(store, name: str, content: bytes = b"audio"):
    return store.create(name, content, content_type="audio/flac")


def content_of(store, name: str, **which) -> bytes:
    return b"".join(store.read(name, **which))


def test_what_is_created_is_known_and_read(store):
    stat = store.create(
        "a/so what.flac", b"audio", content_type="audio/flac", metadata={"from": "ann"}
    )

    assert stat == store.stat("a/so what.flac")
    assert stat.uri.startswith(store.base_uri)
    assert (stat.name, stat.size_bytes) == ("a/so what.flac", 5)
    assert (stat.content_type, stat.metadata) == ("audio/flac", {"from": "ann"})
    assert abs(stat.updated_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert content_of(store, "a/so what.flac") == b"audio"


@pytest.mark.parametrize("name", AWKWARD)
def test_names_of_any_characters_stay_as_they_are(store, name):
    put(store, name, name.encode())

    assert store.stat(name).name == name
    assert content_of(store, name) == name.encode()
    assert [stat.name for stat in store.list(name[:3])] == [name]


@pytest.mark.parametrize("name", NOT_NAMES)
def test_what_is_no_name_is_refused(store, name):
    with pytest.raises(InvalidInputError):
        put(store, name)
    with pytest.raises(InvalidInputError):
        store.stat(name)


def test_a_name_is_created_once(store):
    put(store, "x", b"first")

    with pytest.raises(ConflictError) as caught:
        put(store, "x", b"second")

    assert caught.value.facts == {"object": "x"}
    assert content_of(store, "x") == b"first"


def test_of_those_who_create_at_once_one_succeeds(store):
    begin = threading.Barrier(8)

    def create(number: int) -> bool:
        begin.wait()
        try:
            put(store, "contested", f"{number}".encode() * 1000)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = [number for number, did in enumerate(pool.map(create, range(8))) if did]

    assert len(won) == 1
    assert content_of(store, "contested") == f"{won[0]}".encode() * 1000


@pytest.mark.parametrize("size_bytes", [0, 1, 256 * 1024, 9 * 1024 * 1024 + 1])
def test_a_writer_streams_any_size(store, size_bytes):
    block = b"x" * min(100_000, size_bytes or 1)

    with store.open_writer("w", content_type="text/csv") as stream:
        for start in range(0, size_bytes, len(block)):
            stream.write(block[: size_bytes - start])

    assert store.stat("w").size_bytes == size_bytes
    assert store.stat("w").content_type == "text/csv"
    assert content_of(store, "w") == b"x" * size_bytes


def test_a_writer_replaces_with_a_higher_generation(store, wait_for_newer):
    first = put(store, "w", b"before")
    wait_for_newer()

    with store.open_writer("w", content_type="text/csv") as stream:
        stream.write(b"after")

    assert store.stat("w").generation > first.generation
    assert content_of(store, "w") == b"after"


@pytest.mark.parametrize("written_bytes", [0, 10, 9 * 1024 * 1024])
def test_a_writer_that_fails_midway_leaves_nothing(store, written_bytes):
    put(store, "there", b"before")

    def write_half(name: str) -> None:
        with store.open_writer(name, content_type="text/csv") as stream:
            stream.write(b"x" * written_bytes)
            raise RuntimeError

    for name in ("there", "new"):
        with pytest.raises(RuntimeError):
            write_half(name)

    assert [stat.name for stat in store.list()] == ["there"]
    assert content_of(store, "there") == b"before"


@pytest.mark.parametrize("ask", ["stat", "read", "delete"])
def test_an_absent_object_is_not_found(store, ask):
    with pytest.raises(NotFoundError) as caught:
        list(getattr(store, ask)("absent.flac") or ())

    assert caught.value.facts["object"] == "absent.flac"


def test_another_generation_is_not_found(store):
    stat = put(store, "x")

    assert content_of(store, "x", generation=stat.generation) == b"audio"
    with pytest.raises(NotFoundError):
        content_of(store, "x", generation=stat.generation + 1)
    with pytest.raises(NotFoundError):
        store.stat("x", generation=stat.generation + 1)


def test_what_is_known_is_read_without_asking_again(store):
    stat = put(store, "x")

    assert b"".join(store.read_known(stat)) == b"audio"
    assert b"".join(store.read_known(stat, start=1, end=3)) == b"ud"
    with pytest.raises(NotFoundError):
        list(store.read_known(replace(stat, generation=stat.generation + 1)))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (3, 5, b"34"),
        (0, 1, b"0"),
        (9, 10, b"9"),
        (5, 500, b"56789"),
        (10, None, b""),
        (50, 60, b""),
        (4, 4, b""),
        (5, 3, b""),
    ],
)
def test_a_range_is_read_up_to_its_end(store, start, end, expected):
    put(store, "digits", b"0123456789")

    assert content_of(store, "digits", start=start, end=end) == expected


def test_an_empty_object_is_read_as_nothing(store):
    put(store, "empty", b"")

    assert content_of(store, "empty") == b""


def test_a_large_object_comes_in_parts(store):
    content = bytes(range(256)) * 4096 * 10

    put(store, "large", content)

    parts = list(store.read("large"))
    assert len(parts) > 1
    assert b"".join(parts) == content
    assert (
        content_of(store, "large", start=8 * 2**20 - 3, end=8 * 2**20 + 3)
        == (content[8 * 2**20 - 3 : 8 * 2**20 + 3])
    )


def test_a_list_is_sorted_and_of_its_prefix(store):
    for name in ("b/2", "a/1", "b/10", "b-1", "c"):
        put(store, name)

    assert [stat.name for stat in store.list("b/")] == ["b/10", "b/2"]
    assert [s.name for s in store.list()] == ["a/1", "b-1", "b/10", "b/2", "c"]
    assert list(store.list("absent")) == []


def test_what_is_deleted_is_gone_and_may_be_created_anew(store):
    put(store, "x", b"old")

    store.delete("x")

    with pytest.raises(NotFoundError):
        store.stat("x")
    assert put(store, "x", b"new").size_bytes == 3


@pytest.mark.parametrize("kind", ["s3", "gcs"])
def test_a_bucket_that_is_not_there_has_no_objects(request, kind):
    there = request.getfixturevalue(kind)
    absent = _of_bucket(there, "no-such-bucket-here")

    for ask in (lambda: absent.stat("x"), lambda: list(absent.list())):
        with pytest.raises(NotFoundError):
            ask()
    with pytest.raises(NotFoundError):
        put(absent, "x")
    with (
        pytest.raises(NotFoundError),
        absent.open_writer("x", content_type="a/b") as stream,
    ):
        stream.write(b"x")


@pytest.mark.parametrize("kind", ["s3", "gcs"])
def test_a_store_that_is_away_is_given_up_within_seconds(kind, closed_port):
    store = _away(kind, f"http://127.0.0.1:{closed_port}")

    def write() -> None:
        with store.open_writer("x", content_type="a/b") as stream:
            stream.write(b"x" * 9 * 2**20)

    for ask in (
        lambda: store.stat("x"),
        lambda: put(store, "x"),
        lambda: list(store.read("x")),
        lambda: list(store.list()),
        write,
    ):
        started_s = time.monotonic()
        with pytest.raises(TransientError):
            ask()
        assert time.monotonic() - started_s < 8


def test_content_that_is_not_what_was_sent_is_refused(gcs, storage_server):
    wrong = base64.b64encode(b"\x00\x00\x00\x01").decode()
    boundary = "b0undary"
    resource = {"name": "x", "crc32c": wrong, "contentType": "a/b"}
    body = (
        f"--{boundary}\r\nContent-Type: application/json\r\n\r\n"
        f"{json.dumps(resource)}\r\n--{boundary}\r\nContent-Type: a/b\r\n\r\n"
        f"audio\r\n--{boundary}--\r\n"
    )
    bucket = gcs.base_uri.removeprefix("gs://")

    answer = requests.post(
        f"{storage_server.url}/upload/storage/v1/b/{bucket}/o?uploadType=multipart",
        data=body,
        headers={"Content-Type": f"multipart/related; boundary={boundary}"},
        timeout=10,
    )

    assert answer.status_code == 400
    assert list(gcs.list()) == []


def test_an_object_that_comes_damaged_is_not_taken_for_whole(gcs, monkeypatch):
    put(gcs, "x", b"audio")
    true = gcs.stat("x")
    monkeypatch.setattr(gcs, "_chunks", lambda *_: iter([b"audiO"]))

    with pytest.raises(TransientError) as caught:
        content_of(gcs, "x")

    assert true.crc32c
    assert caught.value.message == "the object came damaged"


@pytest.mark.parametrize("name", AWKWARD)
def test_a_signed_download_works_for_anyone_under_the_name_given(signing_store, name):
    put(signing_store, name)
    filename = name.rpartition("/")[2]

    url = signing_store.signed_download(name, valid_for=SOON, filename=filename)
    answer = requests.get(url, timeout=10)

    assert (answer.status_code, answer.content) == (200, b"audio")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    exact = requests.utils.unquote(disposition.partition("filename*=UTF-8''")[2])
    assert exact == filename


def test_a_signed_upload_takes_one_object(signing_store):
    signed = signing_store.signed_upload(
        "in/ü 1.flac", valid_for=SOON, content_type="audio/flac", resumable=False
    )

    answer = requests.request(
        signed.method, signed.url, headers=dict(signed.headers), data=b"au", timeout=10
    )

    assert answer.status_code == 200
    assert signing_store.stat("in/ü 1.flac").content_type == "audio/flac"
    assert content_of(signing_store, "in/ü 1.flac") == b"au"


def test_a_resumable_upload_is_sent_in_parts(gcs):
    signed = gcs.signed_upload(
        "in/large.wav", valid_for=SOON, content_type="audio/wav", resumable=True
    )
    part = b"x" * 256 * 1024

    began = requests.post(signed.url, headers=dict(signed.headers), timeout=10)
    session = began.headers["Location"]
    first = requests.put(
        session, data=part, headers={"Content-Range": "bytes 0-262143/*"}, timeout=10
    )
    last = requests.put(
        session,
        data=b"end",
        headers={"Content-Range": "bytes 262144-262146/262147"},
        timeout=10,
    )

    assert (began.status_code, first.status_code, last.status_code) == (201, 308, 200)
    assert content_of(gcs, "in/large.wav") == part + b"end"


def test_a_signed_upload_keeps_to_its_size_and_type(gcs):
    signed = gcs.signed_upload(
        "x", valid_for=SOON, content_type="a/b", resumable=False, max_bytes=4
    )
    headers = dict(signed.headers)

    too_large = requests.put(signed.url, headers=headers, data=b"12345", timeout=10)
    other_type = requests.put(
        signed.url, headers={**headers, "Content-Type": "c/d"}, data=b"1", timeout=10
    )
    within = requests.put(signed.url, headers=headers, data=b"1234", timeout=10)

    assert too_large.status_code == 400
    assert other_type.status_code == 403
    assert within.status_code == 200


@pytest.mark.parametrize("part", ["name", "signature"])
def test_a_signed_url_is_good_for_nothing_else(gcs, part):
    put(gcs, "mine")
    put(gcs, "other")
    url = gcs.signed_download("mine", valid_for=SOON)
    changed = url.replace("/mine?", "/other?") if part == "name" else f"{url[:-2]}00"

    assert requests.get(changed, timeout=10).status_code == 403


def test_a_folder_gives_its_own_address_and_takes_no_uploads(local):
    stat = put(local, "x y")

    assert local.signed_download("x y", valid_for=SOON) == stat.uri
    with pytest.raises(InvalidInputError):
        local.signed_upload("z", valid_for=SOON, content_type="a/b", resumable=False)


def test_in_a_folder_a_file_and_a_folder_of_one_name_conflict(local):
    put(local, "a")

    with pytest.raises(ConflictError):
        put(local, "a/b")
    with pytest.raises(NotFoundError):
        local.stat("a/b")


def test_a_folder_keeps_its_own_things_apart(local):
    put(local, "a")

    with pytest.raises(InvalidInputError):
        put(local, ".linernotes/x")
    assert [stat.name for stat in local.list()] == ["a"]


def _of_bucket(store, name: str):
    if isinstance(store, S3ObjectStore):
        return S3ObjectStore(store._client, name)
    return GcsObjectStore(store._bucket.client, name, store._signing)


def _away(kind: str, url: str):
    if kind == "s3":
        client = s3_client(endpoint_url=url, region_name="us-east-1", **s3_keys())
        return S3ObjectStore(client, "bucket")
    return GcsObjectStore(
        storage_client_of(url), "bucket", KeySigning(None), patience_s=1.0
    )
