"""What a stored file is technically, and the sums that prove it unchanged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO, Final

import google_crc32c

_CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TechnicalFacts:
    """How sound is stored; None where the file does not say.

    Attributes:
        container: `mp3`, `flac`, `wav`, `aiff`, `mp4`, `ogg`, `wavpack` …
        codec: `mp3`, `aac`, `alac`, `flac`, `vorbis`, `opus`, `pcm` …
        duration_ms: Rounded to the nearest millisecond.
    """

    container: str
    codec: str
    mime_type: str
    duration_ms: int | None = None
    sample_rate_hz: int | None = None
    bit_depth: int | None = None
    channels: int | None = None
    bitrate_bps: int | None = None
    lossless: bool = False


@dataclass(frozen=True, slots=True)
class Checksums:
    """Sums of a file's bytes, in lower-case hexadecimal.

    Attributes:
        crc32c: Eight digits, big-endian, as Cloud Storage computes it.
        md5: For comparing with what DDEX deliveries and S3 announce, never for trust.
    """

    sha256: str
    crc32c: str
    md5: str
    size_bytes: int


def checksums(stream: BinaryIO) -> Checksums:
    """Read *stream* to its end, once, a mebibyte at a time."""
    sha256 = hashlib.sha256()
    md5 = hashlib.md5(usedforsecurity=False)
    crc32c = 0
    size_bytes = 0
    while chunk := stream.read(_CHUNK_BYTES):
        sha256.update(chunk)
        md5.update(chunk)
        crc32c = google_crc32c.extend(crc32c, chunk)
        size_bytes += len(chunk)
    return Checksums(
        sha256=sha256.hexdigest(),
        crc32c=f"{crc32c:08x}",
        md5=md5.hexdigest(),
        size_bytes=size_bytes,
    )
