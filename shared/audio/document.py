"""An analysis as plain JSON values: the keys that the command and the API share."""

from __future__ import annotations

from dataclasses import asdict

from shared.audio.analysis import VERSION, Analysis
from shared.audio.genre import Genre
from shared.audio.technical import Technical

Value = float | int | str | bool | None | list["Value"] | dict[str, "Value"]


def document(analysis: Analysis) -> dict[str, Value]:
    """Return *analysis* by name; docs/reference/audio-features.md says what is what.

    Units end a key; null where there is nothing to measure.
    """
    tempo, key = analysis.tempo, analysis.tonality
    loudness, mood = analysis.loudness, analysis.descriptors
    return {
        "analyser": VERSION,
        "duration_ms": analysis.duration_ms,
        "bpm": tempo.bpm if tempo else None,
        "bpm_confidence": tempo.confidence if tempo else None,
        "bpm_alternatives": list(tempo.alternatives_bpm) if tempo else [],
        "tempo_stability": tempo.stability if tempo else None,
        "key": key.key if key else None,
        "key_confidence": key.confidence if key else None,
        "key_alternatives": list(key.alternatives) if key else [],
        "camelot": key.camelot if key else None,
        "tuning_cents": key.tuning_cents if key else None,
        "loudness_lufs": loudness.integrated_lufs,
        "loudness_range_lu": loudness.range_lu,
        "loudness_short_term_max_lufs": loudness.short_term_max_lufs,
        "loudness_momentary_max_lufs": loudness.momentary_max_lufs,
        **_technical(analysis.technical),
        "energy": analysis.energy,
        "danceability": mood.danceability if mood else None,
        "valence": mood.valence if mood else None,
        "acousticness": mood.acousticness if mood else None,
        **_genre(analysis.genre),
        "damage": analysis.finding or None,
        **_timbre(analysis),
        "pitch_profile": list(analysis.pitch_profile),
        "fingerprint": analysis.fingerprint or None,
        "beats_ms": list(analysis.beats_ms),
        "onsets_ms": list(analysis.onsets_ms),
    }


def _technical(technical: Technical) -> dict[str, Value]:
    return {
        "true_peak_dbtp": technical.true_peak_dbtp,
        "sample_peak_dbfs": technical.sample_peak_dbfs,
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


def _genre(genre: Genre | None) -> dict[str, Value]:
    return {
        "genre": genre.genre if genre else None,
        "genre_confidence": genre.confidence if genre else None,
        "genre_alternatives": list(genre.alternatives) if genre else [],
        "genre_model": genre.model if genre else None,
    }


def _timbre(analysis: Analysis) -> dict[str, Value]:
    if analysis.timbre is None:
        return {}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(analysis.timbre).items()
    }
