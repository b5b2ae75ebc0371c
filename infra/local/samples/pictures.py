"""A cover, drawn here: a PNG of two colours running into each other."""

from __future__ import annotations

import struct
import zlib


def cover(side_px: int = 300, hue: int = 0) -> bytes:
    """Return a square PNG (ISO/IEC 15948), 8 bits of red, green and blue."""
    rows = b"".join(
        b"\x00"
        + bytes(
            channel
            for x in range(side_px)
            for channel in (x * 255 // side_px, (y + hue) % 256, 160)
        )
        for y in range(side_px)
    )
    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
