"""Rules about what sources disagree on: the same whatever came first."""

from datetime import UTC, datetime
from itertools import permutations

from functions.validate.rules import Subject, check
from shared.domain.claims import Claim, Kind, SourceRecord

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def said(origin, *claims, source="tags"):
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=("isrc:USSM15900113",),
        source=source,
        origin=origin,
        origin_version=1,
        claims=claims,
        received_at=NOON,
    )


def findings(records):
    subject = Subject(Kind.RECORDING, {"title": "So What"}, records)
    return [f for f in check(subject) if f.code.endswith("-DISAGREES")]


def test_two_files_of_one_source_may_disagree_in_any_order():
    records = [
        said("gs://u/a/1.flac", Claim("title", "So What")),
        said("gs://u/a/2.flac", Claim("title", "Another Mix")),
        said("gs://u/a/3.flac", Claim("title", "So What")),
    ]

    found = [findings(list(order)) for order in permutations(records)]

    assert len(found[0]) == 1
    assert found[0][0].value == "tags: Another Mix, tags: So What"
    assert all(each == found[0] for each in found)


def test_two_lengths_under_one_isrc_are_told_of_in_any_order():
    records = [
        said("gs://u/a/1.flac", Claim("duration_ms", 545_000), source="file"),
        said("gs://u/a/2.flac", Claim("duration_ms", 300_000), source="file"),
    ]

    forwards, backwards = findings(records), findings(records[::-1])

    assert [f.code for f in forwards] == ["LN-RECORDING-LENGTH-DISAGREES"]
    assert forwards == backwards


def test_spelling_alone_is_no_disagreement():
    records = [
        said("gs://u/a/1.flac", Claim("title", "So What")),
        said("gs://u/a/2.flac", Claim("title", "SO WHAT")),
    ]

    assert findings(records) == []
