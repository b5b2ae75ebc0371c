"""What becomes of an object that was uploaded, once and again."""

from __future__ import annotations

import base64
import json

import google_crc32c
import pytest

from functions.extract.notification import ObjectFinalized
from functions.extract.readers import read
from functions.extract.service import Extractor
from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from infra.local.samples.pictures import cover
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.domain.claims import Kind
from shared.domain.entities import content_digest
from shared.domain.errors import InvalidInputError, TransientError
from shared.domain.uploads import Stage, upload_id
from tests.functions.stored import VersionedStore

NAME = "a-label/Tidewater/01.flac"
ISRC = "QZLN92600001"


@pytest.fixture(scope="module")
def sound():
    return encoded(samples(Song(duration_s=0.5)), "flac")


@pytest.fixture
def audio(sound):
    def made(**tags):
        return tagged(sound, SampleTags(**tags))

    return made


@pytest.fixture
def catalog():
    return MemoryCatalog("a-label")


@pytest.fixture
def uploads():
    return VersionedStore()


@pytest.fixture
def pictures():
    return VersionedStore("gs://resources")


@pytest.fixture
def relayed():
    return []


@pytest.fixture
def extractor(catalog, uploads, pictures, relayed):
    return Extractor(
        catalog=catalog,
        uploads=uploads,
        resources=pictures,
        clock=FixedClock(),
        read=read,
        relay=relayed.append,
        max_upload_bytes=1_000_000,
    )


@pytest.fixture
def put(uploads):
    """Write an object and return the event that tells of it."""

    def told(content, name=NAME):
        generation = uploads.put(name, content)
        return ObjectFinalized(
            bucket="up",
            name=name,
            generation=generation,
            size=len(content),
            created_at=uploads.stat(name, generation=generation).updated_at,
            crc32c=base64.b64encode(google_crc32c.Checksum(content).digest()),
        )

    return told


def upload_of(catalog, name=NAME):
    with catalog.transaction("a-label") as tx:
        return tx.upload(upload_id(f"gs://up/{name}"))


def of_kind(catalog, kind):
    return [
        entity
        for entity in catalog.entities("a-label")
        if entity.kind is kind and not entity.deleted_at
    ]


def announced(catalog):
    """Return the events that wait in the outbox, without changes of entries."""
    events = []
    catalog.drain("a-label", events.extend, limit=10_000)
    found = [json.loads(out.item.data) for out in events if hasattr(out.item, "data")]
    return [event for event in found if ".changed." not in event["type"]]


def test_a_file_becomes_a_recording_a_release_and_a_resource(
    extractor, catalog, put, audio
):
    extractor.extract(put(audio()))

    (recording,) = of_kind(catalog, Kind.RECORDING)
    assert recording.values["isrc"] == ISRC
    assert len(of_kind(catalog, Kind.RELEASE)) == 1
    assert len(of_kind(catalog, Kind.RESOURCE)) == 1
    upload = upload_of(catalog)
    assert upload.stage is Stage.PUBLISHED
    assert f"recording/{recording.id}" in upload.entities


def test_what_was_extracted_is_announced_for_who_comes_next(
    extractor, catalog, put, audio
):
    event = put(audio())

    extractor.extract(event)

    types = [event["type"] for event in announced(catalog)]
    assert sorted(types) == ["recording.extracted.v1", "release.extracted.v1"]


def test_what_a_file_no_longer_speaks_of_is_announced_too(
    extractor, catalog, put, audio
):
    extractor.extract(put(audio()))
    (before,) = of_kind(catalog, Kind.RECORDING)
    announced(catalog)

    extractor.extract(put(audio(isrc="QZLN92600099")))

    told = {event["subject"] for event in announced(catalog)}
    assert f"recording/{before.id}" in told
    assert f"recording/{before.id}" not in upload_of(catalog).entities


def test_the_tenant_is_relayed_after_the_commit(extractor, relayed, put, audio):
    extractor.extract(put(audio()))

    assert relayed == ["a-label"]


def test_the_same_event_again_changes_nothing(extractor, catalog, put, audio):
    event = put(audio())
    extractor.extract(event)
    before = catalog.changes("a-label"), upload_of(catalog)

    extractor.extract(event)

    assert (catalog.changes("a-label"), upload_of(catalog)) == before


def test_the_same_bytes_again_are_unchanged(extractor, catalog, put, audio):
    extractor.extract(put(audio()))
    changes = catalog.changes("a-label")

    extractor.extract(put(audio()))

    assert upload_of(catalog).stage is Stage.UNCHANGED
    assert catalog.changes("a-label") == changes


def test_other_bytes_replace_what_was_said(extractor, catalog, put, audio):
    extractor.extract(put(audio()))

    extractor.extract(put(audio(title="Other")))

    (recording,) = of_kind(catalog, Kind.RECORDING)
    assert (recording.values["title"], recording.version) == ("Other", 2)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 0, 2)])
def test_there_and_back_is_the_same_in_whatever_order_it_is_told(
    extractor, catalog, put, audio, order
):
    events = [put(audio(title=title)) for title in ("First", "Second", "First")]

    for place in order:
        extractor.extract(events[place])

    (recording,) = of_kind(catalog, Kind.RECORDING)
    assert recording.values["title"] == "First"
    assert upload_of(catalog).generation == events[2].generation


def test_a_late_generation_does_not_overtake(extractor, catalog, put, audio):
    older, newer = put(audio(title="Older")), put(audio(title="Newer"))

    extractor.extract(newer)
    extractor.extract(older)

    (recording,) = of_kind(catalog, Kind.RECORDING)
    assert recording.values["title"] == "Newer"


def test_orders_of_two_files_come_to_the_same(uploads, pictures, put, audio):
    events = [
        put(audio(isrc="", title="One"), "a-label/x/1.flac"),
        put(audio(title="Two"), "a-label/x/1.flac"),
        put(audio(title="Three"), "a-label/x/2.flac"),
    ]

    digests = set()
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)):
        catalog = MemoryCatalog("a-label")
        extractor = Extractor(
            catalog, uploads, pictures, FixedClock(), read, str, 1_000_000
        )
        for place in order:
            extractor.extract(events[place])
        digests.add(content_digest(catalog.entities("a-label")))

    assert len(digests) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no reader for this kind of file"),
        (b"\x00\x01\x02" * 50, "no reader for this kind of file"),
        (b"a,b\r\n1,2\r\n", "the table has no header with known columns"),
    ],
)
def test_what_cannot_be_read_is_rejected_once_with_its_reason(
    extractor, catalog, put, content, told
):
    event = put(content, "a-label/odd.csv")

    extractor.extract(event)
    extractor.extract(event)

    upload = upload_of(catalog, "a-label/odd.csv")
    assert upload.stage is Stage.REJECTED
    assert upload.reason["message"] == told
    assert [one["type"] for one in announced(catalog)] == ["upload.rejected.v1"]
    assert catalog.entities("a-label") == []


def test_a_good_file_after_a_broken_one_has_no_reason(extractor, catalog, put, audio):
    extractor.extract(put(b""))

    extractor.extract(put(audio()))

    assert upload_of(catalog).reason is None
    assert Stage.REJECTED not in upload_of(catalog).stages


def test_a_file_that_is_too_large_is_rejected_unread(extractor, catalog, put, uploads):
    extractor.extract(put(bytes(1_000_001)))

    assert upload_of(catalog).reason["code"] == "limit-exceeded"
    assert uploads.reads == []


def test_a_folder_is_no_upload(extractor, catalog, put):
    extractor.extract(put(b"", "a-label/folder/"))

    assert upload_of(catalog, "a-label/folder/") is None


def test_outside_of_a_tenants_folder_nothing_is_read(extractor, put, uploads, audio):
    with pytest.raises(InvalidInputError, match="not a tenant's"):
        extractor.extract(put(audio(), "nobody/01.flac"))

    assert uploads.reads == []


def test_what_was_replaced_before_it_was_read_is_left_to_its_successor(
    extractor, catalog, put, uploads, audio
):
    event = put(audio())
    uploads.drop(NAME)

    extractor.extract(event)

    assert upload_of(catalog) is None


def test_while_the_store_is_away_the_event_has_to_come_again(
    extractor, catalog, put, uploads, audio
):
    event = put(audio())
    uploads.is_away = True
    with pytest.raises(TransientError):
        extractor.extract(event)

    uploads.is_away = False
    extractor.extract(event)

    assert upload_of(catalog).stage is Stage.PUBLISHED


def test_pictures_are_kept_once_by_their_content(extractor, put, pictures, audio):
    for number in (1, 2):
        content = audio(cover=cover(hue=3), track=number)
        extractor.extract(put(content, f"a-label/x/{number}.flac"))

    (name,) = pictures.names()
    assert name.startswith("a-label/artwork/")
    assert name.endswith(".png")


def test_a_long_table_is_staged_in_several_transactions(
    extractor, catalog, put, relayed
):
    rows = "".join(f"Song {n},Ada Quill,QZLN9{n:07}\r\n" for n in range(1100))

    extractor.extract(put(f"title,artist,isrc\r\n{rows}".encode(), "a-label/t.csv"))

    assert len(of_kind(catalog, Kind.RECORDING)) == 1100
    assert len(relayed) > 1
    assert upload_of(catalog, "a-label/t.csv").stage is Stage.PUBLISHED


def test_two_barcodes_of_one_title_share_a_folder_in_any_order(
    uploads, pictures, put, audio
):
    events = [
        put(audio(isrc="", gtin="2000000000008"), "a-label/x/1.flac"),
        put(audio(isrc="", gtin="2000000000183"), "a-label/x/2.flac"),
        put(audio(isrc="", gtin="", track=3), "a-label/x/3.flac"),
    ]

    digests = set()
    for order in ((0, 1, 2), (1, 0, 2)):
        catalog = MemoryCatalog("a-label")
        extractor = Extractor(
            catalog, uploads, pictures, FixedClock(), read, str, 1_000_000
        )
        for place in order:
            extractor.extract(events[place])
        digests.add(content_digest(catalog.entities("a-label")))

    assert len(digests) == 1
