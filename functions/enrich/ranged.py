"""A stored object as a file that can be sought in, without a copy of it."""

from __future__ import annotations

import io
from collections import OrderedDict
from typing import TYPE_CHECKING

from shared.ports.object_store import ObjectStore

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 1 << 20
_READ_AHEAD_BLOCKS = 4
_KEPT_BLOCKS = 16


class RangedFile(io.RawIOBase):
    """Reads the bytes of one generation as they are asked for.

    Decoders read a header, sometimes an index at the end, and then onwards: blocks of
    1 MiB are fetched, four at once where they follow one another, and 16 are kept.
    A temporary copy would lie in memory in the cloud, and may be gigabytes large.
    """

    def __init__(
        self, store: ObjectStore, name: str, generation: int, size_bytes: int
    ) -> None:
        super().__init__()
        self._store, self._name, self._generation = store, name, generation
        self._size = size_bytes
        self._position = 0
        self._last_block = -2
        self._blocks: OrderedDict[int, bytes] = OrderedDict()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to *offset*, relative to what *whence* says.

        Raises:
            ValueError: Before the beginning.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}
        position = base[whence] + offset
        if position < 0:
            raise ValueError("before the beginning")
        self._position = position
        return position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill *buffer* from one block; 0 at the end."""
        if self._position >= self._size:
            return 0
        number, inside = divmod(self._position, _BLOCK_BYTES)
        view = memoryview(buffer).cast("B")
        found = self._block(number)[inside : inside + len(view)]
        view[: len(found)] = found
        self._position += len(found)
        return len(found)

    def _block(self, number: int) -> bytes:
        if number not in self._blocks:
            onwards = number == self._last_block + 1
            self._fetch(number, _READ_AHEAD_BLOCKS if onwards else 1)
        self._last_block = number
        self._blocks.move_to_end(number)
        return self._blocks[number]

    def _fetch(self, first: int, count: int) -> None:
        start = first * _BLOCK_BYTES
        end = min(start + count * _BLOCK_BYTES, self._size)
        content = b"".join(
            self._store.read(
                self._name, start=start, end=end, generation=self._generation
            )
        )
        for index in range(0, len(content), _BLOCK_BYTES):
            self._blocks[first + index // _BLOCK_BYTES] = content[
                index : index + _BLOCK_BYTES
            ]
        # A store that gives less than it promised must not loop for ever.
        self._blocks.setdefault(first, b"")
        while len(self._blocks) > _KEPT_BLOCKS:
            self._blocks.popitem(last=False)
