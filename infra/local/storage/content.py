"""Object content as files, each written once under a random name.

A file becomes part of an object only when the metadata that names it is committed, so
an object is whole or absent whatever happens in between; files that no metadata names
are swept at the next start.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import google_crc32c

from .errors import InvalidError

BLOCK_BYTES = 1 << 20
# Hashing less than this in a thread costs more than it frees.
_INLINE_BYTES = 128 << 10


@dataclass(frozen=True, slots=True)
class Digest:
    """What finished content is: its size, and its base64 checksums, big-endian."""

    size_bytes: int
    crc32c: str
    md5: str

    def require(self, claimed: dict[str, str]) -> None:
        """Compare with what the client *claimed*, keys `crc32c` and `md5Hash`.

        Raises:
            InvalidError: a checksum differs.
        """
        for name, actual in (("crc32c", self.crc32c), ("md5Hash", self.md5)):
            if claimed.get(name, actual) != actual:
                raise InvalidError(
                    "a provided checksum does not match the content",
                    checksum=name,
                    provided=claimed[name],
                    calculated=actual,
                )


class ContentWriter:
    """Content being received: a growing file and its running checksums.

    As a context manager it throws the file away on leaving, unless `keep` was called.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size_bytes = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._crc32c = google_crc32c.Checksum()
        self._buffer = bytearray()
        self._stream = path.open("ab")
        self._is_kept = False
        self._under_way: asyncio.Future[None] | None = None

    @property
    def name(self) -> str:
        return self.path.name

    async def write(self, chunk: bytes) -> None:
        """Append *chunk*; at most two blocks are held in memory.

        A full block is hashed and written in a thread, while the next one fills.
        """
        self.size_bytes += len(chunk)
        self._buffer += chunk
        if len(self._buffer) >= BLOCK_BYTES:
            await self._settle()
            self._hand_over()

    async def flush(self) -> None:
        """Hand everything received so far to the operating system."""
        await self._settle()
        if len(self._buffer) < _INLINE_BYTES:
            self._append(self._buffer)
            self._buffer = bytearray()
        else:
            self._hand_over()
            await self._settle()

    def _hand_over(self) -> None:
        block, self._buffer = self._buffer, bytearray()
        loop = asyncio.get_running_loop()
        self._under_way = loop.run_in_executor(None, self._append, block)

    async def _settle(self) -> None:
        if self._under_way is not None:
            # A thread cannot be stopped: who is cancelled here leaves it to finish.
            await asyncio.shield(self._under_way)
            self._under_way = None

    async def finish(self) -> Digest:
        await self.flush()
        return Digest(
            size_bytes=self.size_bytes,
            crc32c=_base64(self._crc32c.digest()),
            md5=_base64(self._md5.digest()),
        )

    def append_streams(self, streams: Iterable[BinaryIO]) -> None:
        """Append all that *streams* hold; blocks, so it belongs in a thread."""
        for stream in streams:
            while block := stream.read(BLOCK_BYTES):
                self._append(block)
                self.size_bytes += len(block)

    def recall(self) -> None:
        """Take up a file begun by an earlier run; blocks."""
        with self.path.open("rb") as stream:
            while block := stream.read(BLOCK_BYTES):
                self._md5.update(block)
                self._crc32c.update(block)
                self.size_bytes += len(block)

    def keep(self) -> None:
        """Leave the file in place: from here on metadata names it."""
        self._is_kept = True

    def close(self) -> None:
        self._stream.close()

    def discard(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)

    def _append(self, block: bytes | bytearray) -> None:
        content = bytes(block)
        self._stream.write(content)
        self._stream.flush()
        self._md5.update(content)
        self._crc32c.update(content)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._under_way is not None:
            await asyncio.wait([self._under_way])
        if self._is_kept:
            self.close()
        else:
            self.discard()


class ContentStore:
    """A folder of content files."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def new(self) -> ContentWriter:
        return ContentWriter(self._folder / secrets.token_hex(16))

    def reopen(self, name: str) -> ContentWriter:
        """Return a writer that appends; call `recall` before its checksums count."""
        return ContentWriter(self.path(name))

    def path(self, name: str) -> Path:
        return self._folder / name

    async def join(self, names: Iterable[str], into: ContentWriter) -> None:
        """Append the files *names* to *into*, even if they are removed meanwhile."""
        with ExitStack() as stack:
            streams = [
                stack.enter_context(self.path(name).open("rb")) for name in names
            ]
            await asyncio.to_thread(into.append_streams, streams)

    def remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def sweep(self, named: set[str]) -> int:
        """Remove every file whose name is not in *named*; return how many."""
        orphans = [path for path in self._folder.iterdir() if path.name not in named]
        for path in orphans:
            path.unlink()
        return len(orphans)


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode("ascii")
