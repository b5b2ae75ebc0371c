"""What models and embeddings go by: numbers made of a document, by name.

A trait is a feature as it is (`rolloff_hz`), one of a list (`mfcc_mean.3`), or one of
the few made here (`log_rms_variance`, `pitch_shape.2`): see TRAITS.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TINY = 1e-9
_USUAL_BPM = 120.0

DESCRIPTORS = (
    *("energy", "danceability", "valence", "acousticness"),
    *("instrumentalness", "liveness", "speechiness"),
)

Document = Mapping[str, Any]


def traits(document: Document, names: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the traits called *names* of a `features.Document`, shape (n_names,).

    None where its timbre was not measured, as in silence.

    Raises:
        KeyError: A name that is none of `known_traits`.
    """
    if document.get("mfcc_mean") is None:
        return None
    return np.array([_TRAITS[name](document) for name in names], np.float64)


def known_traits() -> frozenset[str]:
    """Return the names of all traits."""
    return frozenset(_TRAITS)


def _plain(name: str) -> Callable[[Document], float]:
    return lambda document: float(document[name])


def _part(name: str, place: int) -> Callable[[Document], float]:
    return lambda document: float(document[name][place])


def _log(name: str) -> Callable[[Document], float]:
    return lambda document: math.log(float(document[name]) + _TINY)


def _log_part(name: str, place: int) -> Callable[[Document], float]:
    return lambda document: math.log(float(document[name][place]) + _TINY)


def _share(name: str) -> Callable[[Document], float]:
    """Return a share as it is; what could not be told counts as half."""
    return lambda document: 0.5 if document[name] is None else float(document[name])


def _or_nothing(name: str) -> Callable[[Document], float]:
    return lambda document: float(document[name] or 0)


def _bpm(document: Document) -> float:
    return float(document["bpm"] or _USUAL_BPM)


def _tempo_angle(part: Callable[[float], float]) -> Callable[[Document], float]:
    """Half and double tempo are one: the angle goes round once an octave."""
    return lambda document: part(2 * math.pi * math.log2(_bpm(document)))


def _pitch_shape(order: int) -> Callable[[Document], float]:
    """Return how periodic the pitch profile is, whatever the key.

    The magnitude of its discrete Fourier transform (Amiot, "Music through Fourier
    space", 2016): the fifth is how diatonic, the third how augmented, and so on.
    """

    def shape(document: Document) -> float:
        profile = np.asarray(document["pitch_profile"], np.float64)
        total = float(profile.sum())
        if len(profile) != 12 or total <= 0:
            return 0.0
        return float(np.abs(np.fft.rfft(profile))[order]) / total

    return shape


def _major(document: Document) -> float:
    """Return how surely it is major, from -1 for a sure minor to 1."""
    if not document["key"]:
        return 0.0
    sign = 1 if str(document["key"]).endswith("major") else -1
    return sign * float(document["key_confidence"])


def _triple(document: Document) -> float:
    """Return how surely a bar has three or six beats; half where nothing is known."""
    metre = document["beats_per_bar"]
    if metre is None:
        return 0.5
    sure = float(document["beats_per_bar_confidence"])
    return sure if metre in {3, 6} else 1 - sure


def _onsets_hz(document: Document) -> float:
    return len(document["onsets_ms"]) / max(float(document["duration_ms"]), 1) * 1000


_TRAITS: dict[str, Callable[[Document], float]] = {
    **{f"mfcc_mean.{n}": _part("mfcc_mean", n) for n in range(13)},
    **{f"log_mfcc_variance.{n}": _log_part("mfcc_variance", n) for n in range(13)},
    **{f"contrast_db.{n}": _part("contrast_db", n) for n in range(7)},
    **{f"pitch_shape.{n}": _pitch_shape(n) for n in range(1, 7)},
    **{name: _plain(name) for name in ("centroid_hz", "bandwidth_hz", "rolloff_hz")},
    **{name: _plain(name) for name in ("zero_crossings", "rms")},
    **{name: _plain(name) for name in ("crest_db", "dynamic_range_db")},
    "log_centroid_variance_hz2": _log("centroid_variance_hz2"),
    "log_rms_variance": _log("rms_variance"),
    "log_flatness": _log("flatness"),
    "bpm": _bpm,
    "tempo_cos": _tempo_angle(math.cos),
    "tempo_sin": _tempo_angle(math.sin),
    "tempo_stability": _share("tempo_stability"),
    **{name: _share(name) for name in DESCRIPTORS},
    "loudness_range_lu": _or_nothing("loudness_range_lu"),
    "major": _major,
    "triple": _triple,
    "onsets_hz": _onsets_hz,
}
