"""What the readers of all containers bring back: tags under one set of names."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shared.domain.claims import JsonValue

from ..artwork import Picture
from .encoding import repaired

# A text longer than this (a book in a comment) is kept by its beginning and its sum.
_LONGEST_TEXT: Final = 64 * 1024
_MOST_FRAMES: Final = 5_000
_MOST_PICTURES: Final = 64

# What is no character of JSON, PostgreSQL or UTF-8: NUL and lone surrogates.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Tag:
    """One value of one tag, as text.

    Attributes:
        name: Ours, from `names`: `title`, `album_artist`, `recording_mbid` …
        frame: The file's: `TIT2`, `TXXX:BARCODE`, `----:com.apple.iTunes:ISRC` …
        confidence: Below 1 where the tag may be cut off or its encoding was guessed.
    """

    name: str
    value: str
    frame: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding in the making, about one frame."""

    code: str
    field: str
    message: str
    value: str


@dataclass(slots=True)
class Gathered:
    """Collects tags, pictures and every frame as read."""

    tags: list[Tag] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    raw: dict[str, JsonValue] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def add(
        self, name: str, values: Iterable[str], frame: str, confidence: float = 1.0
    ) -> None:
        """Take over the values of a frame, their encoding repaired where certain."""
        for value in values:
            mended = repaired(value)
            if mended.encoding:
                self.doubts.append(
                    Doubt(
                        "repaired-encoding",
                        name,
                        f"the text is {mended.encoding}, declared as something else",
                        mended.text,
                    )
                )
            elif mended.suspect:
                self.doubts.append(
                    Doubt(
                        "unknown-encoding",
                        name,
                        "the text is not in the encoding that it declares",
                        value,
                    )
                )
            shown = storable(mended.text).strip()
            certainty = min(confidence, mended.confidence)
            if shown:
                self.tags.append(Tag(name, shown, frame, certainty))

    def keep(self, frame: str, value: object) -> None:
        """Keep a frame as read; one that comes again stands beside the first."""
        if len(self.raw) >= _MOST_FRAMES:
            self.doubt("too-many-frames", "further frames are not kept", frame)
            return
        self.raw[storable(frame)] = jsonable(value)

    def draw(self, picture: Picture) -> None:
        """Take over a picture, each once."""
        if any(picture.sha256 == known.sha256 for known in self.pictures):
            return
        if len(self.pictures) >= _MOST_PICTURES:
            self.doubt("too-many-pictures", "further pictures are not kept", "")
            return
        self.pictures.append(picture)

    def doubt(self, code: str, message: str, value: object, name: str = "") -> None:
        doubt = Doubt(code, name, message, str(value))
        if doubt not in self.doubts:
            self.doubts.append(doubt)

    def has(self, name: str) -> bool:
        return any(tag.name == name for tag in self.tags)


def storable(text: str) -> str:
    """Return *text* without what no database and no JSON can carry."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text.rstrip("\x00"))


def jsonable(value: object) -> JsonValue:
    """Return *value* as JSON: bytes as size and SHA-256, long texts cut and summed."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, bool | float | None):
        return value
    if isinstance(value, int):
        # mutagen's flags are subclasses of int that JSON would not know.
        return int(value)
    if isinstance(value, bytes | bytearray):
        return _summed(bytes(value))
    return _nested(value)


def _nested(value: object) -> JsonValue:
    if isinstance(value, dict):
        return {storable(str(name)): jsonable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(part) for part in value]
    return _short(storable(str(value)))


def _summed(content: bytes) -> JsonValue:
    return {
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _short(text: str) -> JsonValue:
    if len(text) <= _LONGEST_TEXT:
        return text
    content = text.encode()
    return {
        "text": text[:_LONGEST_TEXT],
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
