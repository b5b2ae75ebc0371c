"""Descriptors of this project's own: defined here, claimed by no standard or service.

Each is a mean of shares, and a share is how far a measured value lies between two
ends, cut at 0 and 1. They are no judgements of people, and were not fitted to any.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from shared.audio.modulation import Modulation
from shared.audio.tempo import Tempo
from shared.audio.timbre import Timbre
from shared.audio.tonality import Tonality

_DANCED_BPM, _DANCED_OCTAVES = 120.0, 0.5
_LOUDNESS_LUFS = (-35.0, -5.0)
_ONSETS_HZ = (0.5, 8.0)
_BEAT_EMPHASIS = (1.0, 6.0)
_TEMPO_BPM = (60.0, 160.0)
_BRIGHTNESS_HZ = (800.0, 3500.0)
_CREST_DB = (8.0, 20.0)
_FLATNESS_DB = (-20.0, -45.0)
_VOICED, _SYLLABIC = (0.35, 0.8), (0.35, 0.75)
_LOW_FRAMES, _SPOKEN_EMPHASIS = (0.1, 0.5), (3.0, 1.0)
_FLOOR_DB, _FLOOR_FLATNESS = (-40.0, -6.0), (0.01, 0.3)


@dataclass(frozen=True, slots=True)
class Descriptors:
    """Each from 0 to 1; None where what it is made of could not be measured."""

    energy: float
    danceability: float | None
    valence: float | None
    acousticness: float | None
    instrumentalness: float | None = None
    liveness: float | None = None
    speechiness: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What descriptors are made of.

    Attributes:
        onsets_hz: How much begins in a second.
        beat_emphasis: Onset strength on the beats, in that of halfway between them.
    """

    loudness_lufs: float
    onsets_hz: float
    beat_emphasis: float
    tempo: Tempo | None
    tonality: Tonality | None
    timbre: Timbre | None
    modulation: Modulation | None = None


def describe(measured: Measured) -> Descriptors:
    """Return what *measured* comes to."""
    return Descriptors(
        energy=energy(measured.loudness_lufs, measured.onsets_hz),
        danceability=_danceability(measured),
        valence=_valence(measured),
        acousticness=_acousticness(measured),
        instrumentalness=_instrumentalness(measured),
        liveness=_liveness(measured),
        speechiness=_speechiness(measured),
    )


def energy(loudness_lufs: float, onsets_hz: float) -> float:
    """Return how intense it is.

    Shares: loudness from -35 to -5 LUFS, onsets from 0.5 to 8 a second.
    """
    return _mean(_share(loudness_lufs, _LOUDNESS_LUFS), _share(onsets_hz, _ONSETS_HZ))


def _danceability(measured: Measured) -> float | None:
    """Return how readily one dances to it.

    Shares: a bell over tempo, half an octave wide around 120 bpm; how even the beats
    are; how much stronger they are than what lies between, from 1 to 6 times.
    """
    if measured.tempo is None:
        return None
    octaves = math.log2(measured.tempo.bpm / _DANCED_BPM)
    usual = math.exp(-0.5 * (octaves / _DANCED_OCTAVES) ** 2)
    emphasis = _share(measured.beat_emphasis, _BEAT_EMPHASIS)
    return _mean(usual, measured.tempo.stability, emphasis)


def _valence(measured: Measured) -> float | None:
    """Return how bright its mood is likely to be.

    Shares: major (as sure as the key is), tempo from 60 to 160 bpm, spectral
    centroid from 800 to 3500 Hz. Mode and tempo are what listeners go by most
    (Gabrielsson & Lindström, "The role of structure in the musical expression of
    emotions", 2010).
    """
    if not (measured.tempo and measured.tonality and measured.timbre):
        return None
    sure = measured.tonality.confidence
    major = 0.5 + 0.5 * sure * (1 if measured.tonality.key.endswith("major") else -1)
    return _mean(
        major,
        _share(measured.tempo.bpm, _TEMPO_BPM),
        _share(measured.timbre.centroid_hz, _BRIGHTNESS_HZ),
    )


def _acousticness(measured: Measured) -> float | None:
    """Return how little amplification and noise is in it.

    Shares: crest from 8 to 20 dB (what is not compressed), spectral flatness from
    -20 down to -45 dB (what is pitched), centroid from 3500 down to 800 Hz.
    """
    if measured.timbre is None:
        return None
    flatness_db = 10 * math.log10(max(measured.timbre.flatness, 1e-10))
    return _mean(
        _share(measured.timbre.crest_db, _CREST_DB),
        _share(flatness_db, _FLATNESS_DB),
        1 - _share(measured.timbre.centroid_hz, _BRIGHTNESS_HZ),
    )


def _instrumentalness(measured: Measured) -> float | None:
    """Return how little moves as voices do. It is no detector of voices.

    Shares, each taken from 1: of the movement of levels, what lies in 440 to 3500 Hz
    (from 0.35 to 0.8), and what is as fast as syllables (from 0.35 to 0.75).
    """
    moves = measured.modulation
    if moves is None:
        return None
    return _mean(
        1 - _share(moves.voiced, _VOICED), 1 - _share(moves.syllabic, _SYLLABIC)
    )


def _liveness(measured: Measured) -> float | None:
    """Return how much of a room and its people there may be.

    Shares: the quietest tenth from -40 to -6 dB of the mean (a room is never still),
    its flatness from 0.01 to 0.3 (applause is noise), and how uneven the beats are.
    """
    moves = measured.modulation
    if moves is None:
        return None
    even = measured.tempo.stability if measured.tempo else 0.5
    return _mean(
        _share(moves.floor_db, _FLOOR_DB),
        _share(moves.floor_flatness, _FLOOR_FLATNESS),
        1 - even,
    )


def _speechiness(measured: Measured) -> float | None:
    """Return how much like speech it moves.

    Shares, after Scheirer & Slaney, "Construction and evaluation of a robust
    multifeature speech/music discriminator", 1997: movement as fast as syllables from
    0.35 to 0.75, frames of low level from 0.1 to 0.5, and onsets that do not keep to
    the beat, from 3 down to 1 times as strong on it.
    """
    moves = measured.modulation
    if moves is None:
        return None
    return _mean(
        _share(moves.syllabic, _SYLLABIC),
        _share(moves.low_frames, _LOW_FRAMES),
        _share(measured.beat_emphasis, _SPOKEN_EMPHASIS),
    )


def _share(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _mean(*shares: float) -> float:
    return round(sum(shares) / len(shares), 4)
