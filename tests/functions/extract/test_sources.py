"""Files that hold many records, from the bucket into the catalog."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest

from functions.extract.kinds import FileKind, sniff
from functions.extract.notification import ObjectFinalized
from functions.extract.readers import read
from functions.extract.service import Extractor
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.domain.claims import Kind
from shared.domain.entities import exact_digest
from shared.domain.uploads import Stage, upload_id
from tests.functions.stored import VersionedStore
from tests.shared.formats.ingest import needs_samples, samples

FEED = """<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Harbour Talk</title>
<atom:link rel="self" href="https://e.org/feed.xml"/>
{items}</channel></rss>"""
ITEM = """<item><guid>{n}</guid><title>Talk {n}</title>
<enclosure url="https://e.org/{n}.mp3" type="audio/mpeg" length="9"/>
<podcast:person>Ada</podcast:person><podcast:person>Ben</podcast:person></item>"""


def feed(*numbers):
    return FEED.format(items="".join(ITEM.format(n=n) for n in numbers)).encode()


@pytest.fixture
def catalog():
    return MemoryCatalog("a-label")


@pytest.fixture
def uploads():
    return VersionedStore()


@pytest.fixture
def kept():
    return VersionedStore("gs://resources")


@pytest.fixture
def take_in(catalog, uploads, kept):
    extractor = Extractor(
        catalog=catalog,
        uploads=uploads,
        resources=kept,
        clock=FixedClock(),
        read=read,
        relay=lambda _: None,
        max_upload_bytes=50_000_000,
    )

    def told(name, content):
        generation = uploads.put(f"a-label/{name}", content)
        event = ObjectFinalized(
            bucket="up",
            name=f"a-label/{name}",
            generation=generation,
            size=len(content),
        )
        extractor.extract(event)
        with catalog.transaction("a-label") as tx:
            return tx.upload(upload_id(event.uri))

    return told


@pytest.fixture
def living(catalog):
    def found(kind):
        every = catalog.entities("a-label")
        return [e for e in every if e.kind is kind and e.deleted_at is None]

    return found


def test_a_feed_becomes_a_podcast_with_its_episodes(take_in, living):
    upload = take_in("feed.xml", feed(1, 2))

    (podcast,) = living(Kind.PODCAST)
    episodes = living(Kind.EPISODE)
    assert upload.stage is Stage.PUBLISHED
    assert upload.file_kind == "feed"
    assert podcast.values["title"] == "Harbour Talk"
    assert podcast.provenance["title"]["source"] == "feed"
    assert sorted(e.values["title"] for e in episodes) == ["Talk 1", "Talk 2"]
    assert {p["text"] for p in episodes[0].values["persons"]} == {"Ada", "Ben"}
    assert {p.values["name"] for p in living(Kind.PARTY)} == {"Ada", "Ben"}
    assert upload.counts["records"] == 3


def test_an_episode_stays_when_the_feed_no_longer_lists_it(take_in, living):
    take_in("feed.xml", feed(1, 2))
    take_in("feed.xml", feed(2, 3))

    titles = sorted(e.values["title"] for e in living(Kind.EPISODE))
    assert titles == ["Talk 1", "Talk 2", "Talk 3"]
    assert len(living(Kind.PODCAST)) == 1


def test_the_same_feed_from_another_address_is_the_same_podcast(take_in, living):
    take_in("a.xml", feed(1))
    take_in("b.xml", feed(1))

    assert len(living(Kind.PODCAST)) == len(living(Kind.EPISODE)) == 1


def test_the_same_bytes_again_change_nothing(take_in, catalog):
    take_in("feed.xml", feed(1, 2))
    before = exact_digest(catalog.entities("a-label"))

    upload = take_in("feed.xml", feed(1, 2))

    assert Stage.UNCHANGED in upload.stages
    assert exact_digest(catalog.entities("a-label")) == before


def test_what_is_wrong_with_rows_is_counted_and_written(take_in, living, kept):
    rows = "A,QZLN92600001\nB,nope\n,\n,QZLN9\nC,=cmd()\n"

    upload = take_in("t.csv", f"Title,ISRC\n{rows}".encode())

    assert sorted(r.values["title"] for r in living(Kind.RECORDING)) == ["A", "B", "C"]
    assert upload.counts == {
        "records": 4,
        "records_in_error": 1,
        "records_with_findings": 2,
        "findings": 4,
    }
    assert upload.errors_uri.startswith("gs://resources/a-label/errors/")
    name = upload.errors_uri.removeprefix("gs://resources/")
    text = b"".join(kept.read(name)).decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text)))
    assert [(row["line"], row["code"]) for row in told] == [
        ("3", "invalid-isrc"),
        ("5", "invalid-isrc"),
        ("5", "no-recording"),
        ("6", "invalid-isrc"),
    ]
    assert all(row["fix"] for row in told)
    assert told[-1]["value"] == "'=cmd()"
    assert json.loads(told[1]["row"])["ISRC"] == "QZLN9"
    assert len(upload.findings) == 4


def test_a_file_without_faults_leaves_no_table_of_them(take_in, kept):
    upload = take_in("t.csv", b"Title,ISRC\nA,QZLN92600001\n")

    assert upload.errors_uri == ""
    assert upload.counts == {"records": 1}


def test_what_breaks_off_is_taken_in_up_to_there_and_told_of(take_in, living):
    upload = take_in("c.json", b'[{"title": "A"},\n{"title": "B"},\n{"titl')

    assert upload.stage is Stage.PUBLISHED
    assert len(living(Kind.RECORDING)) == 2
    assert upload.findings[-1].code == "LN-FILE-BROKEN-OFF"
    assert upload.findings[-1].place == "line 3"


def test_a_file_that_says_nothing_is_rejected_with_a_way_out(take_in):
    upload = take_in("t.csv", b"colour,shape\nred,round\n")

    assert upload.stage is Stage.REJECTED
    assert "mapping" in upload.reason["facts"]["fix"]


def test_a_dump_line_joins_what_is_there_and_is_replaced_by_a_newer(take_in, living):
    take_in("t.csv", b"Title,ISRC\nNight (demo),QZLN92600001\n")
    line = {"id": "r1", "title": "Night", "length": 1000, "disambiguation": ""}
    line["isrcs"] = ["QZLN92600001"]

    take_in("old/recording", json.dumps(line).encode() + b"\n")
    line["length"] = 2000
    take_in("new/recording", json.dumps(line).encode() + b"\n")

    (recording,) = living(Kind.RECORDING)
    assert recording.values["title"] == "Night (demo)"
    assert recording.values["duration_ms"] == 2000
    assert recording.provenance["duration_ms"]["source"] == "reference:musicbrainz"


def test_a_playlist_is_an_entry_with_its_items(take_in, living):
    take_in("Late.m3u", b"#EXTM3U\n#EXTINF:60,Ada - Night\na.mp3\n")

    (playlist,) = living(Kind.PLAYLIST)
    assert playlist.values["title"] == "Late"
    assert playlist.values["items"][0]["artist"] == "Ada"


def test_a_long_file_is_never_held_whole(take_in, living):
    rows = "".join(f"Song {n},Ada\n" for n in range(2_500))

    upload = take_in("t.csv", f"Title,Artist\n{rows}".encode())

    assert upload.counts["records"] == 2_500
    assert len(living(Kind.RECORDING)) == 2_500


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"<?xml version='1.0'?><!-- <a> --><rss version='2.0'/>", "", FileKind.FEED),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "", FileKind.FEED),
        (b"<!-- x --><rdf:RDF xmlns='http://purl.org/rss/1.0/'/>", "", FileKind.FEED),
        ('<?xml version="1.0"?><rss/>'.encode("utf-16"), "", FileKind.FEED),
        ('<?xml version="1.0"?><rss/>'.encode("utf-16-le"), "", FileKind.FEED),
        (b'{"version": "https://jsonfeed.org/version/1"}', "", FileKind.FEED),
        (b"#EXTM3U\na.mp3\n", "", FileKind.PLAYLIST),
        (b"a.mp3\n", "x.m3u8", FileKind.PLAYLIST),
        (b"[playlist]\nFile1=a\n", "", FileKind.PLAYLIST),
        (b'{"playlist": {"title": "x"}}', "", FileKind.PLAYLIST),
        (b'<playlist xmlns="http://xspf.org/ns/0/"/>', "", FileKind.PLAYLIST),
        (b'/* x */ {"all": []}', "x.nsp", FileKind.PLAYLIST),
        (b"<masters><master id='1'><main_release>", "", FileKind.DISCOGS),
        (b"<plist><dict><key>Tracks</key></dict></plist>", "", FileKind.ITUNES_LIBRARY),
        (b"<catalog><track/></catalog>", "", FileKind.XML),
        (b'{"id": "1", "title": "A", "isrcs": []}\n', "", FileKind.JSON),
        (gzip.compress(b"title,artist\nA,B\nC,D\n"), "t.csv.gz", FileKind.TABLE),
        (gzip.compress(bytes(100)), "x.gz", FileKind.ARCHIVE),
        (b"PK\x03\x04" + bytes(20) + b"[Content_Types].xml xl/", "", FileKind.WORKBOOK),
    ],
)
def test_sources_are_told_by_their_shape(content, name, kind):
    assert sniff(content, name, len(content)) is kind


@needs_samples
@pytest.mark.parametrize(
    ("category", "kinds"),
    [
        ("podcast-rss", {FileKind.FEED, FileKind.XML}),
        ("feed-general", {FileKind.FEED}),
        ("musicbrainz-jsonl", {FileKind.MUSICBRAINZ}),
        ("discogs-dump", {FileKind.DISCOGS}),
        ("itunes-library-xml", {FileKind.ITUNES_LIBRARY}),
        ("playlist", {FileKind.PLAYLIST}),
        ("csv-catalog", {FileKind.TABLE}),
        ("csv-template-columns", {FileKind.TABLE}),
    ],
)
def test_samples_are_told_by_their_shape(category, kinds):
    found = {
        path.name: sniff(path.read_bytes()[: 64 * 1024], path.name, path.stat().st_size)
        for path in samples(category)
    }

    assert {name: kind for name, kind in found.items() if kind not in kinds} == {}
