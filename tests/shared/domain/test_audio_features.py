"""Features are a function of the record of an analysis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.audio_features import best_of, features_of, to_raw
from shared.domain.claims import Kind, SourceRecord, canonical_json

_AT = datetime(2026, 1, 1, tzinfo=UTC)
_NUMBERS = st.one_of(st.floats(-1e9, 1e9), st.integers(-(10**9), 10**9))
_VALUES = st.one_of(st.none(), st.booleans(), st.text(), _NUMBERS, st.lists(_NUMBERS))


def heard(document=None, source="audio-analysis@v3", minutes=0, **parts):
    raw = to_raw("ab", {"bpm": 120.0} if document is None else document, **parts)
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=("id:1", "isrc:USSM15900113"),
        source=source,
        origin="gs://up/1.flac",
        origin_version=7,
        claims=(),
        received_at=_AT + timedelta(minutes=minutes),
        raw=raw,
    )


def test_features_say_who_heard_what_in_which_file():
    record = heard(damage="cut off", terms=[9, 3, 3], waveform=b"\x01", spectrogram=b"")

    found = features_of(record)

    assert found.record_id == record.record_id
    assert (found.source, found.origin, found.origin_version) == (
        "audio-analysis@v3",
        "gs://up/1.flac",
        7,
    )
    assert found.subject_key == "isrc:USSM15900113"
    assert (found.sha256, found.damage, found.terms) == ("ab", "cut off", (3, 9))
    assert (found.waveform, found.spectrogram) == (b"\x01", b"")
    assert found.is_heard


def test_an_embedding_is_a_part_of_the_document():
    found = features_of(heard({"embedding": [1, 0.5], "embedding_version": "e1"}))

    assert (found.embedding, found.embedding_version) == ((1.0, 0.5), "e1")


@pytest.mark.parametrize(
    "record",
    [
        heard(source="tags"),
        heard(source="audio-model@genre_v1"),
        replace(heard(), kind=Kind.RELEASE),
        replace(heard(), raw={"sha256": "ab"}),
    ],
)
def test_other_records_carry_no_features(record):
    assert features_of(record) is None


def test_what_is_no_base64_is_no_picture():
    record = heard()

    found = features_of(replace(record, raw={**record.raw, "waveform": "not base64!"}))

    assert found.waveform == b""


@given(document=st.dictionaries(st.text(), _VALUES))
def test_what_is_stored_has_no_negative_zero(document):
    found = features_of(heard(document))

    assert dict(found.document) == document
    assert "-0.0," not in canonical_json(dict(found.document)) + ","


def test_the_etag_changes_with_the_document_alone():
    one, same, other = (features_of(heard({"bpm": n})) for n in (1.0, 1.0, 2.0))

    assert one.etag == same.etag
    assert one.etag != other.etag


def test_the_newest_version_of_what_could_be_decoded_speaks():
    said = [
        heard({"lossless": True}, "audio-analysis@v9"),
        heard({}, "audio-analysis@v11"),
        heard({"lossless": False}, "audio-analysis@v10", minutes=5),
        heard({"lossless": True}, "audio-analysis@v10"),
    ]

    best = best_of(map(features_of, said))

    assert best.source == "audio-analysis@v10"
    assert best.document == {"lossless": True}
    assert best_of([]) is None
