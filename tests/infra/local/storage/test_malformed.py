"""Requests that no client library makes: each is refused, none breaks the server."""

import asyncio

import pytest
from aiohttp import StreamReader
from hypothesis import given
from hypothesis import strategies as st

from infra.local.storage.errors import InvalidError
from infra.local.storage.multipart_body import MultipartBody

RELATED = "multipart/related; boundary=b"
FORM = "multipart/form-data; boundary=b"
RESOURCE = b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n"
KEY = b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n'
FILE = b'\r\n--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (RELATED, RESOURCE + b"--b\r\nContent-Type: a/b\r\n\r\ncut off"),
        (RELATED, RESOURCE + b"--b\r\nContent-Type: a/b\r\n\r\ncut off\r\n--"),
        (RELATED, RESOURCE + b"--b--\r\n"),
        (RELATED, b"--b\r\n\r\nno json\r\n--b\r\n\r\nx\r\n--b--"),
        (RELATED, b"junk"),
        (RELATED, b""),
        ("multipart/related", RESOURCE),
        ("text/plain", b"abc"),
    ],
)
def test_a_malformed_or_cut_multipart_upload_makes_no_object(
    http, bucket, content_type, body
):
    path = f"/upload/storage/v1/b/{bucket.name}/o?uploadType=multipart&name=x"

    response = http.post(path, content=body, headers={"Content-Type": content_type})

    assert response.status_code == 400
    assert bucket.get_blob("x") is None


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, KEY + b"x" + FILE),
        (FORM, KEY + b"\xff" + FILE + b"\r\n--b--"),
        (FORM, b"--b\r\n\r\nx\r\n--b--"),
        (FORM, b"junk"),
        ("multipart/form-data", b""),
    ],
)
def test_a_malformed_or_cut_form_makes_no_object(http, bucket, content_type, body):
    path = f"/{bucket.name}/"

    response = http.post(path, content=body, headers={"Content-Type": content_type})

    assert response.status_code == 400
    assert list(bucket.list_blobs()) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/storage/v1/b/{}/o?matchGlob=%7Ba", b""),
        ("GET", "/storage/v1/b/{}/o?maxResults=0", b""),
        ("GET", "/storage/v1/b/{}/o?pageToken=W10=", b""),
        ("GET", "/storage/v1/b/{}/o/x?generation=99999999999999999999", b""),
        ("GET", "/storage/v1/b?pageToken=x", b""),
        ("GET", "/{}/x?generation=99999999999999999999", b""),
        ("GET", "/{}/x?generation=newest", b""),
        ("GET", "/{}?max-keys=many", b""),
        ("PUT", "/{}/%ff", b""),
        ("POST", "/storage/v1/b/{}/o/x/compose", b"{}"),
        ("POST", "/storage/v1/b/{}/o/x/compose", b'{"sourceObjects": ["x"]}'),
        ("PATCH", "/storage/v1/b/{}", b'{"cors": "all"}'),
        ("PATCH", "/storage/v1/b/{}", b'{"cors": ["all"]}'),
        ("PATCH", "/storage/v1/b/{}", b'{"versioning": true}'),
    ],
)
def test_a_malformed_request_is_refused(http, bucket, method, path, body):
    response = http.request(method, path.format(bucket.name), content=body)

    assert response.status_code == 400


def test_access_lists_are_refused_rather_than_pretended(http, bucket):
    assert http.get(f"/storage/v1/b/{bucket.name}/acl").status_code == 501


async def _parts(body, size):
    stream = StreamReader(_Protocol(), 1 << 16)
    for start in range(0, len(body), size):
        stream.feed_data(body[start : start + size])
    stream.feed_eof()
    multipart, parts = MultipartBody("multipart/mixed; boundary=b", stream), []
    while (head := await multipart.next_part()) is not None:
        parts.append((head["Content-Type"], await multipart.read(1 << 20)))
    return parts


class _Protocol:
    """All that a stream asks of its connection."""

    _reading_paused = False

    def pause_reading(self):
        pass

    def resume_reading(self, *, resume_parser=True):
        pass


contents = st.binary(max_size=30) | st.sampled_from([b"\r\n--", b"\r\n-", b"--b"])


@given(st.lists(contents, max_size=4), st.integers(1, 9))
def test_parts_come_out_as_they_went_in(contents, size):
    body = b"".join(
        b"--b\r\nContent-Type: a/%d\r\n\r\n%b\r\n" % (number, content)
        for number, content in enumerate(contents)
    )

    parts = asyncio.run(_parts(body + b"--b--\r\n", size))

    assert parts == [
        (f"a/{number}", content) for number, content in enumerate(contents)
    ]


@given(st.integers(0, 46))
def test_a_body_cut_anywhere_is_refused(length):
    whole = b"--b\r\nContent-Type: a/b\r\n\r\ncontent\r\n--b--"

    with pytest.raises(InvalidError):
        asyncio.run(_parts(whole[: min(length, len(whole) - 2)], 7))
