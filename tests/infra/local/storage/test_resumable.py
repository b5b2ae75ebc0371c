import base64
import io
import os
import socket
import time

import google_crc32c
import pytest
from google.api_core.exceptions import PreconditionFailed

BLOCK = 256 << 10


@pytest.fixture
def start(http, bucket):
    """Start a session for the object `x`, and return its address."""

    def post(headers=None, **resource):
        response = http.post(
            f"/upload/storage/v1/b/{bucket.name}/o",
            params={"uploadType": "resumable", "name": "x"},
            json=resource,
            headers=headers,
        )
        response.raise_for_status()
        return response.headers["Location"]

    return post


def _put(http, session, content, content_range, **headers):
    return http.put(
        session, content=content, headers={"Content-Range": content_range, **headers}
    )


def test_chunks_arrive_in_order(bucket):
    content = os.urandom(3 * BLOCK + 17)
    blob = bucket.blob("x", chunk_size=BLOCK)

    blob.upload_from_file(io.BytesIO(content), content_type="audio/flac")

    assert bucket.get_blob("x").content_type == "audio/flac"
    assert bucket.blob("x").download_as_bytes() == content


def test_a_single_request_brings_everything(http, bucket, start):
    session = start(contentType="audio/flac", metadata={"a": "1"})

    response = http.put(session, content=b"content")

    assert response.status_code == 200
    assert response.json()["size"] == "7"
    assert bucket.get_blob("x").metadata == {"a": "1"}


def test_an_empty_object_needs_no_bytes(http, bucket, start):
    response = _put(http, start(), b"", "bytes */0")

    assert response.status_code == 200
    assert bucket.get_blob("x").size == 0


def test_the_server_says_where_to_go_on(http, bucket, start):
    session = start()

    nothing = _put(http, session, b"", "bytes */*")
    first = _put(http, session, b"a" * BLOCK, f"bytes 0-{BLOCK - 1}/*")
    asked = _put(http, session, b"", "bytes */*")
    absent = bucket.get_blob("x")
    last = _put(http, session, b"b" * 9, f"bytes {BLOCK}-{BLOCK + 8}/{BLOCK + 9}")

    assert nothing.status_code == 308
    assert "Range" not in nothing.headers
    assert first.headers["Range"] == asked.headers["Range"] == f"bytes=0-{BLOCK - 1}"
    assert absent is None
    assert last.status_code == 200
    assert bucket.blob("x").download_as_bytes() == b"a" * BLOCK + b"b" * 9


def test_bytes_sent_again_count_once(http, bucket, start):
    session = start()
    content = os.urandom(2 * BLOCK)

    _put(http, session, content[:BLOCK], f"bytes 0-{BLOCK - 1}/{2 * BLOCK}")
    again = _put(http, session, content, f"bytes 0-{2 * BLOCK - 1}/{2 * BLOCK}")

    assert again.status_code == 200
    assert bucket.blob("x").download_as_bytes() == content


def test_a_gap_is_refused_and_the_session_goes_on(http, start):
    session = start()

    gap = _put(http, session, b"bb", "bytes 2-3/4")
    whole = _put(http, session, b"aabb", "bytes 0-3/4")

    assert gap.status_code == 503
    assert whole.status_code == 200


def test_a_finished_session_tells_what_it_became(http, start):
    session = start()
    finished = http.put(session, content=b"content").json()

    asked = _put(http, session, b"", "bytes */*")

    assert asked.status_code == 200
    assert asked.json() == finished


def test_a_wrong_checksum_at_the_end_makes_no_object(http, bucket, start):
    session = start()
    wrong = {"X-Goog-Hash": "crc32c=AAAAAA=="}

    response = _put(http, session, b"content", "bytes 0-6/7", **wrong)

    assert response.status_code == 400
    assert bucket.get_blob("x") is None
    assert _put(http, session, b"", "bytes */*").status_code == 404


def test_the_right_checksum_at_the_end_is_accepted(http, start):
    digest = google_crc32c.Checksum(b"content").digest()
    right = {"X-Goog-Hash": f"crc32c={base64.b64encode(digest).decode()}"}

    response = _put(http, start(), b"content", "bytes 0-6/7", **right)

    assert response.status_code == 200


def test_a_size_other_than_announced_is_refused(http, bucket, start):
    session = start(headers={"X-Upload-Content-Length": "9"})

    assert http.put(session, content=b"content").status_code == 400
    assert bucket.get_blob("x") is None


def test_a_condition_holds_at_the_start_and_at_the_end(http, bucket):
    path = f"/upload/storage/v1/b/{bucket.name}/o"
    create_only = {"uploadType": "resumable", "name": "x", "ifGenerationMatch": "0"}
    session = http.post(path, params=create_only).headers["Location"]
    bucket.blob("x").upload_from_string("overtaken")

    at_the_end = http.put(session, content=b"late")
    at_the_start = http.post(path, params=create_only)

    assert (at_the_end.status_code, at_the_start.status_code) == (412, 412)
    assert bucket.blob("x").download_as_bytes() == b"overtaken"


def test_the_client_sees_a_failed_condition(bucket):
    bucket.blob("x").upload_from_string("1")
    blob = bucket.blob("x", chunk_size=BLOCK)

    with pytest.raises(PreconditionFailed):
        blob.upload_from_file(io.BytesIO(bytes(3 * BLOCK)), if_generation_match=0)


def test_a_cancelled_session_is_gone(http, start, folder):
    files = len(list((folder / "data" / "content").iterdir()))
    session = start()

    cancelled = http.delete(session)

    assert cancelled.status_code == 499
    assert http.put(session, content=b"x").status_code == 404
    assert len(list((folder / "data" / "content").iterdir())) == files


def test_a_made_up_session_is_not_found(http, bucket):
    path = f"/upload/storage/v1/b/{bucket.name}/o?upload_id=made-up"

    assert http.put(path, content=b"x").status_code == 404


def test_a_session_ends_with_its_bucket(client, http, bucket, start):
    session = start()
    client.bucket(bucket.name).delete()

    assert http.put(session, content=b"x").status_code == 404

    client.create_bucket(bucket.name)
    assert list(client.list_blobs(bucket)) == []


def test_a_connection_that_breaks_leaves_what_had_arrived(http, bucket, start, server):
    session = start()
    host, port = server.removeprefix("http://").split(":")
    path = session.removeprefix(server)
    with socket.create_connection((host, int(port))) as connection:
        head = f"PUT {path} HTTP/1.1\r\nHost: {host}\r\n"
        sizes = "Content-Length: 1000\r\nContent-Range: bytes 0-999/1000\r\n\r\n"
        connection.sendall((head + sizes).encode() + b"a" * 600)
        time.sleep(0.1)

    asked = _put(http, session, b"", "bytes */*")
    finished = _put(http, session, b"b" * 400, "bytes 600-999/1000")

    assert asked.headers["Range"] == "bytes=0-599"
    assert finished.status_code == 200
    assert bucket.blob("x").download_as_bytes() == b"a" * 600 + b"b" * 400


def test_a_stalled_connection_does_not_hold_the_session(http, start, server):
    session = start()
    host, port = server.removeprefix("http://").split(":")
    path = session.removeprefix(server)
    with socket.create_connection((host, int(port))) as stalled:
        head = f"PUT {path} HTTP/1.1\r\nHost: {host}\r\n"
        sizes = "Content-Length: 1000\r\nContent-Range: bytes 0-999/1000\r\n\r\n"
        stalled.sendall((head + sizes).encode() + b"a" * 600)
        time.sleep(0.1)

        asked = _put(http, session, b"", "bytes */*")
        finished = _put(http, session, b"b" * 400, "bytes 600-999/1000")

    assert asked.headers["Range"] == "bytes=0-599"
    assert finished.status_code == 200


def test_a_session_goes_on_after_a_restart(running, connect, tmp_path, http):
    content = os.urandom(BLOCK + 100)
    with running(tmp_path) as base_url:
        bucket = connect(base_url).create_bucket("uploads")
        blob = bucket.blob("x")
        blob.metadata = {"a": "1"}
        session = blob.create_resumable_upload_session(content_type="audio/flac")
        _put(http, session, content[:BLOCK], f"bytes 0-{BLOCK - 1}/*")

    with running(tmp_path) as base_url:
        query = session.partition("?")[2]
        moved = f"{base_url}/upload/storage/v1/b/uploads/o?{query}"
        asked = _put(http, moved, b"", "bytes */*")
        rest = f"bytes {BLOCK}-{BLOCK + 99}/{BLOCK + 100}"
        finished = _put(http, moved, content[BLOCK:], rest)
        stored = connect(base_url).bucket("uploads").get_blob("x")

        assert asked.headers["Range"] == f"bytes=0-{BLOCK - 1}"
        assert finished.status_code == 200
        assert stored.download_as_bytes() == content
        assert stored.metadata == {"a": "1"}
        assert stored.content_type == "audio/flac"
