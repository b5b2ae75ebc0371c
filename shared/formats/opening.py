"""Files opened as bytes, unpacked where they are packed, and never without end."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from shared.domain.errors import LimitExceededError, UnreadableFileError

GZIP_MARK: Final = b"\x1f\x8b"
# Text packs some ten to one, a dump of XML twenty to one; a bomb a thousand to one.
_LARGEST_RATIO: Final = 200
_SLACK_BYTES: Final = 16 * 1024 * 1024


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open the file at *path*; a gzip file as what is packed in it.

    Raises:
        LimitExceededError: It unpacks to far more than files of its size do; raised
            while it is read.
        UnreadableFileError: What is packed is damaged; raised while it is read.
    """
    with path.open("rb") as raw:
        is_packed = raw.read(2) == GZIP_MARK
        raw.seek(0)
        if not is_packed:
            yield raw
            return
        limit = path.stat().st_size * _LARGEST_RATIO + _SLACK_BYTES
        with gzip.GzipFile(fileobj=raw) as unpacked:
            bounded = _Bounded(cast("BinaryIO", unpacked), limit)
            yield cast("BinaryIO", io.BufferedReader(bounded, 256 * 1024))


class _Bounded(io.RawIOBase):
    """Hands on what it reads until that is more than *limit* bytes."""

    def __init__(self, source: BinaryIO, limit: int) -> None:
        self._source = source
        self._left = limit
        self._limit = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            chunk = self._source.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as exc:
            raise UnreadableFileError(
                "what is packed is damaged", reason=str(exc)
            ) from exc
        self._left -= len(chunk)
        if self._left < 0:
            raise LimitExceededError("it unpacks to too much", limit_bytes=self._limit)
        buffer[: len(chunk)] = chunk
        return len(chunk)
