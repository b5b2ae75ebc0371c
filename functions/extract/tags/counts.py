"""Bounds on how many frames and comments one tag may hold.

A tag of a few mebibytes can hold a million empty frames, over which mutagen takes
minutes and gigabytes. They are counted before it begins.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from mutagen._vorbis import VComment
from mutagen.id3._tags import ID3Header, ID3Tags

from .bounds import BeyondBoundsError

_MOST: Final = 20_000
# Smaller tags cannot hold enough to matter.
_HARMLESS_BYTES: Final = 256 * 1024

_read_frames = ID3Tags._read  # noqa: SLF001 - see `count_before_reading`
_load_comments = VComment.load


def frames_in(version: int, content: bytes) -> int:
    """Return how many frames *content*, an ID3v2.*version* tag's body, holds.

    Counts up to the bound, and takes a size that is not synchsafe for a plain one.
    """
    head_bytes = 6 if version == 2 else 10
    at = count = 0
    while at + head_bytes <= len(content) and content[at] and count <= _MOST:
        if version == 2:
            size = int.from_bytes(content[at + 3 : at + 6])
        else:
            size = struct.unpack_from(">I", content, at + 4)[0]
            if version == 4:
                size = _synchsafe(size)
        at += head_bytes + size
        count += 1
    return count


def _synchsafe(size: int) -> int:
    if size & 0x8080_8080:
        return size
    return sum((size >> 8 * place & 0x7F) << 7 * place for place in range(4))


def _bounded_frames(tags: ID3Tags, header: ID3Header, content: bytes) -> object:
    harmless = len(content) <= _HARMLESS_BYTES
    if not harmless and frames_in(header.version[1], content) > _MOST:
        raise BeyondBoundsError("a tag with more frames than any tag")
    return _read_frames(tags, header, content)


def _bounded_comments(
    tags: VComment, file: BinaryIO, errors: str = "replace", framing: bool = True
) -> None:
    start = file.tell()
    vendor_bytes = int.from_bytes(file.read(4), "little")
    file.seek(start + 4 + vendor_bytes)
    count = int.from_bytes(file.read(4), "little")
    file.seek(start)
    if count > _MOST:
        raise BeyondBoundsError("a tag with more comments than any tag")
    _load_comments(tags, file, errors, framing)


def count_before_reading() -> None:
    """Count before mutagen reads. It offers no other place to step in."""
    ID3Tags._read = _bounded_frames  # noqa: SLF001 - as said
    VComment.load = _bounded_comments
