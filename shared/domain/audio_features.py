"""What was measured in one file, as the record of its analysis carries it.

A function of one staged record, so that a replay finds the same features again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.claims import JsonValue, Kind, SourceRecord, canonical_json
from shared.domain.subjects import subject_key
from shared.domain.trust import source_family, source_version

FAMILY = "audio-analysis"


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """What one version of the analyser measured in one generation of a file.

    Attributes:
        source: Who listened: `audio-analysis@v3`.
        origin: The file's address.
        subject_key: The key that tells which recording it is.
        sha256: Of the bytes, in hexadecimal; empty where nobody knows it.
        document: Values by name; docs/reference/audio-features.md has their units.
            Empty where nothing could be decoded.
        damage: What is wrong with the file, in words; empty if nothing.
        terms: What the fingerprint is found by, 32 bits each, signed, sorted.
        waveform: What a player draws; see `audio.preview`.
        spectrogram: The picture of the spectrum; see the same page.
    """

    record_id: UUID
    source: str
    origin: str
    origin_version: int
    subject_key: str
    sha256: str
    received_at: datetime
    document: Mapping[str, JsonValue]
    damage: str = ""
    terms: tuple[int, ...] = ()
    waveform: bytes = b""
    spectrogram: bytes = b""

    @property
    def etag(self) -> str:
        """A strong validator: the same for the same features, without quotes."""
        said = [str(self.record_id), dict(self.document)]
        return hashlib.sha256(canonical_json(said).encode()).hexdigest()[:20]

    @property
    def embedding(self) -> tuple[float, ...]:
        """The recording as a point among others; empty where there is none."""
        return tuple(float(n) for n in _numbers(self.document.get("embedding")))

    @property
    def embedding_version(self) -> str:
        """Only embeddings of one version can be compared."""
        return str(self.document.get("embedding_version") or "")

    @property
    def is_heard(self) -> bool:
        """Whether anything could be decoded."""
        return bool(self.document)


def to_raw(
    sha256: str,
    document: Mapping[str, JsonValue],
    *,
    damage: str = "",
    terms: Iterable[int] = (),
    waveform: bytes = b"",
    spectrogram: bytes = b"",
) -> dict[str, JsonValue]:
    """Return what the record of an analysis says beside its claims."""
    sorted_terms: list[JsonValue] = [*sorted({*terms})]
    return {
        "sha256": sha256,
        "document": {name: _stored(value) for name, value in document.items()},
        "damage": damage,
        "terms": sorted_terms,
        "waveform": base64.b64encode(waveform).decode("ascii"),
        "spectrogram": base64.b64encode(zlib.compress(spectrogram)).decode("ascii"),
    }


def features_of(record: SourceRecord) -> AudioFeatures | None:
    """Return what *record* measured; None where it is no analysis, or an early one."""
    document = record.raw.get("document")
    if (
        record.kind is not Kind.RECORDING
        or source_family(record.source) != FAMILY
        or not isinstance(document, dict)
    ):
        return None
    return AudioFeatures(
        record_id=record.record_id,
        source=record.source,
        origin=record.origin,
        origin_version=record.origin_version,
        subject_key=subject_key(record),
        sha256=str(record.raw.get("sha256", "")),
        received_at=record.received_at,
        document=document,
        damage=str(record.raw.get("damage", "")),
        terms=tuple(int(n) for n in _numbers(record.raw.get("terms"))),
        waveform=_bytes(record.raw.get("waveform")),
        spectrogram=_picture(record.raw.get("spectrogram")),
    )


def best_of(found: Iterable[AudioFeatures]) -> AudioFeatures | None:
    """Return the features that speak for a recording; None for none.

    What could be decoded, by the newest version of the analyser, of a lossless file,
    of the file that came last; between equals the record's id decides.
    """
    return max(found, key=_order, default=None)


def _order(features: AudioFeatures) -> tuple[bool, int, bool, datetime, str]:
    return (
        features.is_heard,
        source_version(features.source)[1],
        features.document.get("lossless") is True,
        features.received_at,
        str(features.record_id),
    )


def _stored(value: JsonValue) -> JsonValue:
    # A database gives 0.0 back for -0.0, and what is read has to be what was written.
    if isinstance(value, float):
        return value + 0.0
    if isinstance(value, list):
        return [_stored(part) for part in value]
    if isinstance(value, dict):
        return {name: _stored(part) for name, part in value.items()}
    return value


def _numbers(value: JsonValue) -> list[int | float]:
    found = value if isinstance(value, list) else []
    return [n for n in found if isinstance(n, int | float)]


def _bytes(value: JsonValue) -> bytes:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except binascii.Error:
        return b""


def _picture(value: JsonValue) -> bytes:
    try:
        return zlib.decompress(_bytes(value))
    except zlib.error:
        return b""
