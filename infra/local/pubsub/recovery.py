"""Bringing back what the journal has: resources, then each message to its holders."""

from __future__ import annotations

from typing import Protocol

from google.iam.v1 import policy_pb2

from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.messages import Held, Message


class _Holder(Protocol):
    def restore(self, message: Message, held: Held) -> None: ...


def recover(broker: Broker) -> None:
    """Fill the empty *broker*, and let its push subscriptions go on."""
    holders = _resources(broker)
    highest = _messages(broker, holders)
    broker.number_above(max(highest, *holders, 0))
    for subscription in broker.subscriptions.values():
        subscription.start()


def _resources(broker: Broker) -> dict[int, _Holder]:
    holders: dict[int, _Holder] = {}
    rows = sorted(broker.journal.resource_rows(), key=lambda row: _RANK[row[0]])
    for kind, name, number, body in rows:
        match kind:
            case "schema":
                broker.schemas.restore(wire.Schema.FromString(body))
            case "topic":
                holders[number] = broker.add_topic(wire.Topic.FromString(body), number)
            case "subscription":
                proto = wire.Subscription.FromString(body)
                holders[number] = broker.add_subscription(proto, number).queue
            case "snapshot":
                proto = wire.Snapshot.FromString(body)
                holders[number] = broker.add_snapshot(proto, number)
            case "access":
                broker.access[name] = policy_pb2.Policy.FromString(body)
    return holders


# What refers to others comes after them.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        ("schema", "topic", "subscription", "snapshot", "access")
    )
}


def _messages(broker: Broker, holders: dict[int, _Holder]) -> int:
    """Hand out every message; return the highest number."""
    messages = {
        number: Message.read(number, body)
        for number, body in broker.journal.message_rows()
    }
    for holder, number, attempts, acked in broker.journal.held_rows():
        holders[holder].restore(messages[number], Held(attempts, bool(acked)))
    return max(messages, default=0)
