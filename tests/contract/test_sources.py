"""Feeds, tables, dumps and playlists in PostgreSQL, from the bucket to the answer."""

from __future__ import annotations

import json

import pytest

from functions.extract.notification import ObjectFinalized
from functions.extract.readers import read
from functions.extract.service import Extractor
from shared.adapters.memory.clock import FixedClock
from shared.adapters.postgres.queries import PostgresQueries
from shared.adapters.postgres.replay import replay
from shared.domain.claims import Kind
from shared.domain.uploads import Stage, upload_id
from tests.functions.stored import VersionedStore

FEED = b"""<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0">
<channel><title>Harbour Talk</title><podcast:funding url="a"/><podcast:funding url="b"/>
<item><guid>1</guid><title>One</title><enclosure url="https://e.org/1.mp3"/>
<podcast:person>Ada</podcast:person><podcast:person>Ben</podcast:person></item>
</channel></rss>"""
GROUP = {
    "id": "g1",
    "title": "Tidewater",
    "primary-type": "Album",
    "first-release-date": "2026",
    "artist-credit": [{"name": "Ada", "artist": {"id": "a1", "name": "Ada"}}],
}
FILES = {
    "feed.xml": FEED,
    "groups.jsonl": json.dumps(GROUP).encode() + b"\n",
    "Late.m3u": b"#EXTM3U\n#EXTINF:60,Ada - Night\na.mp3\n",
    "works.csv": b"Work Title,ISWC,Writer 1 Last\nNight,T-034524680-1,Quill\n",
    "tracks.csv": b"Title,ISRC\nNight,QZLN92600001\nDay,nope\n",
}


@pytest.fixture
def uploads(postgres_catalog, tenant):
    """Takes all FILES in; returns their uploads by name."""
    store, kept = VersionedStore(), VersionedStore("gs://resources")
    extractor = Extractor(
        catalog=postgres_catalog,
        uploads=store,
        resources=kept,
        clock=FixedClock(),
        read=read,
        relay=lambda _: None,
        max_upload_bytes=1_000_000,
    )
    found = {}
    for name, content in FILES.items():
        path = f"{tenant}/{name}"
        event = ObjectFinalized(
            bucket="up",
            name=path,
            generation=store.put(path, content),
            size=len(content),
        )
        extractor.extract(event)
        with postgres_catalog.transaction(tenant) as tx:
            found[name] = tx.upload(upload_id(event.uri))
    return found


def test_every_source_is_published_with_its_counts(uploads):
    assert {upload.stage for upload in uploads.values()} == {Stage.PUBLISHED}
    assert uploads["feed.xml"].counts == {"records": 2}
    kinds = {name.partition("/")[0] for name in uploads["feed.xml"].entities}
    assert kinds == {"podcast", "episode"}
    assert uploads["tracks.csv"].counts["records_with_findings"] == 1
    assert uploads["tracks.csv"].errors_uri


@pytest.mark.parametrize(
    ("kind", "key", "field", "value"),
    [
        (Kind.PODCAST, "title:|harbour talk", "title", "Harbour Talk"),
        (Kind.EPISODE, "episode:title:|harbour talk|1", "title", "One"),
        (Kind.RELEASE_GROUP, "musicbrainz:g1", "type", "Album"),
        (Kind.WORK, "iswc:T0345246801", "title", "Night"),
    ],
)
def test_each_kind_is_answered_with_its_provenance(
    uploads, app_engine, postgres_catalog, tenant, kind, key, field, value
):
    with postgres_catalog.transaction(tenant) as tx:
        entity_id = tx.find(kind, key)

    stored = PostgresQueries(app_engine).entry(
        tenant, kind, entity_id, frozenset({"provenance"})
    )

    told = json.loads(stored.body)
    assert told[field] == value
    assert told["provenance"][field]["source"] in {
        "feed",
        "table",
        "reference:musicbrainz",
    }


def test_lists_of_objects_come_back_as_they_were(uploads, postgres_catalog, tenant):
    with postgres_catalog.transaction(tenant) as tx:
        podcast = tx.entity(Kind.PODCAST, tx.find(Kind.PODCAST, "title:|harbour talk"))

    assert podcast.values["funding"] == [{"url": "a"}, {"url": "b"}]


def test_a_replay_rebuilds_them_to_the_last_byte(uploads, admin_engine, tenant):
    report = replay(admin_engine, tenant)

    assert report.is_exact
    assert report.differences == ()
