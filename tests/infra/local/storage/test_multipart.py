import os
import re

import pytest
from google.cloud.storage import transfer_manager

from infra.local.storage.errors import InvalidError
from infra.local.storage.xml_documents import chosen_parts


@pytest.fixture
def upload(http, bucket):
    """Start a multipart upload of `x`, and return its address."""
    headers = {"Content-Type": "audio/flac", "x-goog-meta-artist": "Miles"}
    response = http.post(f"/{bucket.name}/x?uploads", headers=headers)
    upload_id = re.search("<UploadId>(.*)</UploadId>", response.text)[1]
    return f"/{bucket.name}/x?uploadId={upload_id}"


def _put(http, upload, number, content, **headers):
    return http.put(f"{upload}&partNumber={number}", content=content, headers=headers)


def _complete(http, upload, *parts):
    listed = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number, etag in parts
    )
    document = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>"
    return http.post(upload, content=document)


def test_the_transfer_manager_uploads_chunks_side_by_side(bucket, tmp_path):
    content = os.urandom((20 << 20) + 5)
    (tmp_path / "large.wav").write_bytes(content)
    blob = bucket.blob("large.wav")
    blob.metadata = {"artist": "Miles"}

    transfer_manager.upload_chunks_concurrently(
        str(tmp_path / "large.wav"),
        blob,
        content_type="audio/wav",
        chunk_size=5 << 20,
        worker_type=transfer_manager.THREAD,
        max_workers=4,
    )

    stored = bucket.get_blob("large.wav")
    assert stored.size == len(content)
    assert stored.component_count == 5
    assert stored.content_type == "audio/wav"
    assert stored.metadata == {"artist": "Miles"}
    assert stored.download_as_bytes() == content


def test_the_transfer_manager_downloads_chunks_side_by_side(bucket, tmp_path):
    content = os.urandom(5 << 20)
    bucket.blob("x").upload_from_string(content)

    transfer_manager.download_chunks_concurrently(
        bucket.blob("x"),
        str(tmp_path / "x"),
        chunk_size=1 << 20,
        worker_type=transfer_manager.THREAD,
    )

    assert (tmp_path / "x").read_bytes() == content


def test_parts_join_by_number_not_by_arrival(http, bucket, upload):
    second = _put(http, upload, 2, b"b" * 10).headers["ETag"]
    first = _put(http, upload, 1, b"a" * 10).headers["ETag"]

    response = _complete(http, upload, (1, first), (2, second))

    assert response.status_code == 200
    stored = bucket.get_blob("x")
    assert stored.download_as_bytes() == b"a" * 10 + b"b" * 10
    assert stored.content_type == "audio/flac"
    assert stored.metadata == {"artist": "Miles"}


def test_a_part_sent_again_replaces_the_first(http, bucket, upload):
    _put(http, upload, 1, b"wrong")
    etag = _put(http, upload, 1, b"right").headers["ETag"]

    _complete(http, upload, (1, etag))

    assert bucket.blob("x").download_as_bytes() == b"right"


def test_there_is_no_object_until_the_parts_are_joined(http, bucket, upload):
    _put(http, upload, 1, b"a")

    assert bucket.get_blob("x") is None


def test_parts_not_chosen_are_left_out_and_cleared_away(http, bucket, upload, folder):
    files = folder / "data" / "content"
    etag = _put(http, upload, 1, b"a").headers["ETag"]
    _put(http, upload, 2, b"b")
    before = len(list(files.iterdir()))

    _complete(http, upload, (1, etag))

    assert bucket.blob("x").download_as_bytes() == b"a"
    assert len(list(files.iterdir())) == before - 2 + 1


@pytest.mark.parametrize("chosen", [[], [(2, "x")], [(1, '"wrong"')], "descending"])
def test_a_wrong_choice_of_parts_is_refused(http, bucket, upload, chosen):
    first = _put(http, upload, 1, b"a").headers["ETag"]
    second = _put(http, upload, 3, b"b").headers["ETag"]
    if chosen == "descending":
        chosen = [(3, second), (1, first)]

    response = _complete(http, upload, *chosen)

    assert response.status_code == 400
    assert bucket.get_blob("x") is None


def test_a_part_that_differs_from_its_checksum_is_refused(http, upload):
    response = _put(http, upload, 1, b"a", **{"x-goog-hash": "crc32c=AAAAAA=="})

    assert response.status_code == 400


@pytest.mark.parametrize("number", ["0", "10001", "x", ""])
def test_a_number_that_no_part_can_have_is_refused(http, upload, number):
    assert _put(http, upload, number, b"a").status_code == 400


def test_an_upload_can_be_looked_at_and_given_up(http, bucket, upload):
    _put(http, upload, 1, b"abc")

    uploads = http.get(f"/{bucket.name}?uploads").text
    parts = http.get(upload).text
    given_up = http.delete(upload)

    assert "<Key>x</Key>" in uploads
    assert "<PartNumber>1</PartNumber>" in parts
    assert "<Size>3</Size>" in parts
    assert given_up.status_code == 204
    assert http.get(upload).status_code == 404
    assert _put(http, upload, 2, b"a").status_code == 404
    assert http.patch(f"/{bucket.name}/x?uploadId=made-up").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a",
        b"<a><Part/></a>",
        b"<a><Part><PartNumber>x</PartNumber><ETag>1</ETag></Part></a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a/>',
    ],
)
def test_a_malformed_document_is_refused(body):
    with pytest.raises(InvalidError):
        chosen_parts(body)
