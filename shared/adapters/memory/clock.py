"""A clock that stands until it is moved, and ids that count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

_START = datetime(2026, 1, 1, tzinfo=UTC)


class FixedClock:
    def __init__(self, at: datetime = _START) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def advance(self, by: timedelta) -> None:
        self._at += by


class CountingIds:
    """UUIDs of version 7 whose last part counts from 1."""

    def __init__(self) -> None:
        self._count = 0

    def new(self) -> UUID:
        self._count += 1
        return UUID(int=0x7 << 76 | 0b10 << 62 | self._count)
