"""Pictures: what they are and how large, from their first bytes alone."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# ID3v2.4 §4.14, taken over by FLAC, Vorbis and ASF.
PICTURE_TYPES: Final = (
    "other",
    "file icon",
    "other file icon",
    "front cover",
    "back cover",
    "leaflet",
    "medium",
    "lead artist",
    "artist",
    "conductor",
    "band",
    "composer",
    "lyricist",
    "recording location",
    "during recording",
    "during performance",
    "screen capture",
    "bright coloured fish",
    "illustration",
    "band logo",
    "publisher logo",
)
# The largest side that any of the formats below can state.
_LARGEST_PX: Final = 100_000
# Markers of a JPEG that start a frame and carry its size: ITU-T T.81, table B.1.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, as embedded in a file or delivered beside it.

    Attributes:
        mime_type: By its content, or empty where it is of no known format.
        width_px, height_px: None where the header does not say.
        picture_type: One of `PICTURE_TYPES`.
        sha256: Of the picture's bytes, in hexadecimal.
    """

    content: bytes
    mime_type: str
    width_px: int | None
    height_px: int | None
    picture_type: str
    sha256: str
    description: str = ""


def picture(content: bytes, picture_type: int = 3, description: str = "") -> Picture:
    """Return *content* as a picture, measured; type 3 is the front cover."""
    mime_type, width_px, height_px = _measured(content)
    known = 0 <= picture_type < len(PICTURE_TYPES)
    return Picture(
        content=content,
        mime_type=mime_type,
        width_px=_side(width_px),
        height_px=_side(height_px),
        picture_type=PICTURE_TYPES[picture_type if known else 0],
        sha256=hashlib.sha256(content).hexdigest(),
        description=description,
    )


def _side(pixels: int) -> int | None:
    return pixels if 0 < pixels <= _LARGEST_PX else None


def _measured(content: bytes) -> tuple[str, int, int]:
    """Return media type, width and height; a side of 0 is unknown."""
    for magic, mime_type, sides in _FORMATS:
        if content.startswith(magic):
            return mime_type, *sides(content)
    return "", 0, 0


def _sides(content: bytes, offset: int, form: str) -> tuple[int, int]:
    if len(content) < offset + struct.calcsize(form):
        return 0, 0
    width, height = struct.unpack_from(form, content, offset)
    return width, height


def _png_sides(content: bytes) -> tuple[int, int]:
    return _sides(content, 16, ">II")


def _gif_sides(content: bytes) -> tuple[int, int]:
    return _sides(content, 6, "<HH")


def _bmp_sides(content: bytes) -> tuple[int, int]:
    # A negative height says that rows run from top to bottom.
    width, height = _sides(content, 18, "<ii")
    return width, abs(height)


def _jpeg_sides(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        standalone = marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01
        step = 1 if marker == 0xFF else 2
        if not standalone:
            step += struct.unpack_from(">H", content, at + 2)[0]
        at += step
    return 0, 0


def _webp_sides(content: bytes) -> tuple[int, int]:
    """Read the three forms of a WebP header (RFC 9649 §2.5 to 2.7)."""
    form = content[12:16]
    if form == b"VP8X" and len(content) >= 30:
        width = int.from_bytes(content[24:27], "little") + 1
        return width, int.from_bytes(content[27:30], "little") + 1
    if form == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = _sides(content, 26, "<HH")
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


_FORMATS: Final[tuple[tuple[bytes, str, Callable[[bytes], tuple[int, int]]], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", _png_sides),
    (b"\xff\xd8\xff", "image/jpeg", _jpeg_sides),
    (b"GIF87a", "image/gif", _gif_sides),
    (b"GIF89a", "image/gif", _gif_sides),
    (b"BM", "image/bmp", _bmp_sides),
    (b"RIFF", "image/webp", _webp_sides),
    (b"II*\x00", "image/tiff", lambda _: (0, 0)),
    (b"MM\x00*", "image/tiff", lambda _: (0, 0)),
)
