"""What a person should look at in a recording's files, as findings of the recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.audio_features import AudioFeatures
from shared.domain.claims import JsonValue
from shared.domain.findings import Finding, Level
from shared.domain.trust import source_version

PRODUCER: Final = "audio-analysis"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one of the analyser's codes means to people.

    Attributes:
        shown: The value of the document that says how much.
    """

    level: Level
    field: str
    message: str
    fix: str
    shown: str


_RULES: Mapping[str, _Rule] = MappingProxyType(
    {
        "audio.silent": _Rule(
            Level.ERROR,
            "loudness_lufs",
            "there is nothing but silence in the file",
            "upload the right file; shops refuse silent tracks",
            "duration_ms",
        ),
        "audio.clipped": _Rule(
            Level.WARNING,
            "clipped_samples",
            "samples are cut off at full scale",
            "ask for a master with less level, or without a limiter that clips",
            "clipped_samples",
        ),
        "audio.over-full-scale": _Rule(
            Level.INFO,
            "true_peak_dbtp",
            "the sound rises above full scale between samples",
            "master to a true peak of -1 dBTP or less: encoders will clip it otherwise",
            "true_peak_dbtp",
        ),
        "audio.dc-offset": _Rule(
            Level.WARNING,
            "dc_offset",
            "the sound does not swing around zero",
            "remove the offset with a high-pass filter below 20 Hz",
            "dc_offset",
        ),
        "audio.silence-at-head": _Rule(
            Level.INFO,
            "silence_head_ms",
            "it begins with a long silence",
            "cut the beginning, unless it is meant so",
            "silence_head_ms",
        ),
        "audio.silence-at-tail": _Rule(
            Level.INFO,
            "silence_tail_ms",
            "it ends with a long silence",
            "cut the end, unless it is meant so (a hidden track)",
            "silence_tail_ms",
        ),
        "audio.mono-as-stereo": _Rule(
            Level.INFO,
            "channels",
            "both channels are the same",
            "deliver it as mono, or look for the stereo master",
            "channels",
        ),
        "audio.padded-bits": _Rule(
            Level.WARNING,
            "bit_depth",
            "fewer bits are used than stored",
            "deliver the depth that it was made in: partners check high resolution",
            "used_bit_depth",
        ),
        "audio.upsampled": _Rule(
            Level.WARNING,
            "sample_rate_hz",
            "the sample rate is higher than the sound needs: it was converted up",
            "deliver the rate that it was recorded at: partners check high resolution",
            "spectrum_end_hz",
        ),
        "audio.lossy-source": _Rule(
            Level.WARNING,
            "lossless",
            "a lossless file that seems to be made from a lossy one",
            "look for the original master; MP3 made lossless is no better for it",
            "spectrum_end_hz",
        ),
        "audio.truncated": _Rule(
            Level.INFO,
            "duration_ms",
            "the file is longer than what is listened to",
            "nothing, if a recording of many hours is meant",
            "duration_ms",
        ),
    }
)
_UNREADABLE: Final = Finding(
    code="LN-AUDIO-UNREADABLE",
    level=Level.ERROR,
    field="resources",
    message="the sound of the file cannot be decoded",
    fix="open the file in a player; export it again, and upload it under its name",
)
_DAMAGED: Final = Finding(
    code="LN-AUDIO-DAMAGED",
    level=Level.WARNING,
    field="resources",
    message="the file is damaged: only a part of its sound can be decoded",
    fix="export the file again from its master, and upload it under its name",
)


def findings_of(features: Iterable[AudioFeatures]) -> list[Finding]:
    """Return what is to be said of a recording's files, sorted, each with its place.

    Of several analyses of a file, that of the newest version counts.
    """
    newest: dict[str, AudioFeatures] = {}
    for one in sorted(features, key=lambda f: source_version(f.source)[1]):
        newest[one.origin] = one
    return sorted(found for one in newest.values() for found in _of_file(one))


def _of_file(features: AudioFeatures) -> list[Finding]:
    if not features.is_heard:
        return [_at(_UNREADABLE, features, features.damage)]
    codes = features.document.get("findings")
    found = [
        _finding(code, features)
        for code in (codes if isinstance(codes, list) else ())
        if code in _RULES
    ]
    if features.damage:
        found.append(_at(_DAMAGED, features, features.damage))
    return found


def _finding(code: JsonValue, features: AudioFeatures) -> Finding:
    rule = _RULES[str(code)]
    name = str(code).removeprefix("audio.").upper()
    shown = features.document.get(rule.shown)
    finding = Finding(
        code=f"LN-AUDIO-{name}",
        level=rule.level,
        field=rule.field,
        message=rule.message,
        fix=rule.fix,
    )
    return _at(finding, features, None if shown is None else f"{rule.shown} {shown}")


def _at(finding: Finding, features: AudioFeatures, value: str | None) -> Finding:
    return Finding(
        code=finding.code,
        level=finding.level,
        field=finding.field,
        message=finding.message,
        fix=finding.fix,
        place=features.origin,
        value=value,
    )
