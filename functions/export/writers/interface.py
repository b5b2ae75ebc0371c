"""What every format does, and what it writes into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.domain.claims import JsonValue, Kind


class Stream(Protocol):
    def write(self, content: bytes) -> int: ...


class Writer(ABC):
    """Writes rows as they come and keeps none.

    Call `open` once, `row` for each, and `close` once: it writes what ends a file, and
    leaves the stream open.
    """

    def __init__(self, stream: Stream, kind: Kind, columns: Sequence[str]) -> None:
        self._stream = stream
        self._kind = kind
        self._columns = tuple(columns)

    @abstractmethod
    def open(self) -> None:
        """Write what begins a file."""

    @abstractmethod
    def row(self, values: Mapping[str, JsonValue]) -> None:
        """Write one row, which has a value or None for each column."""

    @abstractmethod
    def close(self) -> None:
        """Write what ends a file."""

    def write(self, text: str) -> int:
        """Write *text* in UTF-8; half a character, which it cannot hold, as `?`."""
        return self._stream.write(text.encode("utf-8", "replace"))
