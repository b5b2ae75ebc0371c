"""Commit times: microseconds since 1970, each later than all before it."""

from __future__ import annotations

import time

from .messages import Message, Timestamp


class CommitClock:
    """A clock that never stands still between commits, nor goes back."""

    def __init__(self) -> None:
        self._last_us = 0

    def tick(self) -> int:
        """Return the time of a new commit, in microseconds."""
        self._last_us = max(self._last_us + 1, time.time_ns() // 1000)
        return self._last_us

    def now(self) -> int:
        """Return a time at which every commit so far can be read."""
        self._last_us = max(self._last_us, time.time_ns() // 1000)
        return self._last_us

    def advance(self, at_us: int) -> None:
        """Never again return a time before *at_us*."""
        self._last_us = max(self._last_us, at_us)


def timestamp(at_us: int) -> Message:
    return Timestamp(seconds=at_us // 1_000_000, nanos=at_us % 1_000_000 * 1000)


def microseconds(moment: Message) -> int:
    return int(moment.seconds) * 1_000_000 + int(moment.nanos) // 1000


def resume_token(at_us: int) -> bytes:
    """Return what a listener hands back to go on from *at_us*."""
    return at_us.to_bytes(8, "big")


def resumed_from(token: bytes) -> int:
    """Return the time in a resume token; 0 where it is none of ours."""
    return int.from_bytes(token, "big") if len(token) == 8 else 0
