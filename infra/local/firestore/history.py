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
    """The latest changes, as many as are kept, in the order of their commits."""

    def __init__(self, started_us: int, *, kept: int = 20_000) -> None:
        self._from_us = started_us
        self._entries: deque[tuple[int, Change]] = deque()
        self._kept = kept

    def add(self, at_us: int, changes: list[Change]) -> None:
        self._entries.extend((at_us, change) for change in changes)
        while len(self._entries) > self._kept:
            # A commit partly forgotten is forgotten: nobody may resume before it.
            self._from_us = self._entries.popleft()[0]

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
