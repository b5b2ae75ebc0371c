import re

import pytest
from google.api_core.exceptions import BadRequest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.storage.content import ContentStore, Digest
from infra.local.storage.database import Database
from infra.local.storage.listing import ListQuery, Position, glob_pattern, listed
from infra.local.storage.notifications import Notifications
from infra.local.storage.objects import Content, Objects, Target

names = st.text(alphabet="ab/é\U0001f3b5", min_size=1, max_size=6)


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("listing")
    database = Database(folder / "metadata.sqlite")
    database.execute("INSERT INTO bucket VALUES ('b', 1, '{}', NULL)")
    yield database, ContentStore(folder / "content")
    database.close()


def _fill(database, content, names):
    database.execute("DELETE FROM object")
    objects = Objects(database, content, Notifications(database))
    for name in names:
        objects.put(Target("b", name), Content("none", Digest(1, "", "")), {})


def _all_pages(database, **query):
    items, prefixes, after = [], [], None
    while True:
        page = listed(database, ListQuery("b", after=after, **query))
        assert len(page) <= query.get("max_results", 1000)
        items += [item.name for item in page.items]
        prefixes += page.prefixes
        if page.next_page is None:
            return items, prefixes
        after = Position.from_token(page.next_page.token())


def _naive(names, prefix, delimiter, start, end):
    items, prefixes = [], []
    for name in sorted(names, key=lambda name: name.encode()):
        inside = name.startswith(prefix) and name >= start and (not end or name < end)
        if not inside:
            continue
        head, found, _ = name[len(prefix) :].partition(delimiter or "\0")
        if found:
            folded = prefix + head + found
            prefixes += [] if folded in prefixes else [folded]
        else:
            items.append(name)
    return items, prefixes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sets(names, max_size=15),
    st.fixed_dictionaries(
        {
            "prefix": st.text(alphabet="ab/", max_size=2),
            "delimiter": st.sampled_from(["", "/", "a", "ab"]),
            "start": st.text(alphabet="ab/", max_size=2),
            "end": st.text(alphabet="ab/", max_size=2),
        }
    ),
    st.integers(1, 5),
)
def test_pages_together_give_what_a_naive_listing_gives(
    empty_database, names, query, size
):
    database, content = empty_database
    _fill(database, content, names)

    found = _all_pages(database, max_results=size, **query)

    assert found == _naive(names, **query)


def test_a_folder_of_many_objects_is_one_step(empty_database):
    database, content = empty_database
    _fill(database, content, [f"a/{number:05}" for number in range(3000)] + ["b"])

    page = listed(database, ListQuery("b", delimiter="/"))

    assert page.prefixes == ["a/"]
    assert [item.name for item in page.items] == ["b"]


@pytest.mark.parametrize(
    ("glob", "matching", "other"),
    [
        ("*.flac", ["a.flac", ".flac"], ["a/b.flac", "a.mp3"]),
        ("**.flac", ["a.flac", "a/b.flac"], ["a.mp3"]),
        ("**/b.flac", ["b.flac", "a/b.flac", "x/y/b.flac"], ["ab.flac"]),
        ("a?c", ["abc"], ["a/c", "ac"]),
        ("[a-c]x", ["ax", "cx"], ["dx"]),
        ("[!a]x", ["bx"], ["ax"]),
        ("{mp3,flac}/x", ["mp3/x", "flac/x"], ["wav/x"]),
        ("a,b", ["a,b"], ["a"]),
        ("a.b+", ["a.b+"], ["axb", "a.bb"]),
    ],
)
def test_globs(glob, matching, other):
    pattern = re.compile(glob_pattern(glob))

    assert [name for name in matching + other if pattern.fullmatch(name)] == matching


@given(st.text(max_size=12))
def test_any_glob_is_understood_somehow(glob):
    balanced = glob.count("{") == glob.count("}") == 0

    if balanced:
        re.compile(glob_pattern(glob))


def test_the_client_lists_by_prefix_delimiter_and_page(client, bucket):
    for name in ("p/1", "p/2", "p/q/3", "z"):
        bucket.blob(name).upload_from_string("x")

    listing = client.list_blobs(bucket, prefix="p/", delimiter="/")
    found = [blob.name for blob in listing]
    pages = [len(list(page)) for page in bucket.list_blobs(page_size=1).pages]
    globbed = [blob.name for blob in bucket.list_blobs(match_glob="**3")]

    assert found == ["p/1", "p/2"]
    assert listing.prefixes == {"p/q/"}
    assert pages == [1, 1, 1, 1]
    assert globbed == ["p/q/3"]


def test_a_trailing_delimiter_can_be_listed_as_an_object_too(client, bucket):
    for name in ("p/", "p/1"):
        bucket.blob(name).upload_from_string("x")

    listing = client.list_blobs(bucket, delimiter="/", include_trailing_delimiter=True)

    assert [blob.name for blob in listing] == ["p/"]
    assert listing.prefixes == {"p/"}


def test_a_made_up_page_token_is_refused(bucket):
    with pytest.raises(BadRequest):
        list(bucket.list_blobs(page_token="made-up"))


def test_the_xml_interface_lists_too(http, bucket):
    for name in ("p/1", "p/2", "q&<"):
        bucket.blob(name).upload_from_string("x")

    first = http.get(f"/{bucket.name}", params={"list-type": 2, "max-keys": 1}).text
    token = re.search("<NextContinuationToken>(.*)</NextContinuationToken>", first)[1]
    rest = http.get(
        f"/{bucket.name}", params={"list-type": 2, "continuation-token": token}
    ).text
    folded = http.get(f"/{bucket.name}", params={"delimiter": "/"}).text

    assert re.findall("<Key>(.*?)</Key>", first) == ["p/1"]
    assert re.findall("<Key>(.*?)</Key>", rest) == ["p/2", "q&amp;&lt;"]
    assert "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>" in folded
