"""ASF (Windows Media) attributes."""

from __future__ import annotations

import struct
from collections import defaultdict
from typing import Final

from mutagen.asf import ASFTags

from ..artwork import picture
from .gathering import Gathered
from .names import ASF as NAMES
from .names import free_name

_PICTURE: Final = "WM/Picture"
_LYRICS: Final = ("WM/Lyrics", "WM/Lyrics_Synchronised")


def gather_asf(tags: ASFTags, gathered: Gathered) -> None:
    """Take over every attribute of *tags*; a name may repeat."""
    values: dict[str, list[object]] = defaultdict(list)
    for key, attribute in tags:
        values[key].append(getattr(attribute, "value", attribute))
    for key, found in values.items():
        gathered.keep(key, found)
        if key == _PICTURE:
            _gather_pictures(found, gathered)
        elif key in _LYRICS:
            gathered.add("lyrics", ["embedded"] if any(found) else [], key)
        else:
            name = free_name(key.removeprefix("WM/"), NAMES)
            texts = [str(value) for value in found if not isinstance(value, bytes)]
            if name == "track_from_zero":
                name, texts = "track", [_counted_from_one(text) for text in texts]
            gathered.add(name, texts, key)


def _counted_from_one(text: str) -> str:
    return str(int(text) + 1) if text.isascii() and text.isdigit() else text


def _gather_pictures(values: list[object], gathered: Gathered) -> None:
    for value in values:
        if not isinstance(value, bytes):
            continue
        try:
            number, image, shown = _picture(value)
        except (struct.error, ValueError) as exc:
            gathered.doubt("damaged-picture", "a picture cannot be read", exc)
            continue
        gathered.draw(picture(image, number, shown))


def _picture(content: bytes) -> tuple[int, bytes, str]:
    """Type, length, then media type and description in UTF-16, each zero-ended."""
    number, size = struct.unpack_from("<bi", content)
    texts: list[str] = []
    start = 5
    while len(texts) < 2:
        end = start
        while content[end : end + 2] != b"\x00\x00":
            end += 2
            if end >= len(content):
                raise ValueError("the description does not end")
        texts.append(content[start:end].decode("utf-16-le", "replace"))
        start = end + 2
    return number, content[start : start + max(0, size)], texts[1]
