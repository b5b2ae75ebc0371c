"""Ordering keys: which message of each key may go next.

Every key has a lane. The message at its head is the only one that is out for delivery
or waiting for it; the next follows once that one is acknowledged. This is stricter
than the service, which may have several of a key under way, and keeps its promise.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, Protocol, TypeVar


class Queued(Protocol):
    """A message on its way to one subscription."""

    acked: bool


EntryT = TypeVar("EntryT", bound=Queued)


class Lanes(Generic[EntryT]):
    def __init__(self) -> None:
        self._lanes: dict[str, deque[EntryT]] = {}

    def admit(self, key: str, entry: EntryT) -> bool:
        """Put *entry* behind those of its *key*; say whether it may go at once."""
        lane = self._lanes.setdefault(key, deque())
        lane.append(entry)
        return len(lane) == 1

    def leave(self, key: str, entry: EntryT) -> EntryT | None:
        """Take the finished *entry* out; return the one that may go now, if any.

        One that is finished before its turn stays until the lane gets to it.
        """
        lane = self._lanes.get(key)
        if lane is None or lane[0] is not entry:
            return None
        while lane and lane[0].acked:
            lane.popleft()
        if lane:
            return lane[0]
        del self._lanes[key]
        return None

    def clear(self) -> None:
        self._lanes.clear()

    def __len__(self) -> int:
        """Return how many keys have messages."""
        return len(self._lanes)

    @property
    def parked(self) -> int:
        """How many messages wait behind another of their key."""
        return sum(len(lane) - 1 for lane in self._lanes.values())
