"""google.pubsub.v1.Publisher: topics, and publishing to them."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

from infra.local import rpc
from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.errors import ExistsError, InvalidArgumentError
from infra.local.pubsub.names import check_name
from infra.local.pubsub.requests import merged, page
from infra.local.pubsub.wire import Context, Proto, message_class, method, nothing

# Pub/Sub, "Quotas and limits".
_MOST_MESSAGES = 1000
_MOST_BYTES = 10_000_000
_MOST_ATTRIBUTES = 100
_LONGEST_KEY_BYTES = 256
_LONGEST_VALUE_BYTES = 1024

_IMMUTABLE = frozenset({"name", "kms_key_name"})


class TopicService:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def handler(self) -> grpc.GenericRpcHandler:
        return rpc.service(
            "google.pubsub.v1.Publisher",
            [
                method("CreateTopic", self.create, wire.Topic),
                method("UpdateTopic", self.update),
                method("GetTopic", self.get),
                method("ListTopics", self.list_page),
                method("ListTopicSubscriptions", self.list_subscriptions),
                method("ListTopicSnapshots", self.list_snapshots),
                method("DeleteTopic", self.delete),
                method("DetachSubscription", self.detach),
                method("Publish", self.publish),
            ],
        )

    async def create(self, topic: Proto, context: Context) -> Proto:
        check_name(topic.name, "topics")
        if topic.name in self._broker.topics:
            raise ExistsError("Resource already exists", resource=topic.name)
        self._check(topic)
        made = self._broker.add_topic(topic)
        self._broker.save("topic", topic.name, topic, made.number)
        await self._broker.journal.committed()
        return topic

    async def update(self, request: Proto, context: Context) -> Proto:
        topic = self._broker.topic(request.topic.name)
        updated = merged(topic.proto, request.topic, request.update_mask, _IMMUTABLE)
        self._check(updated)
        topic.proto = updated
        topic.sweep()
        self._broker.save("topic", updated.name, updated, topic.number)
        await self._broker.journal.committed()
        return updated

    async def get(self, request: Proto, context: Context) -> Proto:
        return self._broker.topic(request.topic).proto

    async def list_page(self, request: Proto, context: Context) -> Proto:
        topics = (
            topic.proto
            for name, topic in sorted(self._broker.topics.items())
            if name.startswith(f"{request.project}/")
        )
        return page(topics, request, message_class("ListTopicsResponse")(), "topics")

    async def list_subscriptions(self, request: Proto, context: Context) -> Proto:
        response = message_class("ListTopicSubscriptionsResponse")()
        subscriptions = self._broker.topic(request.topic).subscriptions
        names = sorted(subscription.name for subscription in subscriptions)
        return page(names, request, response, "subscriptions")

    async def list_snapshots(self, request: Proto, context: Context) -> Proto:
        response = message_class("ListTopicSnapshotsResponse")()
        snapshots = self._broker.topic(request.topic).snapshots
        names = sorted(snapshot.proto.name for snapshot in snapshots)
        return page(names, request, response, "snapshots")

    async def delete(self, request: Proto, context: Context) -> Proto:
        self._broker.drop_topic(request.topic)
        await self._broker.journal.committed()
        return nothing()

    async def detach(self, request: Proto, context: Context) -> Proto:
        """Part the subscription from its topic; what it had is gone."""
        subscription = self._broker.subscription(request.subscription)
        self._broker.leave_topic(subscription)
        detached = wire.Subscription()
        detached.CopyFrom(subscription.proto)
        detached.detached = True
        subscription.configure(detached)
        subscription.queue.clear()
        self._broker.save_subscription(subscription)
        await self._broker.journal.committed()
        return message_class("DetachSubscriptionResponse")()

    async def publish(self, request: Proto, context: Context) -> Proto:
        check_messages(request.messages)
        ids = self._broker.publish(request.topic, request.messages)
        await self._broker.journal.committed()
        return _PublishResponse(message_ids=ids)

    def _check(self, topic: Proto) -> None:
        if topic.schema_settings.schema:
            self._broker.schemas.get(topic.schema_settings.schema)


_PublishResponse = message_class("PublishResponse")


def check_messages(messages: Iterable[Proto]) -> None:
    """Refuse what the service would: empty, too many, or too large."""
    count = size_bytes = 0
    for message in messages:
        count += 1
        size_bytes += len(message.data)
        if not message.data and not message.attributes:
            raise InvalidArgumentError("A message has neither data nor attributes")
        if message.attributes:
            _check_attributes(message.attributes)
    if not 0 < count <= _MOST_MESSAGES:
        raise InvalidArgumentError("From 1 to 1000 messages", messages=count)
    if size_bytes > _MOST_BYTES:
        raise InvalidArgumentError("The request exceeds 10 MB", size_bytes=size_bytes)


def _check_attributes(attributes: Proto) -> None:
    if len(attributes) > _MOST_ATTRIBUTES:
        raise InvalidArgumentError("More than 100 attributes", attributes=attributes)
    for key, value in attributes.items():
        if not 0 < len(key.encode()) <= _LONGEST_KEY_BYTES:
            raise InvalidArgumentError("Attribute key of 1 to 256 bytes", key=key)
        if len(value.encode()) > _LONGEST_VALUE_BYTES:
            raise InvalidArgumentError("Attribute value over 1024 bytes", key=key)
