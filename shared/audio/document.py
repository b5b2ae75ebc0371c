"""An analysis as a `features.Document`: what the command and the API say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import cast

from shared.audio.analysis import VERSION, Analysis
from shared.audio.embedding import embedding, projection
from shared.audio.features import Document
from shared.audio.model import SHIPPED, Estimate, Model, shipped
from shared.audio.technical import Technical
from shared.audio.timbre import Timbre

_GUESSED = ("genre", "mood")


def document(analysis: Analysis, models: Iterable[Model] | None = None) -> Document:
    """Return *analysis* by name; docs/reference/audio-features.md says what is what.

    All names of `Document` are there; null where there is nothing to measure.

    Args:
        models: Which say genre and mood, at most one for each field; those that
            come with the code where there is None.
    """
    measured: dict[str, object] = {
        "analyser": VERSION,
        **_technical(analysis.technical),
        "damage": analysis.finding or None,
        **_rhythm(analysis),
        **_pitch(analysis),
        **_level(analysis),
        **_timbre(analysis.timbre),
        **_descriptors(analysis),
        "fingerprint": analysis.fingerprint or None,
        "segments": None
        if analysis.segments is None
        else [asdict(segment) for segment in analysis.segments],
    }
    place = embedding(measured)
    measured["embedding"] = None if place is None else list(place)
    measured["embedding_version"] = projection().version if place else None
    chosen = [shipped(name) for name in SHIPPED] if models is None else models
    said = [model.estimate(measured) for model in chosen]
    return cast("Document", {**measured, **_guesses(said)})


def _rhythm(analysis: Analysis) -> dict[str, object]:
    tempo, metre = analysis.tempo, analysis.metre
    return {
        "bpm": tempo.bpm if tempo else None,
        "bpm_confidence": tempo.confidence if tempo else None,
        "bpm_alternatives": list(tempo.alternatives_bpm) if tempo else [],
        "tempo_stability": tempo.stability if tempo else None,
        "beats_per_bar": metre.beats_per_bar if metre else None,
        "beats_per_bar_confidence": metre.confidence if metre else None,
        "beats_per_bar_alternatives": list(metre.alternatives) if metre else [],
        "time_signature": metre.signature if metre else None,
        "beats_ms": list(analysis.beats_ms),
        "downbeats_ms": list(
            analysis.beats_ms[metre.first_downbeat :: metre.beats_per_bar]
            if metre
            else ()
        ),
        "onsets_ms": list(analysis.onsets_ms),
    }


def _pitch(analysis: Analysis) -> dict[str, object]:
    key = analysis.tonality
    return {
        "key": key.key if key else None,
        "key_confidence": key.confidence if key else None,
        "key_alternatives": list(key.alternatives) if key else [],
        "camelot": key.camelot if key else None,
        "tuning_cents": key.tuning_cents if key else None,
        "pitch_profile": list(analysis.pitch_profile),
        "tonnetz": list(analysis.tonnetz) if analysis.tonnetz else None,
        "chords": None
        if analysis.chords is None
        else [{"start_ms": one.start_ms, "chord": one.name} for one in analysis.chords],
    }


def _level(analysis: Analysis) -> dict[str, object]:
    loudness, technical = analysis.loudness, analysis.technical
    return {
        "loudness_lufs": loudness.integrated_lufs,
        "loudness_range_lu": loudness.range_lu,
        "loudness_short_term_max_lufs": loudness.short_term_max_lufs,
        "loudness_momentary_max_lufs": loudness.momentary_max_lufs,
        "true_peak_dbtp": technical.true_peak_dbtp,
        "sample_peak_dbfs": technical.sample_peak_dbfs,
    }


def _technical(technical: Technical) -> dict[str, object]:
    return {
        "duration_ms": technical.duration_ms,
        "codec": technical.codec,
        "lossless": technical.lossless,
        "sample_rate_hz": technical.sample_rate_hz,
        "channels": technical.channels,
        "bit_depth": technical.bit_depth,
        "used_bit_depth": technical.used_bit_depth,
        "spectrum_end_hz": technical.spectrum_end_hz,
        "clipped_samples": technical.clipped_samples,
        "dc_offset": technical.dc_offset,
        "silence_head_ms": technical.silence_head_ms,
        "silence_tail_ms": technical.silence_tail_ms,
        "findings": list(technical.findings),
    }


def _timbre(timbre: Timbre | None) -> dict[str, object]:
    if timbre is None:
        return {field.name: None for field in fields(Timbre)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(timbre).items()
    }


def _descriptors(analysis: Analysis) -> dict[str, object]:
    found = analysis.descriptors
    return {
        "energy": analysis.energy,
        "danceability": found.danceability if found else None,
        "valence": found.valence if found else None,
        "acousticness": found.acousticness if found else None,
        "instrumentalness": found.instrumentalness if found else None,
        "liveness": found.liveness if found else None,
        "speechiness": found.speechiness if found else None,
    }


def _guesses(said: Iterable[Estimate | None]) -> dict[str, object]:
    known = {estimate.field: estimate for estimate in said if estimate}
    told: dict[str, object] = {}
    for field in _GUESSED:
        estimate = known.get(field)
        told[field] = estimate.value if estimate else None
        told[f"{field}_confidence"] = estimate.confidence if estimate else None
        told[f"{field}_alternatives"] = list(estimate.alternatives) if estimate else []
        told[f"{field}_model"] = estimate.model if estimate else None
    return told
