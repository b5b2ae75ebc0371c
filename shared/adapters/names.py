"""What every object store agrees on about names."""

from __future__ import annotations

import re
from urllib.parse import quote

from shared.domain.errors import InvalidInputError

_LONGEST_BYTES = 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_PLAIN = re.compile(r"[^ !#-\[\]-~]")


def checked(name: str) -> str:
    """Return *name*, or raise InvalidInputError where no store should take it.

    Up to 1,024 bytes of UTF-8, without control characters, empty, `.` or `..`
    segments.
    """
    try:
        length_bytes = len(name.encode())
    except UnicodeEncodeError:
        length_bytes = 0
    bad = not 0 < length_bytes <= _LONGEST_BYTES or _CONTROL.search(name)
    if bad or any(part in ("", ".", "..") for part in name.split("/")):
        raise InvalidInputError("not a name for an object", object=name)
    return name


def attachment(filename: str) -> str:
    """Return the Content-Disposition that saves as *filename* (RFC 6266 §4.3).

    With a plain form beside it, for clients that do not know the other.
    """
    plain = _NOT_PLAIN.sub("_", filename)
    exact = quote(filename.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"
