"""Everything heard in one recording, measured once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from shared.audio.beats import beat_times, emphasis, stability
from shared.audio.decode import LONGEST_S
from shared.audio.descriptors import Descriptors, Measured, describe
from shared.audio.filterbanks import Array
from shared.audio.fingerprint import compressed, fingerprint
from shared.audio.harmony import Chord, chord_progression, tonnetz
from shared.audio.listening import Listening, listen
from shared.audio.loudness import Loudness
from shared.audio.metre import Metre, estimate_metre
from shared.audio.modulation import modulation
from shared.audio.onsets import SAMPLE_RATE_HZ, onset_strength, onset_times
from shared.audio.pitch import Pitches, pitches
from shared.audio.preview import waveform
from shared.audio.spectrogram import spectrogram
from shared.audio.structure import Segment, segments
from shared.audio.technical import Technical
from shared.audio.tempo import Tempo, estimate_tempo
from shared.audio.timbre import Timbre, timbre_and_mel
from shared.audio.tonality import Tonality, estimate_tonality, mean_chroma

VERSION = "v3"
"""Changes whenever the same bytes would be heard differently."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was heard; None where there is nothing to measure, as in silence.

    Attributes:
        loudness_lufs: Integrated, ITU-R BS.1770-4.
        energy: From 0 to 1: see `descriptors.energy`.
        duration_ms: Of what was decoded, which may be less than the file.
        finding: What was wrong with the file, if anything.
        beats_ms: When the beats fall.
        onsets_ms: When something begins.
        timbre: Statistics of short spectra.
        pitch_profile: How strong each pitch class is, C first, summing to 1.
        fingerprint: Chromaprint's, of the first two minutes; empty below 3 s.
        waveform: See `preview.waveform`.
        descriptors: Danceability and such.
        spectrogram: See `spectrogram.spectrogram`; empty in silence.
        metre: Of the beats.
        tonnetz: See `harmony.tonnetz`; None where nothing has a pitch.
        chords: None where they were not asked for.
        segments: None where they were not asked for.
    """

    tempo: Tempo | None
    tonality: Tonality | None
    loudness_lufs: float | None
    energy: float | None
    duration_ms: int
    finding: str
    loudness: Loudness
    technical: Technical
    beats_ms: tuple[int, ...]
    onsets_ms: tuple[int, ...]
    timbre: Timbre | None
    pitch_profile: tuple[float, ...]
    fingerprint: str
    waveform: bytes
    descriptors: Descriptors | None = None
    spectrogram: bytes = b""
    metre: Metre | None = None
    tonnetz: tuple[float, ...] | None = None
    chords: tuple[Chord, ...] | None = None
    segments: tuple[Segment, ...] | None = None


def analyse(
    source: Path | BinaryIO, longest_s: float = LONGEST_S, *, structure: bool = False
) -> Analysis:
    """Return what is heard in the file at *source*, a path or a seekable stream.

    Args:
        longest_s: Decode no more.
        structure: Look for chords and segments too.

    Raises:
        UnreadableFileError: Hardly any sound can be decoded.
    """
    with _blas().limit(limits=1, user_api="blas"):
        return _analysed(listen(source, longest_s), structure)


@cache
def _blas() -> ThreadpoolController:
    # The products here are small: more threads would only wait for one another.
    return ThreadpoolController()


def _analysed(listening: Listening, structure: bool) -> Analysis:
    mono = listening.mono
    audible = _audible(listening)
    strength = onset_strength(mono)
    pulse = _pulse(strength) if audible else _Pulse()
    low = listening.low
    heard = pitches(low)
    tonality = estimate_tonality(heard) if audible else None
    beats = pulse.beats_s
    metre = estimate_metre(strength, beats, heard) if audible else None
    sound, mel_power = timbre_and_mel(mono) if audible else (None, None)
    moves = None if mel_power is None else modulation(mel_power)
    onsets_hz = len(pulse.onsets_ms) * SAMPLE_RATE_HZ / len(mono)
    lufs = listening.loudness.integrated_lufs
    measured = (onsets_hz, pulse.emphasis, pulse.tempo, tonality, sound, moves)
    descriptors = None if lufs is None else describe(Measured(lufs, *measured))
    sought = mel_power if structure else None
    return Analysis(
        tempo=pulse.tempo,
        tonality=tonality,
        loudness_lufs=lufs,
        energy=descriptors.energy if descriptors else None,
        duration_ms=listening.technical.duration_ms,
        finding=listening.finding,
        loudness=listening.loudness,
        technical=listening.technical,
        beats_ms=pulse.beats_ms,
        onsets_ms=pulse.onsets_ms,
        timbre=sound,
        pitch_profile=_pitch_profile(heard),
        fingerprint=compressed(fingerprint(low)) if audible else "",
        waveform=waveform(mono),
        descriptors=descriptors,
        spectrogram=b"" if mel_power is None else spectrogram(mel_power),
        metre=metre,
        tonnetz=tonnetz(heard) if tonality else None,
        chords=None if sought is None else chord_progression(heard, beats),
        segments=None if sought is None else segments(sought, heard, beats),
    )


@dataclass(frozen=True, slots=True)
class _Pulse:
    tempo: Tempo | None = None
    beats_ms: tuple[int, ...] = ()
    onsets_ms: tuple[int, ...] = ()
    emphasis: float = 1.0
    beats_s: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))


def _pulse(strength: Array) -> _Pulse:
    tempo = estimate_tempo(strength)
    if tempo is None:
        return _Pulse()
    beats = beat_times(strength, tempo.bpm)
    return _Pulse(
        tempo=replace(tempo, stability=stability(beats)),
        beats_ms=_ms(beats),
        onsets_ms=_ms(onset_times(strength)),
        emphasis=emphasis(strength, beats),
        beats_s=beats,
    )


def _pitch_profile(heard: Pitches) -> tuple[float, ...]:
    return tuple(round(float(share), 5) for share in mean_chroma(heard.chroma))


def _ms(times_s: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(round(1000 * time_s) for time_s in times_s.tolist())


def _audible(listening: Listening) -> bool:
    peak = listening.technical.true_peak_dbtp
    return peak is not None and peak > -70
