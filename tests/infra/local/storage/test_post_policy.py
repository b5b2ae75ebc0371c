import base64
import json
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.storage.errors import (
    ExpiredError,
    ForbiddenError,
    InvalidError,
    SignatureError,
)
from infra.local.storage.keys import EMAIL, KeyRing, service_account_file
from infra.local.storage.post_policy import PostPolicy, signed_policy


@pytest.fixture
def policy(client, bucket, signer):
    def make(key="uploads/x.txt", conditions=(), fields=None, **options):
        return client.generate_signed_post_policy_v4(
            bucket.name,
            key,
            expiration=options.get("expiration", timedelta(minutes=5)),
            conditions=[list(condition) for condition in conditions],
            fields=fields or {},
            credentials=signer,
        )

    return make


def _send(policy, content=b"form", filename="x.txt", **fields):
    return httpx.post(
        policy["url"],
        data=policy["fields"] | fields,
        files={"file": (filename, content)},
    )


def test_a_form_stores_its_file_and_fields(policy, bucket):
    fields = {
        "Content-Type": "text/plain",
        "x-goog-meta-artist": "Miles",
        "success_action_status": "201",
    }

    response = _send(policy(fields=fields))

    assert response.status_code == 201
    assert f"<Bucket>{bucket.name}</Bucket>" in response.text
    stored = bucket.get_blob("uploads/x.txt")
    assert stored.download_as_bytes() == b"form"
    assert stored.content_type == "text/plain"
    assert stored.metadata == {"artist": "Miles"}


@pytest.mark.parametrize(
    ("asked", "status"), [("200", 200), ("201", 201), ("204", 204), ("500", 204)]
)
def test_a_form_chooses_how_success_looks(policy, asked, status):
    response = _send(policy(fields={"success_action_status": asked}))

    assert response.status_code == status


def test_a_form_can_lead_on_to_a_page(policy, bucket):
    page = "http://localhost:5173/done?a=1"

    response = _send(policy(fields={"success_action_redirect": page}))

    assert response.status_code == 303
    assert response.headers["Location"].startswith(
        f"{page}&bucket={bucket.name}&key=uploads%2Fx.txt&etag="
    )


def test_a_key_can_take_the_name_of_the_file(policy, bucket):
    _send(policy(key="uploads/${filename}"), filename="so what.flac")

    assert bucket.blob("uploads/so what.flac").exists()


@pytest.mark.parametrize(("size", "status"), [(1, 400), (2, 204), (9, 204), (10, 400)])
def test_a_policy_limits_the_size(policy, bucket, size, status):
    limited = policy(conditions=[("content-length-range", 2, 9)])

    response = _send(limited, content=b"x" * size)

    assert response.status_code == status
    assert bucket.blob("uploads/x.txt").exists() == (status == 204)


def test_a_policy_limits_beginnings(policy):
    limited = policy(conditions=[("starts-with", "$Content-Type", "audio/")])

    audio = _send(limited, **{"Content-Type": "audio/flac"})
    other = _send(limited, **{"Content-Type": "text/html"})

    assert (audio.status_code, other.status_code) == (204, 403)


def test_a_field_that_no_condition_speaks_of_is_refused(policy):
    extra = _send(policy(), **{"x-goog-meta-a": "b"})
    ignored = _send(policy(), **{"x-ignore-a": "b"})

    assert (extra.status_code, ignored.status_code) == (403, 204)


def test_another_key_than_signed_is_refused(policy, bucket):
    response = _send(policy(), key="other")

    assert response.status_code == 403
    assert list(bucket.list_blobs()) == []


def test_another_bucket_than_signed_is_refused(policy, client, bucket):
    other = client.create_bucket(f"{bucket.name}-other")
    signed = policy()
    signed["url"] = signed["url"].replace(bucket.name, other.name)

    assert _send(signed).status_code == 403


def test_a_changed_policy_is_refused(policy):
    signed = policy()
    document = json.loads(base64.b64decode(signed["fields"]["policy"]))
    document["conditions"].append({"acl": "public-read"})
    changed = base64.b64encode(json.dumps(document).encode()).decode()
    signed["fields"]["policy"] = changed

    response = _send(signed)

    assert response.status_code == 403
    assert "SignatureDoesNotMatch" in response.text


def test_a_form_needs_a_key_and_a_file(bucket, server):
    url = f"{server}/{bucket.name}/"

    no_file = httpx.post(url, data={"key": "x"}, files={"other": b""})
    no_key = httpx.post(url, files={"file": b"x"})
    no_form = httpx.post(url, data={"key": "x"})

    assert [r.status_code for r in (no_file, no_key, no_form)] == [400, 400, 400]


def test_a_form_without_a_policy_writes_freely(bucket, server):
    url = f"{server}/{bucket.name}/"

    response = httpx.post(url, data={"key": "x"}, files={"file": b"content"})

    assert response.status_code == 204
    assert bucket.blob("x").download_as_bytes() == b"content"


@given(st.text(max_size=5), st.text(max_size=3))
def test_conditions_compare_as_they_say(value, expected):
    for operator, holds in [
        ("eq", value == expected),
        ("starts-with", value.startswith(expected)),
    ]:
        policy = PostPolicy(((operator, "field", expected),))
        try:
            policy.require_fields("b", {"field": value})
        except ForbiddenError:
            assert not holds
        else:
            assert holds


def _fields(folder, document, **changes):
    service_account_file(folder)
    encoded = base64.b64encode(document.encode())
    _, signature = KeyRing(folder).sign(EMAIL, encoded)
    return {
        "policy": encoded.decode(),
        "googleaccessid": EMAIL,
        "signature": base64.b64encode(signature).decode(),
    } | changes


def test_the_older_way_to_sign_a_policy_counts_too(tmp_path):
    document = {"expiration": "2030-01-01T00:00:00Z", "conditions": [{"key": "x"}]}
    fields = _fields(tmp_path, json.dumps(document))

    policy = signed_policy(fields, KeyRing(tmp_path))

    assert policy == PostPolicy((("eq", "key", "x"),))
    with pytest.raises(SignatureError):
        signed_policy(fields | {"signature": "AAAA"}, KeyRing(tmp_path))


def test_a_policy_ends(tmp_path):
    document = {"expiration": "2020-01-01T00:00:00Z", "conditions": []}

    with pytest.raises(ExpiredError):
        signed_policy(_fields(tmp_path, json.dumps(document)), KeyRing(tmp_path))


@pytest.mark.parametrize(
    "document",
    [
        "no json",
        "{}",
        '{"expiration": "soon", "conditions": []}',
        '{"expiration": "2030-01-01T00:00:00Z", "conditions": [["eq", "$a"]]}',
        '{"expiration": "2030-01-01T00:00:00Z", "conditions": [["like", "$a", "b"]]}',
        '{"expiration": "2030-01-01T00:00:00Z", "conditions": [["eq", "a", "b"]]}',
        '{"expiration": "2030-01-01", "conditions": [["content-length-range", 1, ""]]}',
    ],
)
def test_a_malformed_policy_is_refused_even_if_signed(tmp_path, document):
    with pytest.raises(InvalidError):
        signed_policy(_fields(tmp_path, document), KeyRing(tmp_path))
