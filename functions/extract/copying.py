"""A local copy of an object, as much of it as its readers need."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.ports.object_store import ObjectStat, ObjectStore

from .kinds import FileKind, sniff
from .technical import Checksums, checksums

# Where functions run, a temporary file lives in memory. Sound has its metadata at its
# ends, so of a long file the middle is only counted and summed: a hole of the file
# system stands for it.
_KEPT_AT_EACH_END_BYTES: Final = 48 * 1024 * 1024
_HEAD_BYTES: Final = 64 * 1024
_LARGEST_TEXT_BYTES: Final = 1024 * 1024 * 1024
_TEXTS: Final = {
    FileKind.DDEX_XML,
    FileKind.XML,
    FileKind.JSON,
    FileKind.JSON_LINES,
    FileKind.TABLE,
    FileKind.WORKBOOK,
    FileKind.FEED,
    FileKind.PLAYLIST,
    FileKind.MUSICBRAINZ,
    FileKind.DISCOGS,
    FileKind.ITUNES_LIBRARY,
}


@dataclass(frozen=True, slots=True)
class LocalCopy:
    """An object at *path*, under its own file name, with what it is."""

    path: Path
    kind: FileKind
    sums: Checksums


@contextmanager
def local_copy(store: ObjectStore, stat: ObjectStat) -> Iterator[LocalCopy]:
    """Yield a copy of the object, and remove it afterwards.

    Raises:
        UnreadableFileError: What arrived is not what the store announced.
        LimitExceededError: A text file is larger than is read.
        NotFoundError: This generation is gone.
    """
    head = b"".join(store.read_known(stat, end=_HEAD_BYTES))
    kind = sniff(head, stat.name, stat.size_bytes)
    if kind in _TEXTS and stat.size_bytes > _LARGEST_TEXT_BYTES:
        raise LimitExceededError(
            "larger than a text file may be",
            size_bytes=stat.size_bytes,
            limit_bytes=_LARGEST_TEXT_BYTES,
        )
    whole = kind in _TEXTS or stat.size_bytes <= 2 * _KEPT_AT_EACH_END_BYTES
    with tempfile.TemporaryDirectory(prefix="linernotes-") as folder:
        path = Path(folder, stat.name.rpartition("/")[2])
        with path.open("wb") as file:
            if stat.size_bytes <= len(head):
                chunks = iter([head])
            else:
                chunks = store.read_known(stat)
            copying = _Copying(chunks, file, stat.size_bytes, whole=whole)
            sums = checksums(cast("BinaryIO", copying))
            file.truncate(stat.size_bytes)
        _compare(stat, sums)
        yield LocalCopy(path, kind, sums)


class _Copying:
    """What is read from it is also written to a file, but for the middle."""

    def __init__(
        self, chunks: Iterator[bytes], file: BinaryIO, size_bytes: int, *, whole: bool
    ) -> None:
        self._chunks = chunks
        self._file = file
        self._at = 0
        self._head_end = size_bytes if whole else _KEPT_AT_EACH_END_BYTES
        self._tail_start = size_bytes - _KEPT_AT_EACH_END_BYTES

    def read(self, _size_bytes: int) -> bytes:
        chunk = next(self._chunks, b"")
        if self._at < self._head_end or self._at + len(chunk) > self._tail_start:
            self._file.seek(self._at)
            self._file.write(chunk)
        self._at += len(chunk)
        return chunk


def _compare(stat: ObjectStat, sums: Checksums) -> None:
    if sums.size_bytes != stat.size_bytes or stat.crc32c not in (None, sums.crc32c):
        raise UnreadableFileError(
            "what was read is not what the store announced",
            announced_bytes=stat.size_bytes,
            read_bytes=sums.size_bytes,
            announced_crc32c=stat.crc32c,
            read_crc32c=sums.crc32c,
        )
