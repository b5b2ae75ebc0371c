import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.storage.cors import bucket_headers

PAGE = "http://localhost:5173"
OTHER = "http://example.com"
RULE = {
    "origin": [PAGE],
    "method": ["GET", "PUT"],
    "responseHeader": ["Content-Type", "x-goog-resumable"],
    "maxAgeSeconds": 60,
}


@pytest.fixture
def open_bucket(bucket):
    bucket.cors = [RULE]
    bucket.patch()
    return bucket


def _preflight(http, path, method="PUT", origin=PAGE):
    headers = {"Origin": origin, "Access-Control-Request-Method": method}
    return http.options(path, headers=headers)


def test_a_preflight_is_answered_as_the_bucket_says(http, open_bucket):
    response = _preflight(http, f"/{open_bucket.name}/x")

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == PAGE
    assert response.headers["Access-Control-Allow-Methods"] == "GET, PUT"
    assert "x-goog-resumable" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Max-Age"] == "60"


@pytest.mark.parametrize(("method", "origin"), [("DELETE", PAGE), ("PUT", OTHER)])
def test_what_the_bucket_does_not_allow_gets_no_headers(
    http, open_bucket, method, origin
):
    response = _preflight(http, f"/{open_bucket.name}/x", method, origin)

    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_bucket_without_rules_allows_nobody(http, bucket):
    response = _preflight(http, f"/{bucket.name}/x")

    assert "Access-Control-Allow-Origin" not in response.headers


def test_answers_and_errors_carry_the_headers(http, open_bucket):
    open_bucket.blob("x").upload_from_string("1")

    found = http.get(f"/{open_bucket.name}/x", headers={"Origin": PAGE})
    absent = http.get(f"/{open_bucket.name}/absent", headers={"Origin": PAGE})

    for response in (found, absent):
        assert response.headers["Access-Control-Allow-Origin"] == PAGE
        assert response.headers["Access-Control-Expose-Headers"]
    assert (found.status_code, absent.status_code) == (200, 404)


def test_the_json_interface_answers_every_page(http, bucket):
    path = f"/storage/v1/b/{bucket.name}/o"

    preflight = _preflight(http, path, "GET", OTHER)
    listing = http.get(path, headers={"Origin": OTHER})

    assert preflight.headers["Access-Control-Allow-Origin"] == OTHER
    assert listing.headers["Access-Control-Allow-Origin"] == OTHER


def test_a_session_answers_the_page_it_was_made_for(http, bucket):
    session = bucket.blob("x").create_resumable_upload_session(origin=PAGE)

    preflight = _preflight(http, session)
    chunk = {"Origin": PAGE, "Content-Range": "bytes 0-1/4"}
    first = http.put(session, content=b"ab", headers=chunk)
    last = http.put(
        session, content=b"cd", headers=chunk | {"Content-Range": "bytes 2-3/4"}
    )

    assert [r.status_code for r in (preflight, first, last)] == [200, 308, 200]
    for response in (preflight, first, last):
        assert response.headers["Access-Control-Allow-Origin"] == PAGE
    assert "Range" in first.headers["Access-Control-Expose-Headers"]
    assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]


def test_a_session_made_for_no_page_answers_none(http, bucket):
    session = bucket.blob("x").create_resumable_upload_session()

    response = http.put(session, content=b"1", headers={"Origin": PAGE})

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_uploads_through_a_signed_session(open_bucket, signer):
    url = open_bucket.blob("x").generate_signed_url(
        version="v4", expiration=300, method="RESUMABLE", credentials=signer
    )

    started = httpx.post(url, headers={"Origin": PAGE, "x-goog-resumable": "start"})
    session = started.headers["Location"]
    finished = httpx.put(session, content=b"content", headers={"Origin": PAGE})

    assert finished.status_code == 200
    assert finished.headers["Access-Control-Allow-Origin"] == PAGE
    assert open_bucket.blob("x").download_as_bytes() == b"content"


origins = st.sampled_from([PAGE, OTHER, "*"])
methods = st.sampled_from(["GET", "PUT", "*"])


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "origin": st.lists(origins, max_size=2),
                "method": st.lists(methods, max_size=2),
            }
        ),
        max_size=3,
    ),
    st.sampled_from([PAGE, OTHER]),
    st.sampled_from(["GET", "PUT"]),
)
def test_a_page_is_allowed_exactly_where_one_rule_allows_it(rules, origin, method):
    headers = bucket_headers(rules, {"Origin": origin}, method)

    allowed = any(
        {origin, "*"} & set(rule["origin"]) and {method, "*"} & set(rule["method"])
        for rule in rules
    )
    assert bool(headers) == allowed
    assert headers.get("Access-Control-Allow-Origin") in {None, origin, "*"}


def test_who_is_no_page_gets_no_headers():
    assert bucket_headers([RULE], {}, "GET") == {}
