"""Artists as a cell of a table holds them, with or without their roles."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.names import FEATURED_ARTIST, MAIN_ARTIST, split_credit

_WITH_ROLE: Final = re.compile(r"([A-Za-z][A-Za-z -]{1,30}):\s*(\S.*)")


def participants(text: str) -> list[JsonValue]:
    """Read `A feat. B`, `A; B`, `A | B`, or `role:Name;role:Name`."""
    parts = [part.strip() for part in re.split(r"[;|]", text) if part.strip()]
    roles = [_WITH_ROLE.fullmatch(part) for part in parts]
    if parts and all(roles):
        return [
            {"name": found[2].strip(), "role": _role(found[1])}
            for found in roles
            if found is not None
        ]
    return [credit.to_json() for credit in split_credit("; ".join(parts))]


def _role(text: str) -> str:
    """Write `main artist` as `MainArtist`; `featuring`, `primary` likewise."""
    words = re.split(r"[\s_-]+", text.strip())
    first = words[0].casefold()
    if first.startswith("feat"):
        return FEATURED_ARTIST
    if first in {"main", "primary", "artist", "performer"}:
        return MAIN_ARTIST
    return "".join(word[:1].upper() + word[1:] for word in words)
