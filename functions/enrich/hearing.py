"""What was heard in one file: whole, and the part that the catalog has fields for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.audio.analysis import Analysis
from shared.audio.document import document
from shared.audio.labels import shown
from shared.audio.lookup import lookup_terms
from shared.audio.model import Estimate
from shared.domain.audio_features import AudioFeatures
from shared.domain.claims import Claim, JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.fields import parsed

# What is measured is not guessed; what no file says differently is certain.
_MEASURED: Final = 1.0
# A guess that is more likely wrong than right is no claim; a person may still be asked.
_CLAIMED_FROM: Final = 0.5
_MEASURED_FIELDS: Final = ("loudness_lufs", "energy")
_MODEL_FIELDS: Final = {"genre": "genres", "mood": "moods"}


@dataclass(frozen=True, slots=True)
class Heard:
    """One field as heard, and what else it might be."""

    field: str
    value: JsonValue
    confidence: float
    alternatives: tuple[JsonValue, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything that was heard in one file.

    Attributes:
        document: A `shared.audio.features.Document` without what models guess; empty
            where nothing could be decoded.
        damage: What is wrong with the file, in words; empty if nothing.
        terms: What its fingerprint is found by.
        waveform: See `shared.audio.preview`.
        spectrogram: See `shared.audio.spectrogram`.
    """

    document: Mapping[str, Any]
    damage: str = ""
    terms: tuple[int, ...] = ()
    waveform: bytes = b""
    spectrogram: bytes = b""


def hearing_of(analysis: Analysis) -> Hearing:
    """Return *analysis* as it is kept."""
    told = document(analysis, models=())
    print_ = analysis.fingerprint
    return Hearing(
        document=told,
        damage=analysis.finding,
        terms=lookup_terms(print_) if print_ else (),
        waveform=analysis.waveform,
        spectrogram=analysis.spectrogram,
    )


def heard_again(features: AudioFeatures) -> Hearing:
    """Return what was heard in the same bytes before."""
    return Hearing(
        document=features.document,
        damage=features.damage,
        terms=features.terms,
        waveform=features.waveform,
        spectrogram=features.spectrogram,
    )


def heard_in(document: Mapping[str, Any]) -> list[Heard]:
    """Return the fields of a recording in *document*, sorted.

    A value outside a field's range is left out.
    """
    found = [Heard(name, document.get(name), _MEASURED) for name in _MEASURED_FIELDS]
    for name in ("bpm", "key"):
        sure = float(document.get(f"{name}_confidence") or 0.0)
        others = tuple(document.get(f"{name}_alternatives") or ())
        found.append(Heard(name, document.get(name), sure, others))
        if name == "key":
            found.append(Heard("camelot", document.get("camelot"), sure))
    return sorted((one for one in found if _fits(one)), key=lambda one: one.field)


def guessed(estimates: Iterable[Estimate]) -> list[Heard]:
    """Return the fields of a recording that models guessed, sorted."""
    found = [
        Heard(
            _MODEL_FIELDS[one.field],
            [shown(one.value)],
            one.confidence,
            tuple([shown(other)] for other in one.alternatives),
        )
        for one in estimates
        if one.field in _MODEL_FIELDS
    ]
    return sorted(found, key=lambda one: one.field)


def claims_of(heard: Iterable[Heard]) -> tuple[Claim, ...]:
    """Return what is claimed of *heard*: measured, or likelier than not."""
    return tuple(
        Claim(one.field, one.value, one.confidence)
        for one in heard
        if one.field not in _MODEL_FIELDS.values() or one.confidence >= _CLAIMED_FROM
    )


def _fits(heard: Heard) -> bool:
    try:
        return parsed(Kind.RECORDING, heard.field, heard.value) == heard.value
    except InvalidInputError:
        return False
