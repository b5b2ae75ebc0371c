"""What changed lately, so that a listener can go on where it was."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .documents import Record


@dataclass(frozen=True, slots=True)
class Change:
    """One document's change by one commit; None stands for "no such document"."""

    name: str
    before: Record | None
    after: Record | None


class History:
    """The latest changes, in the order of their commits, within bounds."""

    def __init__(
        self, started_us: int, *, kept: int = 20_000, kept_bytes: int = 64 << 20
    ) -> None:
        self._from_us = started_us
        self._entries: deque[tuple[int, Change]] = deque()
        self._kept = kept
        self._kept_bytes = kept_bytes
        self._size_bytes = 0

    def add(self, at_us: int, changes: list[Change]) -> None:
        self._entries.extend((at_us, change) for change in changes)
        self._size_bytes += sum(map(_outdated_bytes, changes))
        while len(self._entries) > self._kept or self._size_bytes > self._kept_bytes:
            # A commit partly forgotten is forgotten: nobody may resume before it.
            self._from_us, forgotten = self._entries.popleft()
            self._size_bytes -= _outdated_bytes(forgotten)

    def since(self, at_us: int) -> list[Change] | None:
        """Return each document's change from *at_us* until now.

        None where the history does not reach back as far.
        """
        if at_us < self._from_us:
            return None
        net: dict[str, Change] = {}
        for changed_us, change in reversed(self._entries):
            if changed_us <= at_us:
                break
            later = net.get(change.name, change)
            net[change.name] = Change(change.name, change.before, later.after)
        return list(net.values())


def _outdated_bytes(change: Change) -> int:
    """Return the size of what nothing but the history still holds."""
    return 0 if change.before is None else int(change.before.document.ByteSize())
