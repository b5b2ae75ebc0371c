"""What is heard in a recording's files, in whatever order they come."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from functions.enrich.service import SOURCE, Enricher
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.entities import content_digest
from shared.domain.errors import TransientError, UnreadableFileError
from shared.domain.uploads import Stage, Upload, upload_id
from shared.events.pipeline import RecordingExtracted
from tests.functions.stored import VersionedStore

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_BROKEN = b"broken"


@dataclass(frozen=True)
class Tempo:
    """As `shared.audio.tempo.Tempo`, as far as it is asked here."""

    bpm: float
    confidence: float
    alternatives_bpm: tuple[float, ...] = ()


@dataclass(frozen=True)
class Tonality:
    """As `shared.audio.tonality.Tonality`, likewise."""

    key: str
    camelot: str
    confidence: float
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """As `shared.audio.analysis.Analysis`, likewise."""

    tempo: Tempo | None
    tonality: Tonality | None = None
    loudness_lufs: float | None = None
    energy: float | None = None


@dataclass
class Ear:
    """Hears a tempo in the first byte, and counts how often it listened."""

    heard: list[bytes] = field(default_factory=list)
    confidence: float = 0.9

    def __call__(self, file):
        content = file.read()
        self.heard.append(content)
        if content == _BROKEN:
            raise UnreadableFileError("nothing can be decoded")
        return Heard(
            tempo=Tempo(100.0 + content[0], self.confidence, (50.0,)),
            tonality=Tonality("A minor", "8A", 0.95, ("C major",)),
            loudness_lufs=-9.5,
            energy=0.5,
        )


class World:
    """A label's catalog, into which files come as extract leaves them."""

    def __init__(self):
        self.catalog = MemoryCatalog("t")
        self.uploads = VersionedStore()
        self.ear = Ear()
        self.enricher = Enricher(
            self.catalog, self.uploads, FixedClock(), self.ear, lambda _tenant: None
        )

    def extracted(self, name, content, isrc="isrc:1", *, kind="SoundRecording"):
        """Stage a file of a recording; return the event that asks to listen."""
        uri = f"gs://up/t/{name}"
        generation = self.uploads.put(f"t/{name}", content)
        keys = (isrc, f"sha256:{content.hex()}", f"object:{uri}")

        def said(of, keys, source, *claims):
            return SourceRecord(of, keys, source, uri, generation, claims, _AT)

        with self.catalog.transaction("t") as tx:
            records = [
                said(
                    Kind.RESOURCE,
                    (f"object:{uri}",),
                    "file",
                    Claim("sha256", content.hex()),
                    Claim("type", kind),
                )
            ]
            if kind == "SoundRecording":
                records.append(
                    said(Kind.RECORDING, keys, "tags", Claim("title", "So What"))
                )
            tx.stage(records)
            known = tx.upload(upload_id(uri))
            upload = known or Upload(upload_id(uri), "t", uri, generation, _AT, _AT)
            tx.save_upload(upload.reached(_AT, Stage.PUBLISHED))
            found = tx.find(Kind.RECORDING, isrc)
        return RecordingExtracted(
            event_id=uuid4(),
            tenant_id="t",
            occurred_at=_AT,
            recording_id=found or uuid4(),
            upload_id=upload_id(uri),
            uri=uri,
            generation=generation,
            keys=keys,
        )

    def recording(self, isrc="isrc:1"):
        with self.catalog.transaction("t") as tx:
            return tx.entity(Kind.RECORDING, tx.find(Kind.RECORDING, isrc))

    def heard_records(self):
        with self.catalog.transaction("t") as tx:
            found = tx.find(Kind.RECORDING, "isrc:1")
            records = tx.records(Kind.RECORDING, found)
        return [record for record in records if record.source == SOURCE]

    def upload(self, event):
        with self.catalog.transaction("t") as tx:
            return tx.upload(event.upload_id)


@pytest.fixture
def world():
    return World()


def test_what_is_heard_enters_the_catalog_with_its_confidence(world):
    event = world.extracted("1.flac", b"\x14")

    world.enricher.enrich(event)

    recording = world.recording()
    assert recording.values["bpm"] == 120.0
    assert recording.values["key"] == "A minor"
    assert recording.provenance["bpm"]["confidence"] == 0.9
    assert recording.provenance["bpm"]["source"] == SOURCE
    assert Stage.ENRICHED in world.upload(event).stages


def test_the_same_event_again_is_not_heard_again(world):
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)
    changes = world.catalog.changes("t")

    world.enricher.enrich(event)

    assert len(world.ear.heard) == 1
    assert world.catalog.changes("t") == changes


def test_being_asked_again_by_a_person_only_marks_the_upload(world):
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)

    world.enricher.enrich(event.model_copy(update={"event_id": uuid4()}))

    assert len(world.ear.heard) == 1


def test_equal_bytes_are_heard_once_and_said_of_each_file(world):
    events = [world.extracted(name, b"\x14") for name in ("1.flac", "2.flac")]

    for event in events:
        world.enricher.enrich(event)

    assert world.ear.heard == [b"\x14"]
    assert {record.origin for record in world.heard_records()} == {
        event.uri for event in events
    }
    assert all(Stage.ENRICHED in world.upload(event).stages for event in events)


def test_changed_bytes_are_heard_anew_and_the_older_word_falls(world):
    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    world.enricher.enrich(world.extracted("1.flac", b"\x1e"))

    assert world.recording().values["bpm"] == 130.0
    assert len(world.heard_records()) == 1


def test_a_file_that_cannot_be_decoded_says_nothing(world):
    event = world.extracted("1.flac", _BROKEN)

    world.enricher.enrich(event)

    assert "bpm" not in world.recording().values
    assert Stage.ENRICHED in world.upload(event).stages


def test_what_the_older_file_sounded_like_falls_though_the_newer_is_broken(world):
    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    world.enricher.enrich(world.extracted("1.flac", _BROKEN))

    assert "bpm" not in world.recording().values


def test_a_generation_that_was_replaced_by_sound_is_passed_over(world):
    older = world.extracted("1.flac", b"\x14")
    world.extracted("1.flac", b"\x1e")

    world.enricher.enrich(older)

    assert world.ear.heard == []


def test_a_generation_that_was_replaced_by_something_else_is_heard(world):
    older = world.extracted("1.flac", b"\x14")
    world.extracted("1.flac", b"text", kind="Table")

    world.enricher.enrich(older)

    assert world.ear.heard == [b"\x14"]


def test_an_object_that_is_gone_is_no_failure(world):
    event = world.extracted("1.flac", b"\x14")
    world.uploads.drop("t/1.flac")

    world.enricher.enrich(event)

    assert world.heard_records() == []


def test_while_the_store_is_away_the_event_has_to_come_again(world):
    event = world.extracted("1.flac", b"\x14")
    world.uploads.is_away = True

    with pytest.raises(TransientError):
        world.enricher.enrich(event)

    world.uploads.is_away = False
    world.enricher.enrich(event)
    assert world.recording().values["bpm"] == 120.0


def test_a_recording_without_a_file_is_not_listened_to(world):
    event = world.extracted("1.flac", b"\x14").model_copy(update={"uri": None})

    world.enricher.enrich(event)

    assert world.ear.heard == []


def test_where_nobody_listens_nothing_is_heard(world):
    deaf = Enricher(
        world.catalog, world.uploads, FixedClock(), world.ear, str, listens=False
    )

    deaf.enrich(world.extracted("1.flac", b"\x14"))

    assert world.ear.heard == []


def test_an_unsure_value_that_is_shown_waits_for_a_person(world):
    world.ear.confidence = 0.4

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    entity_id = world.recording().id
    with world.catalog.transaction("t") as tx:
        (item,) = tx.reviews(Kind.RECORDING, entity_id)
    assert (item.field, item.value, item.confidence) == ("bpm", 120.0, 0.4)
    assert item.alternatives == (50.0,)


def test_a_value_outside_of_its_field_is_left_out(world):
    world.enricher.enrich(world.extracted("1.flac", b"\xff"))
    assert world.recording().values["bpm"] == 355.0

    tempo = Tempo(1000.0, 0.9, ())
    world.enricher = Enricher(
        world.catalog,
        world.uploads,
        FixedClock(),
        lambda _path: Heard(tempo),
        str,
    )
    world.enricher.enrich(world.extracted("1.flac", b"\x01"))

    assert "bpm" not in world.recording().values


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::3])
def test_the_order_in_which_files_are_heard_never_shows(order):
    reference = heard_in((0, 1, 2, 3))

    assert heard_in(order) == reference


def heard_in(order):
    world = World()
    events = [
        world.extracted("1.flac", b"\x14"),
        world.extracted("2.flac", b"\x14"),
        world.extracted("1.flac", b"\x1e"),
        world.extracted("3.flac", b"\x28"),
    ]
    for place in order:
        world.enricher.enrich(events[place])
    return content_digest(world.catalog.entities("t"))
