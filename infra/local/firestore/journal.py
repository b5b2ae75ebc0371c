"""A journal of commits that survives the death of its process.

A commit is one entry, so a torn write loses a whole commit or nothing; and it reaches
the operating system before its client hears of it, so `kill -9` loses nothing that was
acknowledged. (A power cut may: entries are not forced to disk one by one.)

Layout: a magic line, then entries of payload size (4 bytes), CRC-32 (4), payload; all
big-endian. A payload is a series of kind (1), size (4), body: a document that was
written, or the name of one that was deleted.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from shared.domain.errors import ConflictError, UnreadableFileError

from .documents import Record
from .messages import Document

_MAGIC = b"firestore journal 1\n"
_HEADER_BYTES = 8
_WRITTEN, _DELETED = b"\x01", b"\x02"
_RECORDS_PER_ENTRY = 500
# Below this a journal is left alone, however much of it is out of date.
_SMALL_BYTES = 4 << 20


class Journal:
    """An append-only file of commits, rewritten when most of it is out of date.

    Raises:
        ConflictError: another process has it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO | None = None
        self._lock = self._locked()
        self.size_bytes = 0
        self._compact_size_bytes = 0

    def replay(self) -> Iterator[tuple[str, Record | None]]:
        """Yield all changes in order, and leave the journal open for more.

        Raises:
            UnreadableFileError: an entry before the last is damaged.
        """
        content = self._path.read_bytes() if self._path.exists() else b""
        if content and not content.startswith(_MAGIC):
            raise UnreadableFileError("not a journal", path=str(self._path))
        end = len(_MAGIC)
        while (payload := self._entry(content, end)) is not None:
            yield from _changes(payload)
            end += _HEADER_BYTES + len(payload)
        self._open(torn_at_byte=end if content else None)

    def append(self, changes: dict[str, Record | None]) -> None:
        """Write one commit."""
        self._write(b"".join(_encoded(name, changes[name]) for name in changes))

    def needs_compaction(self) -> bool:
        """Return whether most of the journal is out of date."""
        return self.size_bytes > max(_SMALL_BYTES, 3 * self._compact_size_bytes)

    def measure(self, records: Iterable[Record]) -> None:
        """Learn from what was replayed how small the journal could be."""
        self._compact_size_bytes = sum(record.document.ByteSize() for record in records)

    def compact(self, records: Iterable[Record]) -> None:
        """Replace the journal by one that holds *records* alone."""
        self._close_file()
        target, fresh = self._path, self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        self._path = fresh
        self._open(torn_at_byte=None)
        rest = iter(records)
        while batch := list(islice(rest, _RECORDS_PER_ENTRY)):
            self._write(b"".join(_encoded(record.name, record) for record in batch))
        if self._file is not None:
            os.fsync(self._file.fileno())
        self._path = fresh.replace(target)
        self._compact_size_bytes = self.size_bytes

    def close(self) -> None:
        self._close_file()
        self._lock.close()

    def _locked(self) -> BinaryIO:
        lock = self._path.with_suffix(".lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            lock.close()
            raise ConflictError(
                "another process has this journal", path=str(self._path)
            ) from exc
        return lock

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, *, torn_at_byte: int | None) -> None:
        self._file = self._path.open("ab", buffering=0)
        if torn_at_byte is None:
            self._file.write(_MAGIC)
            self.size_bytes = len(_MAGIC)
        else:
            self._file.truncate(torn_at_byte)
            self.size_bytes = torn_at_byte

    def _write(self, payload: bytes) -> None:
        if self._file is None:
            raise ValueError("the journal is not open")
        header = len(payload).to_bytes(4, "big") + zlib.crc32(payload).to_bytes(
            4, "big"
        )
        written = self._file.write(header + payload)
        if written < len(header) + len(payload):
            # Half an entry (the disk is full) would make all that follows unreadable.
            self._file.truncate(self.size_bytes)
            raise OSError("the journal takes no more", str(self._path))
        self.size_bytes += written

    def _entry(self, content: bytes, start: int) -> bytes | None:
        body = start + _HEADER_BYTES
        size = int.from_bytes(content[start : start + 4], "big")
        checksum = int.from_bytes(content[start + 4 : body], "big")
        payload = content[body : body + size]
        if body > len(content) or len(payload) < size:
            return None
        if zlib.crc32(payload) == checksum:
            return payload
        if body + size == len(content):
            return None
        raise UnreadableFileError(
            "a journal entry is damaged", path=str(self._path), byte=start
        )


def _encoded(name: str, record: Record | None) -> bytes:
    kind, body = _DELETED, name.encode()
    if record is not None:
        kind, body = _WRITTEN, record.document.SerializeToString()
    return kind + len(body).to_bytes(4, "big") + body


def _changes(payload: bytes) -> Iterator[tuple[str, Record | None]]:
    at = 0
    while at < len(payload):
        size = int.from_bytes(payload[at + 1 : at + 5], "big")
        body = payload[at + 5 : at + 5 + size]
        if payload[at : at + 1] == _WRITTEN:
            record = Record(Document.FromString(body))
            yield record.name, record
        else:
            yield body.decode(), None
        at += 5 + size
