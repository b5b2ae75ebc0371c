"""An audio file: one recording, mostly on a release, stored as a resource."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord

from ..artwork import Picture
from ..copying import LocalCopy
from ..readings import Reading, StoredPicture, as_findings
from ..staging import Origin, Track, track_records
from ..tags import AudioReading, read_audio

_EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/tiff": "tif",
}


def read_recording(copy: LocalCopy, origin: Origin) -> Reading:
    """Return the recording in *copy*, its release, its parties, and its pictures."""
    reading = read_audio(copy.path)
    track = Track(
        source="tags",
        claims=reading.tags,
        sha256=copy.sums.sha256,
        uri=origin.uri,
        raw=reading.raw,
    )
    records = track_records(origin, track)
    recording = records[0]
    release = next((r for r in records if r.kind is Kind.RELEASE), None)
    records += _measured(copy, origin, reading, recording)
    pictures = [p for p in reading.pictures if p.mime_type in _EXTENSIONS]
    records += (_picture(origin, p, release) for p in pictures)
    return Reading(
        batches=[records],
        pictures=[StoredPicture(_name(p), p.content, p.mime_type) for p in pictures],
        findings=as_findings(reading.findings),
    )


def _measured(
    copy: LocalCopy, origin: Origin, reading: AudioReading, recording: SourceRecord
) -> Iterator[SourceRecord]:
    facts = reading.technical
    said: dict[str, JsonValue] = {
        "type": "SoundRecording",
        "uri": origin.uri,
        "recording": recording.keys[0],
        "container": facts.container,
        "codec": facts.codec,
        "mime_type": facts.mime_type,
        "duration_ms": facts.duration_ms,
        "sample_rate_hz": facts.sample_rate_hz,
        "bit_depth": facts.bit_depth,
        "channels": facts.channels,
        "bitrate_bps": facts.bitrate_bps,
        "lossless": facts.lossless,
        "sha256": copy.sums.sha256,
        "crc32c": copy.sums.crc32c,
        "size_bytes": copy.sums.size_bytes,
    }
    claims = [Claim(name, value) for name, value in said.items() if value is not None]
    yield origin.record(Kind.RESOURCE, (f"object:{origin.uri}",), "file", claims)
    if facts.duration_ms:
        length = [Claim("duration_ms", facts.duration_ms)]
        yield origin.record(Kind.RECORDING, recording.keys, "file", length)


def _picture(
    origin: Origin, picture: Picture, release: SourceRecord | None
) -> SourceRecord:
    said: dict[str, JsonValue] = {
        "type": "Image",
        "uri": f"resources:{_name(picture)}",
        "release": release.keys[0] if release else None,
        "mime_type": picture.mime_type,
        "picture_type": picture.picture_type,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "sha256": picture.sha256,
        "size_bytes": len(picture.content),
    }
    claims = [Claim(name, value) for name, value in said.items() if value is not None]
    # The same picture in a thousand files is one, and said once per release.
    key = f"sha256:{picture.sha256}"
    timeless = replace(origin, uri=key, generation=0)
    return timeless.record(Kind.RESOURCE, (key,), "file", claims)


def _name(picture: Picture) -> str:
    return f"artwork/{picture.sha256}.{_EXTENSIONS[picture.mime_type]}"
