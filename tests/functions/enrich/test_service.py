"""What is heard in a recording's files, in whatever order they come."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from functions.enrich.hearing import Hearing
from functions.enrich.models import Models
from functions.enrich.records import SOURCE
from functions.enrich.service import Enricher
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.audio.model import Estimate
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.decisions import Outcome
from shared.domain.entities import content_digest
from shared.domain.errors import NotFoundError, TransientError, UnreadableFileError
from shared.domain.uploads import Stage, Upload, upload_id
from shared.events.pipeline import AnalysisRequested, RecordingExtracted
from tests.functions.stored import VersionedStore

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_BROKEN = b"broken"


@dataclass
class Ear:
    """Hears a tempo in the first byte, and counts how often it listened."""

    heard: list[bytes] = field(default_factory=list)
    confidence: float = 0.9
    findings: tuple[str, ...] = ()
    damage: str = ""

    def __call__(self, file):
        content = file.read()
        self.heard.append(content)
        if content == _BROKEN:
            raise UnreadableFileError("nothing can be decoded", reason="no frames")
        document = {
            "bpm": 100.0 + content[0],
            "bpm_confidence": self.confidence,
            "bpm_alternatives": [50.0],
            "key": "A minor",
            "key_confidence": 0.95,
            "key_alternatives": ["C major"],
            "camelot": "8A",
            "loudness_lufs": -9.5,
            "energy": 0.5,
            "findings": list(self.findings),
            "clipped_samples": 12,
            "embedding": [0.5, 0.5],
            "lossless": True,
        }
        return Hearing(document, self.damage, tuple(content), b"wave", b"spectrum")


@dataclass
class GenreModel:
    """Hears one genre in everything."""

    name: str
    genre: str = "hiphop"
    confidence: float = 0.7
    field: str = "genre"

    def estimate(self, document):
        others = ("pop", "rock")
        return Estimate(self.field, self.genre, self.confidence, others, self.name)


def shelf(*models, **options):
    """Return these models; the first is in use unless told otherwise."""
    by_name = {model.name: model for model in models}

    def load(name):
        if name not in by_name:
            raise NotFoundError("no such model", model=name)
        return by_name[name]

    return Models(load, **({"usual": ()} | options))


class World:
    """A label's catalog, into which files come as extract leaves them."""

    def __init__(self, **settings):
        self.catalog = MemoryCatalog("t", settings=settings)
        self.uploads = VersionedStore()
        self.ear = Ear()
        self.checked = []
        self.enricher = Enricher(
            catalog=self.catalog,
            uploads=self.uploads,
            clock=FixedClock(),
            listen=self.ear,
            relay=lambda _tenant: None,
            models=shelf(),
            check_duplicates=lambda *told: self.checked.append(told),
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

    def heard_records(self, family=SOURCE):
        with self.catalog.transaction("t") as tx:
            found = tx.find(Kind.RECORDING, "isrc:1")
            records = tx.records(Kind.RECORDING, found)
        return [record for record in records if record.source.startswith(family)]

    def features(self):
        with self.catalog.transaction("t") as tx:
            return list(tx.audio_features(tx.find(Kind.RECORDING, "isrc:1")))

    def findings(self):
        with self.catalog.transaction("t") as tx:
            return list(tx.findings(Kind.RECORDING, tx.find(Kind.RECORDING, "isrc:1")))

    def reviews(self):
        with self.catalog.transaction("t") as tx:
            return list(tx.reviews(Kind.RECORDING, tx.find(Kind.RECORDING, "isrc:1")))

    def say(self, source, value, *, name="bpm", locked=False):
        """Let *source* say something of the recording."""
        claim = Claim(name, value, 1.0, locked)
        with self.catalog.transaction("t") as tx:
            tx.stage(
                [
                    SourceRecord(
                        Kind.RECORDING, ("isrc:1",), source, "x", 1, (claim,), _AT
                    )
                ]
            )

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
    deaf = replace(world.enricher, listens=False)

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

    fast = Hearing({"bpm": 1000.0, "bpm_confidence": 0.9})
    world.enricher = replace(world.enricher, listen=lambda _file: fast)
    world.enricher.enrich(world.extracted("1.flac", b"\x01"))

    assert "bpm" not in world.recording().values
    assert world.features()[0].document["bpm"] == 1000.0


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


def requested(event, **options):
    told = {**event.model_dump(), "event_id": uuid4(), **options}
    return AnalysisRequested.model_validate(told)


def test_what_was_measured_is_kept_whole(world):
    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    (features,) = world.features()
    (record,) = world.heard_records()
    assert features.record_id == record.record_id
    assert features.source == SOURCE
    assert features.sha256 == "14"
    assert features.document["bpm_alternatives"] == [50.0]
    assert (features.terms, features.waveform) == ((0x14,), b"wave")
    assert features.spectrogram == b"spectrum"
    assert features.embedding == (0.5, 0.5)


def test_a_replaced_file_leaves_no_features_behind(world):
    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    world.enricher.enrich(world.extracted("1.flac", _BROKEN))

    (features,) = world.features()
    assert not features.is_heard
    assert features.damage == "no frames"


def test_a_file_that_cannot_be_decoded_is_a_finding_and_no_failure(world):
    event = world.extracted("1.flac", _BROKEN)

    world.enricher.enrich(event)

    (finding,) = world.findings()
    assert (finding.code, finding.level) == ("LN-AUDIO-UNREADABLE", "error")
    assert (finding.place, finding.value) == (event.uri, "no frames")


def test_what_is_wrong_with_the_sound_is_found_until_the_file_is_replaced(world):
    world.ear.findings = ("audio.clipped", "audio.unheard-of")
    world.ear.damage = "cut off at 3 s"
    world.enricher.enrich(world.extracted("1.flac", b"\x14"))
    before = world.findings()

    world.ear = world.enricher.listen
    world.ear.findings, world.ear.damage = (), ""
    world.enricher.enrich(world.extracted("1.flac", b"\x15"))

    assert [finding.code for finding in before] == [
        "LN-AUDIO-CLIPPED",
        "LN-AUDIO-DAMAGED",
    ]
    assert before[0].value == "clipped_samples 12"
    assert before[0].field == "clipped_samples"
    assert before[0].fix
    assert world.findings() == []


def test_findings_of_all_files_stand_side_by_side(world):
    world.ear.findings = ("audio.clipped",)
    for name, content in (("1.flac", b"\x14"), ("2.flac", b"\x15")):
        world.enricher.enrich(world.extracted(name, content))

    assert [f.place for f in world.findings()] == [
        "gs://up/t/1.flac",
        "gs://up/t/2.flac",
    ]


def test_bytes_that_another_recording_had_are_not_heard_again(world):
    world.enricher.enrich(world.extracted("1.flac", b"\x14", "isrc:2"))

    world.enricher.enrich(world.extracted("2.flac", b"\x14"))

    assert world.ear.heard == [b"\x14"]
    assert world.recording().values["bpm"] == 120.0


def test_who_asks_again_by_force_has_it_heard_again_and_nothing_changes(world):
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)
    changes = world.catalog.changes("t")

    world.enricher.enrich(requested(event))
    world.enricher.enrich(requested(event, is_forced=True))

    assert len(world.ear.heard) == 2
    assert world.catalog.changes("t") == changes


def test_features_stay_those_of_the_staged_record(world):
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)
    before = world.features()

    world.ear.findings = ("audio.clipped",)
    world.enricher.enrich(requested(event, is_forced=True))

    assert world.features() == before


def test_recordings_that_sound_alike_are_looked_for_after_the_commit(world):
    event = world.extracted("1.flac", b"\x14")

    world.enricher.enrich(event)

    assert world.checked == [("t", event.recording_id, event.event_id)]


def test_who_may_wait_waits_until_it_is_due():
    world = World(audio_timing="batch")
    event = world.extracted("1.flac", b"\x14")

    for _ in range(2):
        world.enricher.enrich(event)

    assert world.ear.heard == []
    assert world.catalog.tenants_with_queued_analyses() == ["t"]
    world.enricher.enrich(requested(event))
    assert world.recording().values["bpm"] == 120.0
    assert world.catalog.tenants_with_queued_analyses() == []


def test_a_tenant_with_priority_does_not_wait_where_the_others_do():
    world = World(audio_timing="realtime")
    world.enricher = replace(world.enricher, timing="batch")

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert world.ear.heard == [b"\x14"]


@pytest.mark.parametrize("gone", [True, False])
def test_what_was_replaced_while_it_waited_waits_no_longer(gone):
    world = World(audio_timing="batch")
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)
    if gone:
        world.uploads.drop("t/1.flac")
    else:
        world.extracted("1.flac", b"\x1e")

    world.enricher.enrich(requested(event))

    assert world.ear.heard == []
    assert world.catalog.tenants_with_queued_analyses() == []


def test_a_value_that_nobody_sees_is_not_asked_about(world):
    world.say("table", 90.0)
    world.ear.confidence = 0.4

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert world.recording().values["bpm"] == 90.0
    assert world.reviews() == []


def test_a_question_is_taken_back_once_the_value_is_no_longer_shown(world):
    world.ear.confidence = 0.4
    world.enricher.enrich(world.extracted("1.flac", b"\x14"))
    world.ear.confidence = 0.95

    world.enricher.enrich(world.extracted("2.flac", b"\x15"))

    assert world.recording().values["bpm"] == 121.0
    assert world.reviews() == []


def test_what_a_person_locked_survives_and_is_not_asked_about_again(world):
    world.ear.confidence = 0.4
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)
    world.say("person:ann", 60.0, locked=True)
    (item,) = world.reviews()
    with world.catalog.transaction("t") as tx:
        tx.decide_review(item, Outcome.CORRECTED, "person:ann", 60.0)

    world.enricher.enrich(requested(event, is_forced=True))

    assert world.recording().values["bpm"] == 60.0
    assert world.recording().provenance["bpm"]["locked"]
    assert world.reviews() == []


def with_models(world, *models, **options):
    world.enricher = replace(world.enricher, models=shelf(*models, **options))
    return world


def test_a_model_guesses_where_nobody_says_a_genre(world):
    with_models(world, GenreModel("genre_v1"), usual=("genre_v1",))

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert world.recording().values["genres"] == ["Hip-Hop"]
    (item,) = world.reviews()
    assert (item.field, item.value, item.confidence) == ("genres", ["Hip-Hop"], 0.7)
    assert item.alternatives == (["Pop"], ["Rock"])
    assert item.source == "audio-model@genre_v1"


def test_a_genre_that_is_rather_wrong_than_right_is_asked_and_not_claimed(world):
    unsure = GenreModel("genre_v1", confidence=0.4)
    with_models(world, unsure, usual=("genre_v1",))

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert "genres" not in world.recording().values
    assert [item.field for item in world.reviews()] == ["genres"]


def test_tags_win_over_a_model_that_is_sure(world):
    world.say("tags", ["Jazz"], name="genres")
    sure = GenreModel("genre_v1", confidence=0.99)
    with_models(world, sure, usual=("genre_v1",))

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert world.recording().values["genres"] == ["Jazz"]
    assert world.reviews() == []


@pytest.mark.parametrize(
    ("options", "settings", "genre"),
    [
        ({"trial_share": 0.0}, {}, "Hip-Hop"),
        ({"trial_share": 1.0}, {}, "Jazz"),
        ({"trial_share": 0.0}, {"audio_models": "genre_v2"}, "Jazz"),
        ({"trial_share": 1.0}, {"audio_models": "genre_v1, mood_v1"}, "Hip-Hop"),
    ],
)
def test_both_sides_of_a_trial_are_kept_and_one_is_believed(options, settings, genre):
    world = with_models(
        World(**settings),
        GenreModel("genre_v1"),
        GenreModel("genre_v2", "jazz", 0.6),
        usual=("genre_v1",),
        on_trial=("genre_v2",),
        **options,
    )

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert world.recording().values["genres"] == [genre]
    kept = {record.raw["model"]: record for record in world.heard_records("audio-")[1:]}
    assert set(kept) == {"genre_v1", "genre_v2"}
    assert {record.raw["value"] for record in kept.values()} == {"hiphop", "jazz"}
    families = sorted(record.source.partition("@")[0] for record in kept.values())
    assert families == ["audio-model", "audio-trial"]


def test_a_model_that_is_not_there_keeps_nothing_from_being_heard(world):
    with_models(world, usual=("genre_v9",))

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert world.recording().values["bpm"] == 120.0


def test_a_newer_model_speaks_of_what_was_heard_before_without_listening(world):
    with_models(world, GenreModel("genre_v1"), usual=("genre_v1",))
    event = world.extracted("1.flac", b"\x14")
    world.enricher.enrich(event)

    with_models(world, GenreModel("genre_v2", "jazz", 0.6), usual=("genre_v2",))
    world.enricher.enrich(requested(event))

    assert len(world.ear.heard) == 1
    assert world.recording().values["genres"] == ["Jazz"]


def test_what_is_on_trial_does_not_fill_a_gap():
    world = with_models(
        World(),
        GenreModel("genre_v1", confidence=0.3),
        GenreModel("genre_v2", "jazz", 0.99),
        usual=("genre_v1",),
        on_trial=("genre_v2",),
    )

    world.enricher.enrich(world.extracted("1.flac", b"\x14"))

    assert "genres" not in world.recording().values
    assert [item.value for item in world.reviews()] == [["Hip-Hop"]]


def test_when_one_that_waited_was_heard_the_next_is_asked_for():
    world = World(audio_timing="batch")
    world.enricher = replace(world.enricher, batch_size=1)
    first, second = (
        world.extracted(name, content)
        for name, content in (("1.flac", b"\x14"), ("2.flac", b"\x15"))
    )
    for event in (first, second):
        world.enricher.enrich(event)
    world.catalog.drain("t", lambda _items: None)

    world.enricher.enrich(requested(first))

    announced = []
    world.catalog.drain("t", announced.extend)
    asked = [
        out.item
        for out in announced
        if getattr(out.item, "topic", "") == "entity-extracted"
    ]
    assert len(asked) == 1
    assert AnalysisRequested.from_cloud_event(asked[0].data).uri == second.uri
