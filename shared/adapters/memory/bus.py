"""An event bus that remembers what was published."""

from __future__ import annotations

from collections.abc import Sequence

from shared.ports.event_bus import Announcement


class MemoryBus:
    """Attributes: published: everything, in order."""

    def __init__(self) -> None:
        self.published: list[Announcement] = []

    def publish(self, announcements: Sequence[Announcement]) -> None:
        self.published.extend(announcements)
