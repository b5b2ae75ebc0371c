"""Resolution: one value per field, whatever the order, and who is believed."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.resolve import resolve, standing
from shared.domain.trust import Trust

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MACHINES = ["tags", "file", "table", "ddex:PADPIDA2013042401U", "audio-analysis@v1"]


def record(source, *claims, minute=0, origin="gs://u/a.flac", version=1):
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=("isrc:USRC17607839",),
        source=source,
        origin=origin,
        origin_version=version,
        claims=claims,
        received_at=NOON + timedelta(minutes=minute),
    )


def title(value, **more):
    return Claim("title", value, **more)


def claims_of(*, may_lock):
    flags = st.booleans() if may_lock else st.just(value=False)
    said = st.builds(
        Claim,
        field=st.sampled_from(["title", "bpm", "duration_ms"]),
        value=st.integers(1, 3),
        confidence=st.sampled_from([0.2, 0.5, 1.0]),
        locked=flags,
    )
    withdrawn = st.builds(
        Claim, st.sampled_from(["title", "bpm"]), st.none(), withdrawn=st.just(True)
    )
    one = st.one_of(said, withdrawn) if may_lock else said
    return st.lists(one, max_size=3, unique_by=lambda c: c.field).map(tuple)


def records_of(sources, *, may_lock=False):
    return st.builds(
        lambda source, claims, minute, origin, version: record(
            source, *claims, minute=minute, origin=origin, version=version
        ),
        st.sampled_from(sources),
        claims_of(may_lock=may_lock),
        st.integers(0, 3),
        st.sampled_from(["gs://u/a.flac", "gs://u/b.flac"]),
        st.integers(1, 3),
    )


by_machines = st.lists(records_of(MACHINES), max_size=6)
by_people = st.lists(records_of(["person:ada", "person:bo"], may_lock=True), max_size=4)
by_all = st.builds(lambda machines, people: machines + people, by_machines, by_people)


@given(records=by_all, data=st.data())
def test_the_order_of_arrival_never_matters(records, data):
    shuffled = data.draw(st.permutations(records))

    assert resolve(shuffled) == resolve(records)


@given(records=by_all)
def test_repeats_change_nothing(records):
    assert resolve(records + records) == resolve(records)


def test_the_same_record_staged_at_two_times_counts_once_and_as_first_received():
    first = record("tags", title("So What"), minute=0)
    again = dataclasses.replace(first, received_at=NOON + timedelta(hours=1))

    resolutions = [resolve([first, again]), resolve([again, first])]

    assert resolutions == [resolve([first])] * 2


@given(machines=by_machines, minute=st.integers(0, 3))
def test_a_lock_of_a_person_always_wins(machines, minute):
    lock = record("person:ada", title(9, locked=True, confidence=0.0), minute=minute)

    resolution = resolve([*machines, lock])

    assert resolution.values["title"] == 9
    assert resolution.provenance["title"].source == "person:ada"
    assert resolution.provenance["title"].locked


def test_a_lock_wins_even_where_people_are_trusted_least():
    lock = record("person:ada", title("Locked", locked=True))
    unlocked = record("person:ada", title("Edited"))
    tags = record("tags", title("Tagged"))
    trust = Trust(general=("tags", "person"), per_field={})

    assert resolve([tags, lock], trust).values == {"title": "Locked"}
    assert resolve([tags, unlocked], trust).values == {"title": "Tagged"}


@given(machines=by_machines)
def test_a_withdrawn_claim_gives_back_what_the_machines_say(machines):
    edit = record("person:ada", title(9, locked=True), minute=4, origin="edit:1")
    undo = record("person:bo", title(None, withdrawn=True), minute=5, origin="edit:2")

    assert resolve([edit, *machines, undo]) == resolve(machines)


def test_an_edit_after_an_undo_counts_again():
    tags = record("tags", title("Tagged"))
    undo = record("person:ada", title(None, withdrawn=True), minute=1, origin="edit:1")
    edit = record("person:ada", title("Edited"), minute=2, origin="edit:2")

    assert resolve([tags, undo, edit]).values == {"title": "Edited"}


def test_of_what_people_said_only_the_newest_word_counts():
    locked = record("person:ada", title("Old", locked=True), origin="edit:1")
    newer = record("person:bo", title("New"), minute=1, origin="edit:2")

    resolution = resolve([locked, newer])

    assert resolution.values == {"title": "New"}
    assert resolution.provenance["title"].differing == 0


@given(records=by_all)
def test_values_and_reasons_have_the_same_fields_and_the_reasons_add_up(records):
    resolution = resolve(records)

    assert resolution.values.keys() == resolution.provenance.keys()
    assert list(resolution.values) == sorted(resolution.values)
    for name, why in resolution.provenance.items():
        said = {r.record_id for r in records for c in r.claims if c.field == name}
        assert why.record_id in said
        assert 1 <= why.agreeing <= why.agreeing + why.differing <= len(said)


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        (record("ddex:X", title("W")), record("tags", title("L"), minute=1)),
        (
            record("person:ada", title("W", confidence=0.1)),
            record("ddex:X", title("L")),
        ),
        (
            record("tags", title("W", confidence=0.9)),
            record("tags", title("L", confidence=0.8), minute=1, origin="gs://u/b"),
        ),
        (
            record("tags", title("W"), minute=1),
            record("tags", title("L"), origin="gs://u/b"),
        ),
    ],
    ids=["trust before recency", "person", "confidence before recency", "recency"],
)
def test_who_wins(winner, loser):
    resolution = resolve([loser, winner])

    assert resolution.values == {"title": "W"}
    assert resolution.provenance["title"].record_id == winner.record_id
    assert resolution.provenance["title"].differing == 1


def test_a_tenants_own_trust_decides():
    records = [record("ddex:X", title("D")), record("tags", title("T"))]

    resolution = resolve(records, Trust(general=("tags", "ddex"), per_field={}))

    assert resolution.values == {"title": "T"}


def test_a_reason_as_json_tells_who_when_and_how_many_agree():
    tags = record("tags", title("So What", confidence=0.5))
    table = record("table", title("So What", confidence=0.75), minute=1)

    why = resolve([tags, table]).provenance["title"].to_json()

    assert why == {
        "source": "table",
        "record_id": str(table.record_id),
        "at": "2026-01-01T12:01:00+00:00",
        "confidence": 0.75,
        "locked": False,
        "agreeing": 2,
        "differing": 0,
    }


def test_nothing_said_resolves_to_nothing():
    resolution = resolve([])

    assert (resolution.values, resolution.provenance) == ({}, {})


@given(records=by_all)
def test_what_stands_goes_on_standing(records):
    found = standing(records)

    assert standing(found) == found


@given(records=by_all)
def test_only_the_newest_version_of_each_origin_stands(records):
    found = standing(records)

    for each in records:
        versions = [
            r.origin_version
            for r in records
            if (r.source, r.origin) == (each.source, each.origin)
        ]
        assert (each in found) == (each.origin_version == max(versions))


def test_all_records_of_the_newest_version_stand():
    old = record("tags", title("Old"))
    one = record("tags", title("One"), version=2)
    two = record("tags", Claim("bpm", 120), version=2)
    elsewhere = record("file", title("File"))

    assert standing([old, one, two, elsewhere]) == [one, two, elsewhere]


@given(minutes=st.permutations([0, 1, 2]))
def test_when_a_statement_without_versions_was_first_read_decides_nothing(minutes):
    said = [
        record("tags", title(name), minute=minute, origin="name:x", version=0)
        for name, minute in zip(["So What", "SO WHAT", "So what"], minutes, strict=True)
    ]

    values = resolve(said).values

    assert values == {"title": "So what"}


def bpm(value, confidence=0.5):
    return Claim("bpm", value, confidence)


def test_a_newer_version_of_a_model_takes_the_place_of_an_older_however_sure_that_was():
    said = [
        record("audio-analysis@v9", bpm(60.0, 0.99)),
        record("audio-analysis@v10", bpm(120.0, 0.4)),
    ]

    resolution = resolve(said)

    assert resolution.values["bpm"] == 120.0
    assert resolution.provenance["bpm"].differing == 0


def test_of_another_file_the_older_version_still_counts():
    said = [
        record("audio-analysis@v9", bpm(60.0, 0.99), origin="gs://u/b.flac"),
        record("audio-analysis@v10", bpm(120.0, 0.4)),
    ]

    assert resolve(said).values["bpm"] == 60.0


@given(records=st.lists(records_of(["audio-analysis@v1", "audio-analysis@v2"])))
def test_versions_are_told_apart_in_any_order(records):
    forwards, backwards = resolve(records), resolve(records[::-1])

    assert forwards == backwards
    newer = {r.origin for r in records if r.source.endswith("v2")}
    sources = {why.source for why in forwards.provenance.values()}
    if newer >= {"gs://u/a.flac", "gs://u/b.flac"}:
        assert sources <= {"audio-analysis@v2"}


def test_what_is_on_trial_decides_nothing_even_alone():
    trial = record("audio-trial@genre_v2", title("Jazz", confidence=0.9))

    assert resolve([trial]).values == {}
    believed = resolve([trial, record("audio-model@genre_v1", title("Pop"))])
    assert believed.values == {"title": "Pop"}
    assert believed.provenance["title"].differing == 0
