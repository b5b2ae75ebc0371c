"""iTunes' metadata in MP4: its own atoms, and freeform ones (`----`)."""

from __future__ import annotations

from typing import Final

from mutagen.mp4 import MP4Tags

from ..artwork import picture
from .gathering import Gathered
from .names import MP4 as NAMES
from .names import free_name

_FREEFORM: Final = "----:"


def gather_mp4(tags: MP4Tags, gathered: Gathered) -> None:
    """Take over every atom of *tags*."""
    for key, value in tags.items():
        gathered.keep(key, value)
        values = value if isinstance(value, list) else [value]
        if key == "covr":
            for cover in values:
                gathered.draw(picture(bytes(cover)))
        elif key == "©lyr":
            gathered.add("lyrics", ["embedded"] if any(values) else [], key)
        else:
            gathered.add(_named(key), map(_text, values), key)


def _named(key: str) -> str:
    if key.startswith(_FREEFORM):
        return free_name(key.rpartition(":")[2])
    return NAMES.get(key, "")


def _text(value: object) -> str:
    if isinstance(value, tuple):
        number, total = value
        return f"{number}/{total}"
    if isinstance(value, bytes):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
