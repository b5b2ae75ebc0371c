"""The names of what is heard, typed: unit, range, meaning and source of each.

`Document` is what the command prints, the API answers and `audio_features` stores.
docs/reference/audio-features.md and its JSON schema are made from it (`schema`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypedDict


@dataclass(frozen=True, slots=True)
class Told:
    """What a feature is.

    Attributes:
        unit: Of its numbers; empty where they have none.
        least: Lowest possible value.
        most: Highest possible value.
        source: The standard, paper or library whose definition it is; `own` where
            the definition is this project's.
    """

    what: str
    unit: str = ""
    least: float | None = None
    most: float | None = None
    source: str = "own"


_BS1770 = "ITU-R BS.1770-4"
_LIBROSA = "librosa 0.11"
_CARD = "models/tempo-and-key.md"
_GENRE_CARD, _MOOD_CARD = "models/genre.md", "models/mood.md"


def _share(what: str, source: str = "own") -> Told:
    return Told(what, "", 0, 1, source)


class HeardChord(TypedDict):
    start_ms: Annotated[int, Told("where it begins", "ms", 0)]
    chord: Annotated[
        str, Told("`A:min`, `C:maj`, `G:7`; `N` for none", source="Harte & al. 2005")
    ]


class HeardSegment(TypedDict):
    start_ms: Annotated[int, Told("where it begins", "ms", 0)]
    label: Annotated[str, Told("`A` for the first; parts that sound alike share one")]


class _Rhythm(TypedDict):
    bpm: Annotated[float | None, Told("tempo", "bpm", 40, 222, _CARD)]
    bpm_confidence: Annotated[
        float | None, _share("probability that it is within 4 % of what is tapped")
    ]
    bpm_alternatives: Annotated[
        list[float],
        Told("other tempi, likeliest first, half and double among them", "bpm"),
    ]
    tempo_stability: Annotated[
        float | None,
        _share(
            "1 for evenly spaced beats: one less four times the relative spread of "
            "intervals (1.4826 times median absolute deviation)"
        ),
    ]
    beats_per_bar: Annotated[
        int | None, Told("metre: 2, 3, 4 or 6", "beats", 2, 6, "models/metre.md")
    ]
    beats_per_bar_confidence: Annotated[
        float | None, _share("probability that it is the metre", "models/metre.md")
    ]
    beats_per_bar_alternatives: Annotated[
        list[int], Told("other metres, likeliest first", "beats", 2, 6)
    ]
    time_signature: Annotated[
        str | None, Told("`2/4`, `3/4`, `4/4`, `6/8`: beats_per_bar as it is written")
    ]
    beats_ms: Annotated[
        list[int], Told("when the beats fall", "ms", 0, source="Ellis 2007")
    ]
    downbeats_ms: Annotated[
        list[int], Told("which of the beats begin a bar", "ms", 0, source="own")
    ]
    onsets_ms: Annotated[
        list[int], Told("when something begins", "ms", 0, source="Böck & al. 2012")
    ]


class _Pitch(TypedDict):
    key: Annotated[str | None, Told("such as `Eb minor`", source=_CARD)]
    key_confidence: Annotated[float | None, _share("probability that it is the key")]
    key_alternatives: Annotated[list[str], Told("other keys, likeliest first")]
    camelot: Annotated[
        str | None, Told("the key's place on the Camelot wheel, such as `2A`")
    ]
    tuning_cents: Annotated[float | None, Told("from 440 Hz", "cents", -50, 50)]
    pitch_profile: Annotated[
        list[float],
        Told("share of each pitch class, C first, tuned", "", 0, 1, "Gómez 2006"),
    ]
    tonnetz: Annotated[
        list[float] | None,
        Told(
            "mean tonal centroid: fifths, minor thirds, major thirds as x, y each",
            "",
            -1,
            1,
            "librosa 0.11 (Harte & al. 2006), of `pitches.chroma`",
        ),
    ]
    chords: Annotated[
        list[HeardChord] | None,
        Told("the progression; null where it was not asked for"),
    ]


class _Level(TypedDict):
    loudness_lufs: Annotated[
        float | None, Told("integrated loudness", "LUFS", -70, None, _BS1770)
    ]
    loudness_range_lu: Annotated[
        float | None, Told("loudness range", "LU", 0, None, "EBU Tech 3342")
    ]
    loudness_short_term_max_lufs: Annotated[
        float | None, Told("loudest 3 s", "LUFS", source="EBU Tech 3341")
    ]
    loudness_momentary_max_lufs: Annotated[
        float | None, Told("loudest 400 ms", "LUFS", source="EBU Tech 3341")
    ]
    true_peak_dbtp: Annotated[
        float | None, Told("highest between samples", "dBTP", source=_BS1770)
    ]
    sample_peak_dbfs: Annotated[
        float | None, Told("highest sample; floats may be above 0", "dBFS")
    ]
    rms: Annotated[float | None, Told("level, full scale at 1", "", 0, None, _LIBROSA)]
    rms_variance: Annotated[
        float | None, Told("of the frames' level", "", 0, None, _LIBROSA)
    ]
    crest_db: Annotated[float | None, Told("peak over RMS of the whole", "dB", 0)]
    dynamic_range_db: Annotated[
        float | None, Told("5th to 95th percentile of the frames' level", "dB", 0)
    ]


class _File(TypedDict):
    duration_ms: Annotated[int, Told("of what was decoded", "ms", 0)]
    codec: Annotated[str, Told("as FFmpeg names it", source="FFmpeg")]
    lossless: Annotated[bool, Told("the codec loses nothing")]
    sample_rate_hz: Annotated[int, Told("as decoded", "Hz", 1)]
    channels: Annotated[int, Told("as decoded", "", 1)]
    bit_depth: Annotated[int | None, Told("as the file says", "bit", 1)]
    used_bit_depth: Annotated[int | None, Told("bits that are ever set", "bit", 1)]
    spectrum_end_hz: Annotated[
        int | None,
        Told("where the mean spectrum falls 25 dB within 1 kHz and stays", "Hz", 0),
    ]
    clipped_samples: Annotated[
        int, Told("in runs of at least three at full scale", "samples", 0)
    ]
    dc_offset: Annotated[float, Told("largest mean of a channel", "", 0)]
    silence_head_ms: Annotated[int, Told("below -60 dBFS", "ms", 0)]
    silence_tail_ms: Annotated[int, Told("below -60 dBFS", "ms", 0)]
    findings: Annotated[list[str], Told("codes, sorted; see Findings")]
    damage: Annotated[str | None, Told("what was wrong with the file, in words")]


class _Sound(TypedDict):
    mfcc_mean: Annotated[
        list[float] | None,
        Told("13 cepstral coefficients of mel power in dB", "dB", source=_LIBROSA),
    ]
    mfcc_variance: Annotated[
        list[float] | None, Told("of the same", "dB²", 0, None, _LIBROSA)
    ]
    centroid_hz: Annotated[
        float | None,
        Told("of the magnitude spectrum", "Hz", 0, 11_025, _LIBROSA),
    ]
    centroid_variance_hz2: Annotated[
        float | None, Told("of the same", "Hz²", 0, None, _LIBROSA)
    ]
    bandwidth_hz: Annotated[
        float | None, Told("spread around it", "Hz", 0, 11_025, _LIBROSA)
    ]
    rolloff_hz: Annotated[
        float | None,
        Told("below it lies 85 % of the magnitude", "Hz", 0, 11_025, _LIBROSA),
    ]
    contrast_db: Annotated[
        list[float] | None,
        Told(
            "peaks over valleys in seven octaves, up from 200 Hz",
            "dB",
            0,
            None,
            _LIBROSA,
        ),
    ]
    flatness: Annotated[
        float | None, _share("geometric over arithmetic mean of power", _LIBROSA)
    ]
    zero_crossings: Annotated[float | None, _share("sign changes per sample", _LIBROSA)]


class _Descriptors(TypedDict):
    energy: Annotated[float | None, _share("how intense; see Descriptors")]
    danceability: Annotated[float | None, _share("see Descriptors")]
    valence: Annotated[float | None, _share("how bright; see Descriptors")]
    acousticness: Annotated[float | None, _share("see Descriptors")]
    instrumentalness: Annotated[float | None, _share("see Descriptors")]
    liveness: Annotated[float | None, _share("see Descriptors")]
    speechiness: Annotated[float | None, _share("see Descriptors")]


class _Guesses(TypedDict):
    genre: Annotated[str | None, Told("one of ten broad ones", source=_GENRE_CARD)]
    genre_confidence: Annotated[
        float | None,
        _share("probability that a labeller would say the same", _GENRE_CARD),
    ]
    genre_alternatives: Annotated[list[str], Told("others, likeliest first")]
    genre_model: Annotated[str | None, Told("which model said so")]
    mood: Annotated[
        str | None,
        Told("`happy`, `tense`, `sad` or `calm`: a quadrant", source=_MOOD_CARD),
    ]
    mood_confidence: Annotated[
        float | None,
        _share("probability that a labeller would say the same", _MOOD_CARD),
    ]
    mood_alternatives: Annotated[list[str], Told("others, likeliest first")]
    mood_model: Annotated[str | None, Told("which model said so")]


class _Likeness(TypedDict):
    fingerprint: Annotated[
        str | None,
        Told("of the first two minutes, as AcoustID takes it", source="Chromaprint"),
    ]
    embedding: Annotated[
        list[float] | None,
        Told("64 numbers of length 1 whose cosine says how alike", "", -1, 1),
    ]
    embedding_version: Annotated[
        str | None, Told("only embeddings of one version can be compared")
    ]
    segments: Annotated[
        list[HeardSegment] | None,
        Told("its parts, at most 32; null where they were not asked for"),
    ]


class Document(
    _File,
    _Rhythm,
    _Pitch,
    _Level,
    _Sound,
    _Descriptors,
    _Guesses,
    _Likeness,
):
    """All that is heard in one recording; null where there is nothing to measure."""

    analyser: Annotated[
        str, Told("changes whenever the same bytes would be heard differently")
    ]
