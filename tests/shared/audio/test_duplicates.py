"""Terms find a recording again in another encoding, and nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from infra.local.samples import Song, encoded, samples
from shared.audio.decode import opened
from shared.audio.duplicates import (
    LEAST_SHARED,
    TERMS,
    decompressed,
    distance,
    terms,
)
from shared.audio.fingerprint import SAMPLE_RATE_HZ, compressed, fingerprint
from shared.domain.errors import InvalidInputError

_PRINTS = npst.arrays(np.uint32, st.integers(0, 60))


def printed(content):
    """Return the compressed fingerprint of a file."""
    with opened(io.BytesIO(content)) as decoding:
        mono = np.concatenate([chunk.mean(axis=0) for chunk in decoding.chunks()])
        rate_hz = decoding.sample_rate_hz
    low = soxr.resample(mono, rate_hz, SAMPLE_RATE_HZ).astype(np.float32)
    return compressed(fingerprint(low))


@pytest.fixture(scope="module")
def song():
    return samples(Song(duration_s=12.0, key="Eb minor", bpm=97.0))


@pytest.fixture(scope="module")
def original(song):
    return printed(encoded(song, "wav"))


@given(values=_PRINTS)
def test_what_was_compressed_comes_back(values):
    assert (decompressed(compressed(values)) == values).all()


@given(values=_PRINTS, other=_PRINTS)
def test_terms_are_few_distinct_and_of_the_fingerprint(values, other):
    found = terms(compressed(values))

    assert len(found) == min(TERMS, len(np.unique(values)))
    assert list(found) == sorted(set(found))
    assert set(np.array(found, np.int32).view(np.uint32)) <= set(values)
    both = terms(compressed(np.concatenate([values, other])))
    assert set(both) <= {*found, *terms(compressed(other))}


@pytest.mark.parametrize("form", ["mp3", "opus", "m4a"])
def test_another_encoding_is_found_and_near(song, original, form):
    other = printed(encoded(song, form))

    assert len({*terms(original)} & {*terms(other)}) >= LEAST_SHARED
    assert distance(original, other) < 0.1


def test_a_cut_beginning_is_found_and_near(song, original):
    other = printed(encoded(song[30_000:], "flac"))

    assert len({*terms(original)} & {*terms(other)}) >= LEAST_SHARED
    assert distance(original, other) < 0.1


def test_another_song_is_neither(original):
    other = printed(
        encoded(samples(Song(duration_s=12.0, key="C major", bpm=140.0, seed=7)), "wav")
    )

    assert len({*terms(original)} & {*terms(other)}) < LEAST_SHARED
    assert distance(original, other) > 0.15


@pytest.mark.parametrize("text", ["", "AQ", "not base64!", "AQAA_w", "AQAAAg==="])
def test_what_is_no_fingerprint_is_refused(text):
    with pytest.raises(InvalidInputError):
        decompressed(text)


@given(content=st.binary(max_size=60))
def test_no_bytes_make_it_fail_otherwise(content):
    import base64

    text = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    try:
        found = decompressed(text)
    except InvalidInputError:
        return
    assert found.dtype == np.uint32
