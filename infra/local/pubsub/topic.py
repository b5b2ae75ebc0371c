"""A topic: where its messages go, and which of them it retains."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from infra.local.pubsub.messages import Held, Ledger, Message
from infra.local.pubsub.snapshots import Snapshot
from infra.local.pubsub.subscription import Subscription
from infra.local.pubsub.wire import Proto


@dataclass(slots=True, eq=False)
class Topic:
    proto: Proto
    number: int
    ledger: Ledger
    subscriptions: list[Subscription] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    retained: dict[int, Message] = field(default_factory=dict)
    published: int = 0

    @property
    def retention_s(self) -> float:
        duration = self.proto.message_retention_duration
        return float(duration.seconds + duration.nanos / 1e9)

    def deliver(self, message: Message) -> None:
        self.published += 1
        if self.retention_s:
            self.retained[message.number] = message
            self.ledger.hold(self.number, message)
        for subscription in self.subscriptions:
            subscription.queue.offer(message)
        for snapshot in self.snapshots:
            snapshot.offer(message)

    def restore(self, message: Message, held: Held) -> None:
        message.holders += 1
        self.retained[message.number] = message

    def retained_since(self, since_s: float) -> list[Message]:
        return [
            message
            for message in self.retained.values()
            if message.published_s >= since_s
        ]

    def sweep(self) -> None:
        """Let go of what is older than the retention."""
        oldest_s = time.time() - self.retention_s
        for number, message in list(self.retained.items()):
            if message.published_s < oldest_s:
                del self.retained[number]
                self.ledger.release(self.number, message)

    def clear(self) -> None:
        for message in self.retained.values():
            self.ledger.release(self.number, message)
        self.retained.clear()
