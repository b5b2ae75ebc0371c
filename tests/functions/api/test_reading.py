from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.domain.claims import Kind
from tests.functions.api.harness import MILES, START, record, stage


def titles(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def test_a_track_is_told_as_the_catalog_has_it(viewer, album):
    answer = viewer.get(f"/api/tracks/{album.so_what}")

    told = answer.json()
    assert told["id"] == str(album.so_what)
    assert told["title"] == "So What"
    assert told["bpm"] == 136.0
    assert told["artists"] == MILES
    assert "provenance" not in told


def test_what_is_beside_a_track_comes_when_asked_for(viewer, album):
    path = f"/api/tracks/{album.so_what}?include=provenance,releases,resources"

    told = viewer.get(path).json()

    assert told["provenance"]["title"]["source"] == "tags"
    assert told["releases"][0]["release"]["title"] == "Kind of Blue"
    assert told["releases"][0]["track_number"] == 1
    assert told["resources"][0]["type"] == "audio"


def test_a_track_that_did_not_change_is_not_sent_again(viewer, album):
    path = f"/api/tracks/{album.so_what}"
    etag = viewer.get(path).headers["etag"]

    answer = viewer.get(path, headers={"if-none-match": etag})

    assert answer.status_code == 304
    assert answer.headers["etag"] == etag
    assert answer.content == b""


def test_head_tells_what_get_would_without_the_body(viewer, album):
    path = f"/api/tracks/{album.so_what}"

    answer = viewer.request("HEAD", path)

    assert answer.status_code == 200
    assert answer.headers["etag"] == viewer.get(path).headers["etag"]
    assert answer.content == b""


@pytest.mark.parametrize("address", ["releases", "albums"])
def test_a_release_lists_its_tracks_in_order(viewer, album, address):
    told = viewer.get(f"/api/{address}/{album.release}").json()

    assert [place["track"]["title"] for place in told["tracks"]] == [
        "So What",
        "Blue in Green",
    ]
    assert told["tracks"][0]["track"]["resources"][0]["uri"].endswith("/1.flac")
    assert told["resources"] == []


def test_a_releases_etag_changes_with_the_tracks_on_it(viewer, api, album):
    path = f"/api/releases/{album.release}"
    before = viewer.get(path).headers["etag"]
    api.edit(f"/api/tracks/{album.blue}", {"title": "Blue in Green (take 2)"})

    answer = viewer.get(path, headers={"if-none-match": before})

    assert answer.status_code == 200
    assert answer.headers["etag"] != before


def test_an_artist_is_told_with_counts(viewer, album):
    told = viewer.get(f"/api/artists/{album.artist}").json()

    assert told["name"] == "Miles Davis"
    assert told["counts"] == {"tracks": 2, "releases": 1}


def test_artists_are_those_who_perform(viewer, world, tenant, album):
    stage(
        world,
        tenant,
        record(Kind.PARTY, ("name:columbia",), {"name": "Columbia"}, origin="x:1"),
    )

    told = viewer.get("/api/artists").json()["items"]

    assert [artist["name"] for artist in told] == ["Miles Davis"]
    assert told[0]["counts"]["tracks"] == 2


def test_an_artists_tracks_can_be_listed(viewer, album):
    answer = viewer.get(f"/api/artists/{album.artist}/tracks?sort=title")

    assert titles(answer) == ["Blue in Green", "So What"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("title=WHAT", ["So What"]),
        ("title=%25", []),
        ("title=_", []),
        ("artist=miles", ["Blue in Green", "So What"]),
        ("isrc=us-sm1-59-00113", ["So What"]),
        ("label=columb", ["Blue in Green", "So What"]),
        ("genre=jazz", ["Blue in Green", "So What"]),
        ("genre=ja", []),
        ("year_min=1959&year_max=1959", ["Blue in Green", "So What"]),
        ("year_min=1960", []),
        ("bpm_min=100", ["So What"]),
        ("bpm_min=50&bpm_max=60", ["Blue in Green"]),
        ("key=D%20minor", ["So What"]),
        ("camelot=7A", []),
        ("q=davis+blue", ["Blue in Green"]),
        ("quality_min=1", []),
        ("updated_since=2026-01-01T00:00:00Z", ["Blue in Green", "So What"]),
        ("updated_since=2026-01-02T00:00:00%2B00:00", []),
        ("language=en", []),
    ],
)
def test_tracks_are_filtered(viewer, album, query, expected):
    answer = viewer.get(f"/api/tracks?sort=title&{query}")

    assert titles(answer) == expected


def test_tracks_of_a_release_and_of_an_artist_are_found(viewer, album):
    on_release = viewer.get(f"/api/tracks?sort=title&release_id={album.release}")
    of_artist = viewer.get(f"/api/tracks?sort=title&artist_id={album.artist}")
    elsewhere = viewer.get(f"/api/tracks?release_id={uuid4()}")

    assert titles(on_release) == titles(of_artist) == ["Blue in Green", "So What"]
    assert titles(elsewhere) == []


@pytest.mark.parametrize(
    "query", ["q=columbia", "gtin=0074646493526", "genre=jazz&title=blue", "label=colu"]
)
def test_releases_are_filtered(viewer, album, query):
    expected = [] if "genre" in query else ["Kind of Blue"]

    assert titles(viewer.get(f"/api/releases?{query}")) == expected


@pytest.mark.parametrize(("query", "found"), [("name=davis", 1), ("role=Composer", 0)])
def test_artists_are_filtered(viewer, album, query, found):
    assert len(viewer.get(f"/api/artists?{query}").json()["items"]) == found


def test_only_the_fields_asked_for_are_told(viewer, album):
    answer = viewer.get("/api/tracks?sort=title&fields=title,isrc&include=provenance")

    first = answer.json()["items"][0]
    assert set(first) == {"id", "version", "title", "isrc", "provenance"}
    assert set(first["provenance"]) == {"title", "isrc"}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["Blue in Green", "So What"]),
        ("-title", ["So What", "Blue in Green"]),
        ("bpm", ["Blue in Green", "So What"]),
        ("label,-bpm", ["So What", "Blue in Green"]),
        ("key", ["So What", "Blue in Green"]),
        ("-key", ["Blue in Green", "So What"]),
    ],
)
def test_tracks_are_sorted(viewer, album, sort, expected):
    assert titles(viewer.get(f"/api/tracks?sort={sort}")) == expected


@pytest.fixture
def many(world, tenant) -> list[str]:
    """Nine recordings; some share a title, some have no tempo."""
    names = ["a", "b", "b", "b", "c", "d", "e", "e", "f"]
    stage(
        world,
        tenant,
        *(
            record(
                Kind.RECORDING,
                (f"sha256:{number}",),
                {"title": name} | ({"bpm": 100.0 + number % 3} if number % 2 else {}),
                origin=f"gs://uploads/x/{number}",
                received_at=START + timedelta(seconds=number // 2),
            )
            for number, name in enumerate(names)
        ),
    )
    return names


def walk(client, path: str) -> list[dict[str, object]]:
    items = []
    while path:
        answer = client.get(path)
        items += answer.json()["items"]
        link = answer.headers.get("link", "")
        assert bool(link) == (answer.json()["next_cursor"] is not None)
        path = link.partition(">")[0].lstrip("<")
    return items


@pytest.mark.parametrize(
    "sort", ["title", "-title", "bpm", "-bpm", "bpm,-title", "-bpm,title", "created_at"]
)
def test_pages_join_up_to_the_whole_list(viewer, many, sort):
    whole = viewer.get(f"/api/tracks?limit=200&sort={sort}").json()["items"]

    paged = walk(viewer, f"/api/tracks?limit=2&sort={sort}")

    assert [item["id"] for item in paged] == [item["id"] for item in whole]
    assert len(paged) == len(many)


def test_entries_that_appear_neither_repeat_nor_hide_others(
    viewer, world, tenant, many
):
    first = viewer.get("/api/tracks?limit=4&sort=title")
    stage(
        world,
        tenant,
        record(Kind.RECORDING, ("sha256:new",), {"title": "aa"}, origin="x:new"),
        record(Kind.RECORDING, ("sha256:newer",), {"title": "ee"}, origin="x:newer"),
    )

    following = walk(viewer, first.headers["link"].partition(">")[0].lstrip("<"))

    seen = [item["title"] for item in first.json()["items"] + following]
    assert seen == sorted([*many, "ee"])


def test_a_cursor_belongs_to_its_filters_order_and_tenant(viewer, stranger, many):
    cursor = viewer.get("/api/tracks?limit=2&sort=title").json()["next_cursor"]

    for client, query in [
        (viewer, "sort=-title"),
        (viewer, "sort=title&title=b"),
        (stranger, "sort=title"),
    ]:
        answer = client.get(f"/api/tracks?limit=2&{query}&cursor={cursor}")
        assert answer.status_code == 400
        assert answer.json()["facts"]["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=blue", "colour"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("isrc=nonsense", "isrc"),
        ("key=H%20moll", "key"),
        ("bpm_min=fast", "bpm_min"),
        ("bpm_min=5", "bpm_min"),
        ("bpm_min=nan", "bpm_min"),
        ("year_min=59", "year_min"),
        ("updated_since=yesterday", "updated_since"),
        ("release_id=1", "release_id"),
        ("fields=title,colour", "fields"),
        ("sort=colour", "sort"),
        ("include=everything", "include"),
        ("title=a&title=b", "title"),
        ("title=", "title"),
        ("cursor=forged", "cursor"),
    ],
)
def test_parameters_that_are_wrong_are_refused_by_name(viewer, query, parameter):
    answer = viewer.get(f"/api/tracks?{query}")

    assert answer.status_code == 400
    assert answer.json()["facts"]["parameter"] == parameter


def test_an_unknown_parameter_is_told_which_are_known(viewer):
    known = viewer.get("/api/tracks?colour=blue").json()["facts"]["known"]

    assert "title" in known
    assert "cursor" in known


@pytest.mark.parametrize("address", ["tracks", "releases", "albums", "artists"])
@pytest.mark.parametrize("part", ["", "/provenance", "/history", "/findings"])
def test_what_does_not_exist_is_not_found(viewer, address, part):
    answer = viewer.get(f"/api/{address}/{uuid4()}{part}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


def test_an_id_that_is_none_is_a_bad_request(viewer):
    assert viewer.get("/api/tracks/42").status_code == 400


def test_a_merged_track_redirects_to_the_one_it_became(viewer, world, tenant):
    stage(
        world,
        tenant,
        record(Kind.RECORDING, ("sha256:1",), {"title": "A"}, origin="x:1"),
        record(Kind.RECORDING, ("sha256:2",), {"title": "A"}, origin="x:2"),
    )
    with world.catalog.transaction(tenant) as tx:
        ids = [tx.find(Kind.RECORDING, f"sha256:{n}") for n in (1, 2)]
    stage(
        world,
        tenant,
        record(Kind.RECORDING, ("sha256:1", "sha256:2"), {"title": "A"}, origin="x:3"),
    )

    answers = [viewer.get(f"/api/tracks/{found}") for found in ids]

    gone = next(a for a in answers if a.status_code == 308)
    kept = next(a for a in answers if a.status_code == 200)
    assert gone.headers["location"] == f"/api/tracks/{kept.json()['id']}"


def test_a_deleted_track_is_gone(viewer, world, tenant, api):
    stage(
        world,
        tenant,
        record(Kind.RECORDING, ("sha256:1",), {"title": "A"}, origin="gs://u/a"),
    )
    with world.catalog.transaction(tenant) as tx:
        found = tx.find(Kind.RECORDING, "sha256:1")
    stage(
        world,
        tenant,
        record(
            Kind.RECORDING, ("sha256:9",), {"title": "B"}, origin="gs://u/a", version=2
        ),
    )

    answer = viewer.get(f"/api/tracks/{found}")
    edited = api.patch(
        f"/api/tracks/{found}", json={"title": "C"}, headers={"if-match": "*"}
    )

    assert answer.status_code == edited.status_code == 410
    assert answer.json()["code"] == "gone"
