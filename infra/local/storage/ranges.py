"""The `Range` request header and the `Content-Range` of uploads (RFC 9110, 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import InvalidError, UnsatisfiableRangeError

_RANGE = re.compile(r"bytes=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+|\*)|\*)/(\d+|\*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A part of content: from byte *first* up to, not including, byte *end*."""

    first: int
    end: int
    total: int

    @property
    def size_bytes(self) -> int:
        return self.end - self.first

    @property
    def content_range(self) -> str:
        return f"bytes {self.first}-{self.end - 1}/{self.total}"


def requested_range(header: str | None, total: int) -> ByteRange | None:
    """Return the part of *total* bytes that *header* asks for.

    Returns:
        None where everything is to be sent: no header, another unit, several ranges,
        or a malformed one, all of which a server ignores (RFC 9110, 14.2).

    Raises:
        UnsatisfiableRangeError: the range is well formed and holds no byte.
    """
    match = _RANGE.fullmatch(header) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first_text, last_text = match.groups()
    if not first_text:
        first, end = max(0, total - int(last_text)), total
    else:
        first = int(first_text)
        if last_text and int(last_text) < first:
            return None
        end = min(total, int(last_text) + 1) if last_text else total
    if first >= end:
        raise UnsatisfiableRangeError("the range holds no byte", size_bytes=total)
    return ByteRange(first, end, total)


@dataclass(frozen=True, slots=True)
class ChunkRange:
    """Which bytes an upload request carries; None stands for "not said"."""

    first: int | None
    last: int | None
    total: int | None

    @property
    def is_status_query(self) -> bool:
        return self.first is None


def chunk_range(header: str | None) -> ChunkRange | None:
    """Read the `Content-Range` of an upload request; None where there is none.

    Raises:
        InvalidError: the header is malformed.
    """
    if header is None:
        return None
    match = _CONTENT_RANGE.fullmatch(header.strip())
    if match is None:
        raise InvalidError("not a Content-Range", value=header)
    first, last, total = (
        int(text) if text and text != "*" else None for text in match.groups()
    )
    if first is not None and last is not None and last < first:
        raise InvalidError("not a Content-Range", value=header)
    return ChunkRange(first, last, total)


@dataclass(frozen=True, slots=True)
class SizeRange:
    """How large content may be, both ends included; None is no limit."""

    min_bytes: int = 0
    max_bytes: int | None = None

    @classmethod
    def from_header(cls, header: str | None) -> SizeRange:
        """Read `x-goog-content-length-range: MIN,MAX`; no header is no limit.

        Raises:
            InvalidError: the header is malformed.
        """
        if header is None:
            return ANY_SIZE
        low, _, high = header.partition(",")
        if not (low.strip().isdecimal() and high.strip().isdecimal()):
            raise InvalidError("malformed content length range", value=header)
        return cls(int(low), int(high))

    def require(self, size_bytes: int, *, is_final: bool = True) -> None:
        """Check how much has been received, so far or, when *is_final*, in all.

        Raises:
            InvalidError: it is too much, or in the end too little.
        """
        if self.max_bytes is not None and size_bytes > self.max_bytes:
            raise InvalidError("the content is too large", max_bytes=self.max_bytes)
        if is_final and size_bytes < self.min_bytes:
            raise InvalidError("the content is too small", min_bytes=self.min_bytes)


ANY_SIZE = SizeRange()
