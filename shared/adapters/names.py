"""What every object store agrees on about names."""

from __future__ import annotations

from shared.domain.errors import InvalidInputError

_LONGEST_BYTES = 1024


def checked(name: str) -> str:
    """Return *name*, or raise InvalidInputError where no store should take it."""
    parts = name.split("/")
    bad = not name or len(name.encode()) > _LONGEST_BYTES or "\x00" in name
    if bad or any(part in ("", ".", "..") for part in parts):
        raise InvalidInputError("not a name for an object", object=name)
    return name
