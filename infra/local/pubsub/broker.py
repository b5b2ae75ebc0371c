"""Everything there is, by name, and what happens when something is published."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Sequence

from infra.local.pubsub.dead_letters import dead_letter
from infra.local.pubsub.errors import MissingError, StatusError
from infra.local.pubsub.journal import Journal
from infra.local.pubsub.leases import Entry
from infra.local.pubsub.messages import Ledger, Message
from infra.local.pubsub.names import DELETED_TOPIC
from infra.local.pubsub.push import PushSender
from infra.local.pubsub.schemas import SchemaBook
from infra.local.pubsub.snapshots import Snapshot
from infra.local.pubsub.subscription import Subscription
from infra.local.pubsub.topic import Topic
from infra.local.pubsub.wire import Proto

log = logging.getLogger(__name__)


class Broker:
    def __init__(
        self, journal: Journal, sender: PushSender, backoff_scale: float = 1.0
    ) -> None:
        self.journal = journal
        self.sender = sender
        self.ledger = Ledger(journal)
        self.topics: dict[str, Topic] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.snapshots: dict[str, Snapshot] = {}
        self.schemas = SchemaBook()
        self.access: dict[str, Proto] = {}
        self._backoff_scale = backoff_scale
        # The clock keeps numbers rising over restarts, even those without a journal.
        self._numbers = itertools.count(time.time_ns() // 1000)

    def number(self) -> int:
        """Return a number above all before, for a message or a holder."""
        return next(self._numbers)

    def number_above(self, number: int) -> None:
        self._numbers = itertools.count(max(number + 1, self.number()))

    def topic(self, name: str) -> Topic:
        if name not in self.topics:
            raise MissingError("Resource not found", resource=name)
        return self.topics[name]

    def subscription(self, name: str) -> Subscription:
        if name not in self.subscriptions:
            raise MissingError("Resource not found", resource=name)
        return self.subscriptions[name]

    def snapshot(self, name: str) -> Snapshot:
        if name not in self.snapshots:
            raise MissingError("Resource not found", resource=name)
        return self.snapshots[name]

    def save(self, kind: str, name: str, proto: Proto, number: int = 0) -> None:
        self.journal.resources.put((kind, name), (number, proto.SerializeToString()))

    def publish(self, topic_name: str, protos: Sequence[Proto]) -> list[str]:
        """Deliver *protos*, all or none; return their ids.

        They are durable once the journal is committed, and on their way before.
        """
        topic = self.topic(topic_name)
        if topic.proto.schema_settings.schema:
            for proto in protos:
                self.schemas.check(topic.proto.schema_settings, proto)
        now_s = time.time()
        messages = [Message.stamped(self.number(), proto, now_s) for proto in protos]
        for message in messages:
            topic.deliver(message)
        return [message.proto.message_id for message in messages]

    def add_topic(self, proto: Proto, number: int = 0) -> Topic:
        topic = Topic(proto, number or self.number(), self.ledger)
        self.topics[proto.name] = topic
        return topic

    def drop_topic(self, name: str) -> None:
        """Delete the topic; its subscriptions keep what they have."""
        topic = self.topic(name)
        for subscription in topic.subscriptions:
            subscription.proto.topic = DELETED_TOPIC
            self.save_subscription(subscription)
        for snapshot in topic.snapshots:
            snapshot.proto.topic = DELETED_TOPIC
            self.save("snapshot", snapshot.proto.name, snapshot.proto, snapshot.number)
        topic.clear()
        del self.topics[name]
        self.journal.resources.drop(("topic", name))

    def add_subscription(self, proto: Proto, number: int = 0) -> Subscription:
        """Make the subscription that *proto* describes; it does not push yet."""
        subscription = Subscription(
            proto,
            number or self.number(),
            self.ledger,
            self.sender,
            self._bury,
            self._backoff_scale,
        )
        self.subscriptions[proto.name] = subscription
        if proto.topic in self.topics and not proto.detached:
            self.topics[proto.topic].subscriptions.append(subscription)
        return subscription

    def save_subscription(self, subscription: Subscription) -> None:
        self.save(
            "subscription", subscription.name, subscription.proto, subscription.number
        )

    def leave_topic(self, subscription: Subscription) -> None:
        topic = self.topics.get(subscription.proto.topic)
        if topic is not None and subscription in topic.subscriptions:
            topic.subscriptions.remove(subscription)

    async def drop_subscription(self, name: str) -> None:
        subscription = self.subscription(name)
        self.leave_topic(subscription)
        del self.subscriptions[name]
        self.journal.resources.drop(("subscription", name))
        await subscription.close(MissingError("Subscription deleted", resource=name))
        subscription.queue.clear()

    def add_snapshot(self, proto: Proto, number: int = 0) -> Snapshot:
        snapshot = Snapshot(proto, number or self.number(), self.ledger)
        self.snapshots[proto.name] = snapshot
        if proto.topic in self.topics:
            self.topics[proto.topic].snapshots.append(snapshot)
        return snapshot

    def drop_snapshot(self, name: str) -> None:
        snapshot = self.snapshot(name)
        if snapshot.proto.topic in self.topics:
            self.topics[snapshot.proto.topic].snapshots.remove(snapshot)
        snapshot.clear()
        del self.snapshots[name]
        self.journal.resources.drop(("snapshot", name))

    def sweep(self) -> None:
        """Let go of everything whose time is over."""
        for topic in self.topics.values():
            topic.sweep()
        for subscription in self.subscriptions.values():
            subscription.queue.sweep()
        for name in [n for n, each in self.snapshots.items() if each.expired]:
            self.drop_snapshot(name)

    async def close(self, why: StatusError) -> None:
        for subscription in self.subscriptions.values():
            await subscription.close(why)

    def _bury(self, subscription: Subscription, entry: Entry) -> bool:
        name = subscription.queue.policy.dead_letter_topic
        letter = dead_letter(entry.message.proto, subscription.name, entry.attempts)
        try:
            self.publish(name, [letter])
        except StatusError as exc:
            log.warning("cannot dead-letter to %s: %s", name, exc)
            return False
        return True
