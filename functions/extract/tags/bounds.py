"""Bounds on what a file may make its reader do: bytes, time, inflation.

mutagen believes what a file says of itself: it reads a tag of the size that the
header claims, and inflates a compressed frame whole. Everything it reads passes here.
"""

from __future__ import annotations

import io
import time
import zlib
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import mutagen
import mutagen.id3._frames

# The largest tags in the wild are those with a few covers of print quality.
_LARGEST_READ_BYTES: Final = 64 * 1024 * 1024
# Much of it is read twice at most; a scan for lost Ogg pages is what needs the rest.
_READ_BUDGET_BYTES: Final = 256 * 1024 * 1024
_TIME_BUDGET_S: Final = 20.0
_INFLATED_BUDGET_BYTES: Final = 32 * 1024 * 1024


class BeyondBoundsError(mutagen.MutagenError):  # type: ignore[misc]
    """The file asks for more than any tag needs.

    Not an OSError on purpose: mutagen takes those for the end of a stream, and would
    go on with half a tag.
    """


class BoundedFile(io.RawIOBase):
    """A file opened for reading that hands out bounded bytes for a bounded time.

    Attributes:
        name: mutagen looks at the extension where the content leaves it undecided.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self._file = path.open("rb")
        self.name = name
        self.size_bytes = path.stat().st_size
        self._left_bytes = _READ_BUDGET_BYTES
        self._deadline_s = time.monotonic() + _TIME_BUDGET_S
        self._inflation = _left_to_inflate.set(_INFLATED_BUDGET_BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _left_to_inflate.reset(self._inflation)
        self._file.close()
        self.close()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        there = max(0, self.size_bytes - self._file.tell())
        asked = there if size is None or size < 0 else min(size, there)
        if asked > _LARGEST_READ_BYTES or asked > self._left_bytes:
            raise BeyondBoundsError("a tag larger than any tag")
        if time.monotonic() > self._deadline_s:
            raise BeyondBoundsError("a file that takes too long to read")
        self._left_bytes -= asked
        return self._file.read(asked)


_left_to_inflate: ContextVar[int] = ContextVar(
    "_left_to_inflate", default=_INFLATED_BUDGET_BYTES
)


class _BoundedZlib:
    """Stands in for zlib where mutagen inflates ID3 frames, which it does unbounded.

    A frame beyond the bound is a damaged frame to mutagen: it is left out, and the
    others are read.
    """

    error = zlib.error

    @staticmethod
    def decompress(content: bytes) -> bytes:
        left_bytes = _left_to_inflate.get()
        engine = zlib.decompressobj()
        inflated = engine.decompress(content, max(1, left_bytes))
        _left_to_inflate.set(left_bytes - len(inflated))
        if not engine.eof:
            raise zlib.error("incomplete, or inflates beyond the bound")
        return inflated


# There is no other way in.
vars(mutagen.id3._frames)["zlib"] = _BoundedZlib  # noqa: SLF001
