"""REST, CORS and administration, at the level of HTTP."""

import uuid

import httpx
import pytest


@pytest.fixture
def root():
    return f"projects/p-{uuid.uuid4().hex[:12]}/databases/(default)/documents"


@pytest.fixture
def http(running):
    with httpx.Client(base_url=f"http://{running.web_address}") as client:
        yield client


def _fields(**integers):
    return {"fields": {key: {"integerValue": str(n)} for key, n in integers.items()}}


def test_a_document_lives_and_dies_over_rest(http, root):
    path = f"/v1/{root}/c/a"

    created = http.post(f"/v1/{root}/c?documentId=a", json=_fields(x=1))
    changed = http.patch(f"{path}?updateMask.fieldPaths=y", json=_fields(y=2))
    read = http.get(f"{path}?mask.fieldPaths=x")
    listed = http.get(f"/v1/{root}/c?pageSize=5")
    deleted = http.delete(path)

    assert created.json()["name"] == f"{root}/c/a"
    assert changed.json()["fields"] == _fields(x=1, y=2)["fields"]
    assert read.json()["fields"] == _fields(x=1)["fields"]
    assert len(listed.json()["documents"]) == 1
    assert deleted.json() == {}
    assert http.get(path).status_code == 404


def test_preconditions_are_query_parameters(http, root):
    path = f"/v1/{root}/c/a?currentDocument.exists=true"

    refused = http.patch(path, json=_fields(x=1))

    assert refused.status_code == 404
    assert refused.json()["error"]["status"] == "NOT_FOUND"


def test_a_commit_and_a_query_are_verbs(http, root):
    write = {"update": {"name": f"{root}/c/a", **_fields(x=1)}}
    query = {"structuredQuery": {"from": [{"collectionId": "c"}]}}

    committed = http.post(f"/v1/{root}:commit", json={"writes": [write]})
    found = http.post(f"/v1/{root}:runQuery", json=query)
    got = http.post(f"/v1/{root}:batchGet", json={"documents": [f"{root}/c/b"]})

    assert committed.json()["commitTime"]
    assert [each["document"]["name"] for each in found.json()] == [f"{root}/c/a"]
    assert got.json()[0]["missing"] == f"{root}/c/b"


def test_a_transaction_may_verify_what_it_does_not_write(http, root):
    absent = {"verify": f"{root}/c/a", "currentDocument": {"exists": False}}
    write = {"update": {"name": f"{root}/c/b", **_fields(x=1)}}
    commit = {"writes": [absent, write]}

    first = http.post(f"/v1/{root}:commit", json=commit)
    http.post(f"/v1/{root}/c?documentId=a", json=_fields(x=1))
    second = http.post(f"/v1/{root}:commit", json=commit)

    assert first.status_code == 200
    assert (second.status_code, second.json()["error"]["status"]) == (
        409,
        "ALREADY_EXISTS",
    )


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", ":commit", "{", 400),
        ("POST", ":commit", "[]", 400),
        ("POST", ":commit", '{"writes": 5}', 400),
        ("POST", ":commit", '{"transaction": "AAAA"}', 400),
        ("GET", "", "", 501),
        ("PUT", "/c/a", "{}", 501),
    ],
)
def test_what_makes_no_sense_is_answered_as_an_error(
    http, root, method, path, body, status
):
    answer = http.request(method, f"/v1/{root}{path}", content=body)

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status


def test_browsers_of_any_origin_may_send_with_credentials(http, root):
    origin = "http://localhost:5173"
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-goog-api-client",
    }

    preflight = http.options(f"/v1/{root}:commit", headers=asked)
    answer = http.post(f"/v1/{root}:commit", headers={"Origin": origin}, json={})

    for response in (preflight, answer):
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == origin
        assert response.headers["access-control-allow-credentials"] == "true"
    assert preflight.headers["access-control-allow-headers"] == (
        "content-type,x-goog-api-client"
    )


def test_the_server_tells_how_it_is(http, root):
    http.post(f"/v1/{root}/c?documentId=a", json=_fields(x=1))

    assert http.get("/healthz").text == "ok\n"
    assert http.get("/status").json()["documents"] >= 1
    assert http.post("/admin/compact").status_code == 200


def test_indexes_that_the_cloud_would_need_are_listed(http, root):
    http.delete("/admin/indexes")
    order = [{"field": {"fieldPath": key}} for key in ("title", "year")]
    query = {"from": [{"collectionId": "releases"}], "orderBy": order}
    for _ in range(2):
        http.post(f"/v1/{root}:runQuery", json={"structuredQuery": query})

    (index,) = http.get("/admin/indexes").json()["indexes"]

    assert (index["collection"], index["kind"], index["uses"]) == (
        "releases",
        "composite",
        2,
    )
    assert [field["field_path"] for field in index["fields"]] == ["title", "year"]


def test_one_database_is_cleared_and_no_other(http, root):
    other = root.replace("projects/", "projects/other-")
    for each in (root, other):
        http.post(f"/v1/{each}/c?documentId=a", json=_fields(x=1))

    cleared = http.delete(f"/emulator/v1/{root}")

    assert cleared.json() == {"deleted": 1}
    assert http.get(f"/v1/{root}/c/a").status_code == 404
    assert http.get(f"/v1/{other}/c/a").status_code == 200
