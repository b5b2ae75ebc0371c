"""Announcing what happened to whoever subscribed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Announcement:
    """One message for one topic.

    Attributes:
        topic: Its short name, such as `catalog-events`.
        data: The event as a CloudEvent in structured JSON.
        attributes: What subscriptions filter by: `type`, `tenant`, `event_id`, …
        ordering_key: Messages of one key reach a subscriber in order; empty if any
            order will do.
    """

    topic: str
    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    ordering_key: str = ""


class EventBus(Protocol):
    def publish(self, announcements: Sequence[Announcement]) -> None:
        """Publish all, in order per key; return once the bus has accepted all.

        Raises:
            TransientError: Some may not have been accepted; publishing all again is
                safe, since consumers know events by their id.
            NotFoundError: There is no such topic.
        """
        ...
