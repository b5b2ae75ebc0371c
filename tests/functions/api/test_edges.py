"""What every address does alike: access, errors, headers, limits."""

from __future__ import annotations

import gzip
import re

import pytest
from structlog.testing import capture_logs

from functions.api.bodies import MAX_BODY_BYTES
from functions.api.openapi import document
from functions.api.routes import all_operations
from shared.adapters.postgres.administration import create_api_key
from tests.functions.api.harness import PEPPER, Api, application

EDITS = [
    ("POST", "/api/uploads"),
    ("PATCH", "/api/tracks/{id}"),
    ("POST", "/api/tracks/{id}/revert"),
    ("POST", "/api/tracks/analyze"),
    ("PATCH", "/api/releases/{id}"),
    ("PATCH", "/api/artists/{id}"),
    ("POST", "/api/reviews/{id}"),
]
ADMINISTRATION = [
    ("GET", "/api/dead-letters"),
    ("POST", "/api/dead-letters/x.y/redrive"),
]
SOME_ID = "0199e0d2-4c00-7000-8000-000000000001"


def ask(client, method: str, path: str):
    sent = {} if method == "GET" else {"json": {}}
    return client.request(method, path.replace("{id}", SOME_ID), **sent)


@pytest.mark.parametrize("operation", all_operations(), ids=lambda o: o.id)
def test_every_address_of_the_api_asks_who_is_there(nobody, operation):
    if operation.role is None:
        pytest.skip("open to everybody")

    answer = ask(nobody, operation.method, operation.path)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), EDITS + ADMINISTRATION)
def test_a_viewer_changes_nothing(viewer, method, path):
    answer = ask(viewer, method, path)

    assert answer.status_code == 403
    assert answer.json()["facts"]["role"] == "viewer"


@pytest.mark.parametrize(("method", "path"), ADMINISTRATION)
def test_an_editor_does_not_administer(api, method, path):
    assert ask(api, method, path).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer ln_wrong"},
        {"authorization": "Basic bG46eA=="},
        {"authorization": "Bearer "},
        {"x-api-key": "ln_wrong"},
        {"x-api-key": "something"},
    ],
)
def test_a_key_that_is_wrong_lets_nobody_in(nobody, headers):
    assert nobody.get("/api/me", headers=headers).status_code == 401


def test_a_key_may_come_in_a_header_of_its_own(nobody, tenant, key_of):
    key = key_of(tenant, "viewer")

    assert nobody.get("/api/me", headers={"x-api-key": key}).status_code == 200


def test_a_key_is_never_logged(nobody, admin_engine, tenant):
    key = create_api_key(admin_engine, tenant, "someone", "viewer", PEPPER)

    with capture_logs() as lines:
        nobody.as_client(key).get("/api/tracks?colour=x")
        nobody.get("/api/me", headers={"authorization": f"Basic {key}"})

    assert len(lines) == 2
    assert key not in str(lines)
    assert key[3:] not in str(lines)


def test_each_request_leaves_one_line(viewer, tenant):
    with capture_logs() as lines:
        viewer.get("/api/tracks?limit=1", headers={"x-request-id": "mine-1"})

    (line,) = lines
    assert (line["operation"], line["status"], line["tenant"]) == (
        "tracks.list",
        200,
        tenant,
    )
    assert line["request_id"] == "mine-1"


@pytest.mark.parametrize("address", ["tracks", "releases", "artists"])
def test_nothing_of_a_tenant_is_seen_by_another(stranger, album, address):
    ids = {
        "tracks": album.so_what,
        "releases": album.release,
        "artists": album.artist,
    }
    path = f"/api/{address}/{ids[address]}"

    assert stranger.get(f"/api/{address}").json()["items"] == []
    for part in ("", "/provenance", "/history", "/findings", "/reviews"):
        assert stranger.get(path + part).status_code == 404
    changed = stranger.patch(
        path, json={"title": "X", "name": "X"}, headers={"if-match": "*"}
    )
    assert changed.status_code in (404, 422)
    named = {"title": "X"} if address != "artists" else {"name": "X"}
    changed = stranger.patch(path, json=named, headers={"if-match": "*"})
    assert changed.status_code == 404


def test_a_tenants_work_is_not_seen_by_another(api, stranger, album):
    upload = api.post(
        "/api/uploads", json={"filename": "a", "content_type": "audio/flac"}
    )
    export = api.post("/api/exports", json={"kind": "release"})

    for made in (upload, export):
        assert stranger.get(made.headers["location"]).status_code == 404
    for path in ("updates", "uploads", "exports", "reviews"):
        assert stranger.get(f"/api/{path}").json()["items"] == []


def test_a_request_id_is_given_back_or_made(nobody):
    given = nobody.get("/health", headers={"x-request-id": "abc.1"})
    made = nobody.get("/health", headers={"x-request-id": "no\tgood"})

    assert given.headers["x-request-id"] == "abc.1"
    assert re.fullmatch("[0-9a-f]{32}", made.headers["x-request-id"])


def test_a_problem_tells_where_and_under_which_request(viewer):
    answer = viewer.get("/api/tracks/42", headers={"x-request-id": "r1"})

    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (told["instance"], told["request_id"]) == ("/api/tracks/42", "r1")
    assert told["type"] == "/docs#problem-bad-request"
    assert told["status"] == answer.status_code


def test_an_address_that_is_not_there_is_a_problem_too(nobody):
    answer = nobody.get("/api/nowhere")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_address_tells_what_it_does(nobody):
    options = nobody.request("OPTIONS", f"/api/tracks/{SOME_ID}")
    refused = nobody.request("DELETE", f"/api/tracks/{SOME_ID}")

    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, PATCH"
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS, PATCH"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"", 400),
        (b'{"a": NaN}', 400),
        (b"\xff\xfe", 400),
        (b'{"a":' * 20 + b"1" + b"}" * 20, 400),
        (b"[" * 100_000, 400),
        (b'{"title": "' + b"[" * 40 + b'"}', 428),
        (b" " * (MAX_BODY_BYTES + 1), 413),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(api, body, status):
    answer = api.patch(
        f"/api/tracks/{SOME_ID}",
        content=body,
        headers={"content-type": "application/json"},
    )

    # An edit that could be read comes as far as asking for its If-Match, or its entry.
    assert answer.status_code == (status if status != 428 else 404)


def test_a_body_that_is_longer_than_it_says_is_cut_off(api):
    def stream():
        for _ in range(40):
            yield b" " * 65_536

    async def chunks():
        for chunk in stream():
            yield chunk

    answer = api.post(
        "/api/exports", content=chunks(), headers={"content-type": "application/json"}
    )

    assert answer.status_code == 413


def test_a_body_of_another_type_is_not_read(api):
    answer = api.post(
        "/api/exports", content=b"<a/>", headers={"content-type": "text/xml"}
    )

    assert answer.status_code == 415
    assert answer.json()["facts"]["known"] == ["application/json"]


def test_large_answers_are_compressed_for_who_takes_it(nobody):
    plain = nobody.get("/openapi.json", headers={"accept-encoding": "identity"})
    small = nobody.get("/openapi.json", headers={"accept-encoding": "gzip"})

    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < len(plain.content) / 3
    assert len(gzip.compress(plain.content)) > 0


def test_answers_are_safe_to_show(nobody):
    headers = nobody.get("/health").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-frame-options"] == "DENY"


def test_browsers_may_call_from_known_origins_alone(world, tenant, key_of):
    app = application(world, origins=["https://app.test"])
    client = Api(app, key_of(tenant, "viewer"))

    known = client.get("/api/me", headers={"origin": "https://app.test"})
    other = client.get("/api/me", headers={"origin": "https://evil.test"})
    preflight = client.request(
        "OPTIONS",
        f"/api/tracks/{SOME_ID}",
        headers={
            "origin": "https://app.test",
            "access-control-request-method": "PATCH",
        },
    )

    assert known.headers["access-control-allow-origin"] == "https://app.test"
    assert "access-control-allow-origin" not in other.headers
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "if-match" in preflight.headers["access-control-allow-headers"]


def test_a_fault_of_ours_is_a_problem_without_its_insides(world, tenant, key_of):
    key = key_of(tenant, "viewer")
    client = Api(application(world), key)
    client.get("/api/me")
    world.queries = None

    answer = client.get("/api/tracks")

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "NoneType" not in answer.text


def test_every_operation_is_documented_and_every_documented_one_exists():
    written = {
        (method.upper(), path)
        for path, item in document()["paths"].items()
        for method in item
    }

    assert written == {(o.method, o.path) for o in all_operations()}


def test_operation_ids_are_unique():
    ids = [operation.id for operation in all_operations()]

    assert len(ids) == len(set(ids))
