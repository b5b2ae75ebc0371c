"""Snapshots: what a subscription had not acknowledged, and all that came since."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from infra.local.pubsub.messages import Held, Ledger, Message
from infra.local.pubsub.wire import Proto

# google.pubsub.v1.Snapshot.expire_time
_LIFETIME_S = 7 * 86_400.0


@dataclass(slots=True, eq=False)
class Snapshot:
    """Holds messages as a subscription does that nobody reads."""

    proto: Proto
    number: int
    ledger: Ledger
    held: dict[int, Message] = field(default_factory=dict)

    def offer(self, message: Message) -> None:
        self.held[message.number] = message
        self.ledger.hold(self.number, message)

    def restore(self, message: Message, held: Held) -> None:
        message.holders += 1
        self.held[message.number] = message

    def fill(self, backlog: list[Message]) -> None:
        """Take in *backlog*; the older its oldest, the sooner the snapshot expires."""
        now_s = time.time()
        oldest_s = min((message.published_s for message in backlog), default=now_s)
        self.proto.expire_time.FromSeconds(int(oldest_s + _LIFETIME_S))
        for message in backlog:
            self.offer(message)

    @property
    def expired(self) -> bool:
        return bool(self.proto.expire_time.ToSeconds() < time.time())

    def clear(self) -> None:
        for message in self.held.values():
            self.ledger.release(self.number, message)
        self.held.clear()
