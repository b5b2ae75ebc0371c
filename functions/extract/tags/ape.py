"""APEv2 tags: Monkey's Audio, WavPack, Musepack, TAK, OptimFROG, and behind MP3s."""

from __future__ import annotations

from typing import Final

from mutagen.apev2 import APEBinaryValue, APETextValue, APEv2

from ..artwork import picture
from .gathering import Gathered
from .names import APE as NAMES
from .names import free_name

_PICTURE_TYPES: Final = {"cover art (front)": 3, "cover art (back)": 4}


def gather_ape(tags: APEv2, gathered: Gathered, prefix: str = "") -> None:
    """Take over every item of *tags*; *prefix* tells it from the file's other tags."""
    for key, value in tags.items():
        frame = f"{prefix}{key}"
        if isinstance(value, APETextValue):
            gathered.keep(frame, list(value))
            gathered.add(free_name(key, NAMES), value, frame)
        elif isinstance(value, APEBinaryValue):
            content = bytes(value.value)
            gathered.keep(frame, content)
            if key.lower().startswith("cover art"):
                _gather_cover(key, content, gathered)
        else:
            gathered.keep(frame, str(value))


def _gather_cover(key: str, content: bytes, gathered: Gathered) -> None:
    """A cover is a file name, a zero byte, and the picture."""
    name, separator, image = content.partition(b"\x00")
    shown = name.decode("utf-8", "replace") if separator else ""
    number = _PICTURE_TYPES.get(key.lower(), 0)
    gathered.draw(picture(image if separator else content, number, shown))
