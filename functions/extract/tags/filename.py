"""What a file's name gives away where its tags do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

# A guess: enough to show something in the catalog, and to lose against any source.
GUESSED: Final = 0.3

_NAME: Final = re.compile(
    r"(?:(?P<disc>\d{1,2})-(?=\d))?"
    r"(?:(?P<track>\d{1,3})(?:\s*[-._)]\s*|\s+))?"
    r"(?:(?P<artist>.+?)\s+-\s+(?:(?P<late>\d{1,3})\s+-\s+)?)?"
    r"(?P<title>.+)"
)
_MACHINE_MADE: Final = re.compile(
    r"[0-9a-f]{16,}|[0-9a-f-]{36}|[\d_.-]+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NameParts:
    title: str
    artist: str | None = None
    track: int | None = None
    disc: int | None = None


def name_parts(name: str) -> NameParts | None:
    """Read `01 - Artist - Title.mp3` and its kin; None where a machine named it."""
    written = PurePosixPath(name).stem
    stem = " ".join(written.replace("_", " ").split())
    if not stem or _MACHINE_MADE.fullmatch(written):
        return None
    found = _NAME.fullmatch(stem)
    if found is None:
        return None
    track = found["track"] or found["late"]
    return NameParts(
        title=found["title"].strip(),
        artist=found["artist"] and found["artist"].strip(),
        track=int(track) or None if track else None,
        disc=int(found["disc"]) or None if found["disc"] else None,
    )
