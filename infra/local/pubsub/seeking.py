"""Seeking to a time or a snapshot, and the snapshots themselves."""

from __future__ import annotations

from infra.local import rpc
from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.errors import ExistsError
from infra.local.pubsub.messages import Message
from infra.local.pubsub.names import check_name
from infra.local.pubsub.requests import merged, page
from infra.local.pubsub.subscription import Subscription
from infra.local.pubsub.wire import Context, Proto, message_class, method, nothing

_IMMUTABLE = frozenset({"name", "topic"})


class SeekService:
    """The part of google.pubsub.v1.Subscriber that goes back in time."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def methods(self) -> list[rpc.Method]:
        return [
            method("Seek", self.seek),
            method("CreateSnapshot", self.create),
            method("GetSnapshot", self.get),
            method("UpdateSnapshot", self.update),
            method("ListSnapshots", self.list_page),
            method("DeleteSnapshot", self.delete),
        ]

    async def seek(self, request: Proto, context: Context) -> Proto:
        subscription = self._broker.subscription(request.subscription)
        if request.snapshot:
            wanted = list(self._broker.snapshot(request.snapshot).held.values())
        else:
            since_s = request.time.ToNanoseconds() / 1e9
            wanted = self._published_since(subscription, since_s)
        subscription.queue.replace(wanted)
        await self._broker.journal.committed()
        return message_class("SeekResponse")()

    async def create(self, request: Proto, context: Context) -> Proto:
        check_name(request.name, "snapshots")
        if request.name in self._broker.snapshots:
            raise ExistsError("Resource already exists", resource=request.name)
        subscription = self._broker.subscription(request.subscription)
        proto = wire.Snapshot(
            name=request.name, topic=subscription.proto.topic, labels=request.labels
        )
        snapshot = self._broker.add_snapshot(proto)
        snapshot.fill(subscription.queue.unacked())
        await self._saved(proto, snapshot.number)
        return proto

    async def get(self, request: Proto, context: Context) -> Proto:
        return self._broker.snapshot(request.snapshot).proto

    async def update(self, request: Proto, context: Context) -> Proto:
        snapshot = self._broker.snapshot(request.snapshot.name)
        snapshot.proto = merged(
            snapshot.proto, request.snapshot, request.update_mask, _IMMUTABLE
        )
        await self._saved(snapshot.proto, snapshot.number)
        return snapshot.proto

    async def list_page(self, request: Proto, context: Context) -> Proto:
        snapshots = (
            snapshot.proto
            for name, snapshot in sorted(self._broker.snapshots.items())
            if name.startswith(f"{request.project}/")
        )
        response = message_class("ListSnapshotsResponse")()
        return page(snapshots, request, response, "snapshots")

    async def delete(self, request: Proto, context: Context) -> Proto:
        self._broker.drop_snapshot(request.snapshot)
        await self._broker.journal.committed()
        return nothing()

    async def _saved(self, proto: Proto, number: int) -> None:
        self._broker.save("snapshot", proto.name, proto, number)
        await self._broker.journal.committed()

    def _published_since(
        self, subscription: Subscription, since_s: float
    ) -> list[Message]:
        """Return what is to be unacknowledged: what is known, and what the topic has.

        The topic knows messages that the subscription acknowledged and let go.
        """
        known = {
            message.number: message
            for message in subscription.queue.messages()
            if message.published_s >= since_s
        }
        topic = self._broker.topics.get(subscription.proto.topic)
        if topic is not None:
            known |= {each.number: each for each in topic.retained_since(since_s)}
        return list(known.values())
