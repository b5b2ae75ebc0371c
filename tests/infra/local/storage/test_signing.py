import base64
import json
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from google.oauth2 import service_account
from multidict import CIMultiDict

from infra.local.storage.errors import (
    ExpiredError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    SignatureError,
)
from infra.local.storage.keys import EMAIL, KeyRing, service_account_file
from infra.local.storage.signing import SignedRequest, Verifier


@pytest.fixture
def sign(bucket, signer):
    def url(name="dir/sö what.flac", **options):
        options = {"version": "v4", "expiration": timedelta(minutes=5)} | options
        return bucket.blob(name).generate_signed_url(credentials=signer, **options)

    return url


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_signed_url_writes_reads_and_deletes(sign, bucket, version):
    name = "dir/sö what+1.flac"
    until = timedelta(minutes=5)
    options = {"version": version, "expiration": until}

    put = httpx.put(
        sign(name, method="PUT", content_type="audio/flac", **options),
        content=b"content",
        headers={"Content-Type": "audio/flac"},
    )
    got = httpx.get(sign(name, **options))
    stored = bucket.get_blob(name)
    deleted = httpx.delete(sign(name, method="DELETE", **options))

    assert (put.status_code, got.content) == (200, b"content")
    assert stored.content_type == "audio/flac"
    assert deleted.status_code == 204
    assert not bucket.blob(name).exists()


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_tampered_signature_is_refused(sign, bucket, version):
    bucket.blob("x").upload_from_string("1")
    url = sign("x", version=version)
    name = "X-Goog-Signature" if version == "v4" else "Signature"
    start = url.index(f"{name}=") + len(name) + 1
    other = "A" if url[start] != "A" else "B"
    other = other if version == "v2" else ("0" if url[start] != "0" else "1")

    response = httpx.get(url[:start] + other + url[start + 1 :])

    assert response.status_code == 403
    assert "SignatureDoesNotMatch" in response.text


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_a_signature_is_for_one_method_and_one_object(sign, bucket, version):
    bucket.blob("x").upload_from_string("1")
    bucket.blob("y").upload_from_string("2")
    url = sign("x", version=version)

    assert httpx.get(url.replace("/x?", "/y?")).status_code == 403
    assert httpx.delete(url).status_code == 403
    assert bucket.blob("x").exists()


def test_a_parameter_added_to_a_v4_url_is_refused(sign, bucket):
    bucket.blob("x").upload_from_string("1")

    response = httpx.get(sign("x") + "&response-content-type=text/html")

    assert response.status_code == 403


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_an_expired_url_is_refused(sign, folder, version):
    url = httpx.URL(sign("x", version=version, expiration=timedelta(seconds=60)))
    path, _, query = url.raw_path.decode().partition("?")
    headers = CIMultiDict({"Host": url.netloc.decode()})
    request = SignedRequest("GET", path, query, headers)
    keys = KeyRing(folder / "keys")

    in_time = Verifier(keys, now=lambda: time.time() + 50).check(request)
    with pytest.raises(ExpiredError):
        Verifier(keys, now=lambda: time.time() + 62).check(request)

    assert in_time


def test_an_expired_url_is_answered_so(sign):
    yesterday = datetime.now(UTC) - timedelta(days=1)

    response = httpx.get(sign("x", version="v2", expiration=yesterday))

    assert response.status_code == 400
    assert "ExpiredToken" in response.text


def test_signed_headers_have_to_be_sent_as_signed(sign, bucket):
    headers = {"x-goog-meta-artist": "Miles", "x-goog-if-generation-match": "0"}
    url = sign("x", method="PUT", headers=headers)

    without = httpx.put(url, content=b"1")
    other = httpx.put(url, content=b"1", headers=headers | {"x-goog-meta-artist": "X"})
    as_signed = httpx.put(url, content=b"1", headers=headers)
    twice = httpx.put(url, content=b"2", headers=headers)

    assert [without.status_code, other.status_code] == [403, 403]
    assert (as_signed.status_code, twice.status_code) == (200, 412)
    assert bucket.get_blob("x").metadata == {"artist": "Miles"}


def test_a_google_header_that_is_not_signed_is_refused(sign, bucket):
    url = sign("x", method="PUT")

    response = httpx.put(url, content=b"1", headers={"x-goog-meta-a": "b"})

    assert response.status_code == 403
    assert not bucket.blob("x").exists()


@pytest.mark.parametrize(("size", "status"), [(4, 400), (5, 200), (9, 200), (10, 400)])
def test_a_signed_upload_can_be_limited_in_size(sign, size, status):
    headers = {"x-goog-content-length-range": "5,9"}
    url = sign("x", method="PUT", headers=headers)

    response = httpx.put(url, content=b"x" * size, headers=headers)

    assert response.status_code == status


def test_a_signed_session_goes_on_without_signatures(sign, bucket):
    headers = {"x-goog-resumable": "start", "x-goog-meta-a": "b"}
    url = sign("x", method="RESUMABLE", headers={"x-goog-meta-a": "b"})

    started = httpx.post(url, headers=headers)
    session = started.headers["Location"]
    first = httpx.put(session, content=b"ab", headers={"Content-Range": "bytes 0-1/4"})
    last = httpx.put(session, content=b"cd", headers={"Content-Range": "bytes 2-3/4"})

    assert (started.status_code, first.status_code) == (201, 308)
    assert (last.status_code, last.content) == (200, b"")
    assert last.headers["X-Goog-Generation"] == str(bucket.get_blob("x").generation)
    assert bucket.blob("x").download_as_bytes() == b"abcd"
    assert bucket.get_blob("x").metadata == {"a": "b"}


def test_a_signed_session_can_be_limited_in_size(sign, bucket):
    headers = {"x-goog-content-length-range": "0,5"}
    url = sign("x", method="RESUMABLE", headers=headers)

    started = httpx.post(url, headers=headers | {"x-goog-resumable": "start"})
    response = httpx.put(started.headers["Location"], content=b"x" * 6)

    assert response.status_code == 400
    assert not bucket.blob("x").exists()


def test_a_signed_url_reads_an_older_generation(sign, bucket):
    bucket.versioning_enabled = True
    bucket.patch()
    old = bucket.blob("x")
    old.upload_from_string("1")
    bucket.blob("x").upload_from_string("2")

    response = httpx.get(sign("x", generation=old.generation))

    assert response.content == b"1"


def test_the_key_is_made_once_and_only_for_its_owner(tmp_path):
    first = service_account_file(tmp_path / "keys")
    second = service_account_file(tmp_path / "keys")

    assert first == second
    assert first.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in first.parent.iterdir()] == [first.name]
    assert json.loads(first.read_text())["client_email"] == EMAIL


def test_a_key_added_or_replaced_later_counts(tmp_path):
    ring = KeyRing(tmp_path)
    for _ in range(2):
        service_account_file(tmp_path).unlink()
        path = service_account_file(tmp_path)
        credentials = service_account.Credentials.from_service_account_file(str(path))
        ring.verify(EMAIL, b"text", credentials.sign_bytes(b"text"))

    with pytest.raises(SignatureError):
        ring.verify("other@example.com", b"text", credentials.sign_bytes(b"text"))


def test_files_that_are_no_keys_are_passed_over(tmp_path):
    (tmp_path / "a.json").write_text("not json")
    (tmp_path / "b.json").write_text('{"client_email": "a@b.c", "private_key": "no"}')
    (tmp_path / "c.json").write_text("[1]")

    with pytest.raises(NotFoundError):
        KeyRing(tmp_path).sign("a@b.c", b"text")


def test_iam_signs_for_who_has_no_key(http, signer):
    path = f"/v1/projects/-/serviceAccounts/{EMAIL}:signBlob"
    payload = base64.b64encode(b"to sign").decode()

    signed = http.post(path, json={"payload": payload})
    malformed = http.post(path, json={"payload": "%"})
    unknown = http.post(path.replace("local@", "who@"), json={"payload": payload})

    assert base64.b64decode(signed.json()["signedBlob"]) == signer.sign_bytes(
        b"to sign"
    )
    assert signed.json()["keyId"]
    assert (malformed.status_code, unknown.status_code) == (400, 404)


GOOD = {
    "X-Goog-Algorithm": "GOOG4-RSA-SHA256",
    "X-Goog-Credential": "a@b.c/20261121/auto/storage/goog4_request",
    "X-Goog-Date": "20261121T120000Z",
    "X-Goog-Expires": "600",
    "X-Goog-SignedHeaders": "host",
    "X-Goog-Signature": "00",
}
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()


def _check(tmp_path, now, **changes):
    query = GOOD | {name.replace("_", "-"): value for name, value in changes.items()}
    raw_query = "&".join(f"{name}={value}" for name, value in query.items() if value)
    headers = CIMultiDict({"Host": "localhost"})
    request = SignedRequest("GET", "/b/o", raw_query, headers)
    Verifier(KeyRing(tmp_path), now=lambda: now).check(request)


@pytest.mark.parametrize(
    ("change", "value", "error"),
    [
        ("X_Goog_Algorithm", "GOOG4-HMAC-SHA256", InvalidError),
        (
            "X_Goog_Credential",
            "a@b.c/20261120/auto/storage/goog4_request",
            InvalidError,
        ),
        ("X_Goog_Credential", "a@b.c", InvalidError),
        ("X_Goog_Date", "yesterday", InvalidError),
        ("X_Goog_Expires", "604801", InvalidError),
        ("X_Goog_Expires", "0", InvalidError),
        ("X_Goog_Expires", "", InvalidError),
        ("X_Goog_SignedHeaders", "content-type", InvalidError),
        ("X_Goog_Signature", "xyz", SignatureError),
        ("X_Goog_Signature", "00", SignatureError),
    ],
)
def test_a_malformed_signed_url_is_refused(tmp_path, change, value, error):
    with pytest.raises(error):
        _check(tmp_path, NOON, **{change: value})


def test_a_url_is_good_from_its_date_until_it_expires(tmp_path):
    with pytest.raises(ForbiddenError, match="not valid yet"):
        _check(tmp_path, NOON - 901)
    with pytest.raises(SignatureError):
        _check(tmp_path, NOON - 899)
    with pytest.raises(SignatureError):
        _check(tmp_path, NOON + 600)
    with pytest.raises(ExpiredError):
        _check(tmp_path, NOON + 601)
