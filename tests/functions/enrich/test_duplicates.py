"""Recordings that sound the same are listed at each other, with reasons."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from functions.enrich.duplicates import SOURCE, DuplicateFinder
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.audio.duplicates import Match
from shared.domain.audio_features import features_of, to_raw
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.decisions import Outcome

_AT = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    """A catalog of recordings; how far two fingerprints differ is what they say."""

    def __init__(self):
        self.catalog = MemoryCatalog("t")
        self.compared = 0
        self.finder = DuplicateFinder(
            self.catalog, FixedClock(), self.compare, least_shared=3
        )

    def compare(self, one, other):
        self.compared += 1
        apart = round(abs(float(one) - float(other)), 4)
        return Match(1 - 3 * apart, 0, 100_000, 1.0, apart)

    def add(self, name, *, fingerprint="0.5", terms=range(8), version=1, **values):
        """Stage a recording with features; return its id."""
        document = {
            "fingerprint": fingerprint,
            "duration_ms": values.pop("ms", 180_000),
        }
        keys = (f"isrc:{values['isrc']}",) if "isrc" in values else (f"object:{name}",)
        record = SourceRecord(
            kind=Kind.RECORDING,
            keys=keys,
            source="audio-analysis@v3",
            origin=f"gs://up/{name}",
            origin_version=version,
            claims=tuple(Claim(key, values[key]) for key in sorted(values)),
            received_at=_AT,
            raw=to_raw(name, document, terms=terms),
        )
        with self.catalog.transaction("t") as tx:
            tx.stage([record])
            tx.save_audio_features(features_of(record))
            return tx.find(Kind.RECORDING, keys[0])

    def check(self, recording_id, event_id=None):
        self.finder.check("t", recording_id, event_id or uuid4())

    def findings(self, recording_id):
        with self.catalog.transaction("t") as tx:
            return list(tx.findings(Kind.RECORDING, recording_id))

    def reviews(self, recording_id):
        with self.catalog.transaction("t") as tx:
            return list(tx.reviews(Kind.RECORDING, recording_id))


@pytest.fixture
def world():
    return World()


def test_both_of_two_that_sound_the_same_are_told(world):
    one = world.add("1.flac", title="So What", isrc="USSM15900113")
    two = world.add(
        "2.mp3", fingerprint="0.53", title="so what", isrc="USSM15900999", ms=180_500
    )

    world.check(two)

    for own, other in ((one, two), (two, one)):
        (finding,) = world.findings(own)
        assert finding.code == "LN-AUDIO-DUPLICATE"
        assert finding.value == str(other)
        assert "3.0% of the fingerprints' bits differ" in finding.message
        assert "they are equally long" in finding.message
        assert "they have the same title" in finding.message
        assert "they have different ISRCs" in finding.message
        (item,) = world.reviews(own)
        assert (item.field, item.source) == ("duplicate", SOURCE)
        assert item.value["recording_id"] == str(other)
        assert item.confidence == pytest.approx(0.91)


def test_another_edit_is_told_apart_by_its_length(world):
    world.add("1.flac")
    two = world.add("2.flac", ms=245_000)

    world.check(two)

    assert "one is 65 s longer" in world.findings(two)[0].message


@pytest.mark.parametrize("fingerprint", ["0.68", "0.8"])
def test_what_only_shares_terms_is_no_duplicate(world, fingerprint):
    one = world.add("1.flac")
    world.add("2.flac", fingerprint=fingerprint)

    world.check(one)

    assert world.findings(one) == []
    assert world.reviews(one) == []


def test_only_what_shares_terms_is_compared(world):
    for number in range(20):
        terms = range(100 * number, 100 * number + 8)
        world.add(f"{number}.flac", terms=terms)
    one = world.add("one.flac", terms=range(3))

    world.check(one)

    assert world.compared <= 4


def test_the_nearest_comes_first_and_the_others_are_alternatives(world):
    one = world.add("1.flac")
    far = world.add("2.flac", fingerprint="0.6")
    near = world.add("3.flac", fingerprint="0.49")

    world.check(one)

    (item,) = world.reviews(one)
    assert item.value["recording_id"] == str(near)
    assert [other["recording_id"] for other in item.alternatives] == [str(far)]
    assert len(world.findings(one)) == 2


def test_what_no_longer_sounds_the_same_is_taken_back_at_both(world):
    one = world.add("1.flac")
    two = world.add("2.flac")
    world.check(two)

    world.add("2.flac", fingerprint="0.1", terms=range(50, 58), version=2)
    world.check(two)

    for recording_id in (one, two):
        assert world.findings(recording_id) == []
        assert world.reviews(recording_id) == []


def test_the_same_event_is_checked_once(world):
    world.add("1.flac")
    two = world.add("2.flac")
    event_id = uuid4()
    world.check(two, event_id)
    compared = world.compared

    world.check(two, event_id)

    assert world.compared == compared


def test_what_a_person_dismissed_is_not_asked_again(world):
    world.add("1.flac")
    two = world.add("2.flac")
    world.check(two)
    (item,) = world.reviews(two)
    with world.catalog.transaction("t") as tx:
        tx.decide_review(item, Outcome.DISMISSED, "person:ann")

    world.check(two)

    assert world.reviews(two) == []
    assert len(world.findings(two)) == 1


@pytest.mark.parametrize("terms", [(), range(2)])
def test_a_recording_with_few_terms_is_compared_with_nothing(world, terms):
    world.add("1.flac", terms=terms)
    two = world.add("2.flac", terms=terms)

    world.check(two)

    assert world.compared == 0


def test_a_recording_that_is_not_known_is_no_failure(world):
    world.check(uuid4())

    assert world.compared == 0
