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
from shared.audio.fingerprint import SAMPLE_RATE_HZ, compressed, fingerprint
from shared.audio.lookup import LEAST_SHARED, TERMS, lookup_terms

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


@given(values=_PRINTS, other=_PRINTS)
def test_terms_are_few_distinct_and_of_the_fingerprint(values, other):
    found = lookup_terms(compressed(values))

    assert len(found) == min(TERMS, len(np.unique(values)))
    assert list(found) == sorted(set(found))
    assert set(np.array(found, np.int32).view(np.uint32)) <= set(values)
    both = lookup_terms(compressed(np.concatenate([values, other])))
    assert set(both) <= {*found, *lookup_terms(compressed(other))}


@pytest.mark.parametrize("form", ["mp3", "opus", "m4a"])
def test_another_encoding_is_found(song, original, form):
    other = printed(encoded(song, form))

    assert len({*lookup_terms(original)} & {*lookup_terms(other)}) >= LEAST_SHARED


def test_a_cut_beginning_is_found(song, original):
    other = printed(encoded(song[30_000:], "flac"))

    assert len({*lookup_terms(original)} & {*lookup_terms(other)}) >= LEAST_SHARED


def test_another_song_is_not_found(original):
    other = printed(
        encoded(samples(Song(duration_s=12.0, key="C major", bpm=140.0, seed=7)), "wav")
    )

    assert len({*lookup_terms(original)} & {*lookup_terms(other)}) < LEAST_SHARED
