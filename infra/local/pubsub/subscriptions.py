"""google.pubsub.v1.Subscriber: subscriptions, pulling, and seeking."""

from __future__ import annotations

from collections.abc import AsyncIterator

import grpc
from google.rpc import error_details_pb2, status_pb2

from infra.local import rpc
from infra.local.pubsub import wire
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.errors import (
    ExistsError,
    InvalidArgumentError,
    PreconditionError,
)
from infra.local.pubsub.names import check_name
from infra.local.pubsub.pull import PullStream, pull
from infra.local.pubsub.requests import merged, page
from infra.local.pubsub.seeking import SeekService
from infra.local.pubsub.subscription import Subscription
from infra.local.pubsub.wire import (
    Context,
    Proto,
    message_class,
    method,
    nothing,
    stream_method,
)

_IMMUTABLE = frozenset({"name", "topic", "filter", "enable_message_ordering"})
_LONGEST_PULL_S = 10.0
# The answer must be back before the client's own deadline.
_PULL_MARGIN_S = 0.2
_LONGEST_DEADLINE_S = 600


class SubscriptionService:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._seeking = SeekService(broker)

    def handler(self) -> grpc.GenericRpcHandler:
        return rpc.service(
            "google.pubsub.v1.Subscriber",
            [
                method("CreateSubscription", self.create, wire.Subscription),
                method("GetSubscription", self.get),
                method("UpdateSubscription", self.update),
                method("ListSubscriptions", self.list_page),
                method("DeleteSubscription", self.delete),
                method("ModifyPushConfig", self.modify_push_config),
                method("Acknowledge", self.acknowledge),
                method("ModifyAckDeadline", self.modify_ack_deadline),
                method("Pull", self.pull),
                stream_method("StreamingPull", self.streaming_pull),
                *self._seeking.methods(),
            ],
        )

    async def create(self, proto: Proto, context: Context) -> Proto:
        check_name(proto.name, "subscriptions")
        if proto.name in self._broker.subscriptions:
            raise ExistsError("Resource already exists", resource=proto.name)
        self._broker.topic(proto.topic)
        subscription = self._broker.add_subscription(proto)
        self._broker.save_subscription(subscription)
        subscription.start()
        await self._broker.journal.committed()
        return proto

    async def get(self, request: Proto, context: Context) -> Proto:
        return self._broker.subscription(request.subscription).proto

    async def update(self, request: Proto, context: Context) -> Proto:
        subscription = self._broker.subscription(request.subscription.name)
        updated = merged(
            subscription.proto, request.subscription, request.update_mask, _IMMUTABLE
        )
        await self._configure(subscription, updated)
        return updated

    async def list_page(self, request: Proto, context: Context) -> Proto:
        subscriptions = (
            subscription.proto
            for name, subscription in sorted(self._broker.subscriptions.items())
            if name.startswith(f"{request.project}/")
        )
        response = message_class("ListSubscriptionsResponse")()
        return page(subscriptions, request, response, "subscriptions")

    async def delete(self, request: Proto, context: Context) -> Proto:
        await self._broker.drop_subscription(request.subscription)
        await self._broker.journal.committed()
        return nothing()

    async def modify_push_config(self, request: Proto, context: Context) -> Proto:
        subscription = self._broker.subscription(request.subscription)
        updated = wire.Subscription()
        updated.CopyFrom(subscription.proto)
        updated.push_config.CopyFrom(request.push_config)
        await self._configure(subscription, updated)
        return nothing()

    async def acknowledge(self, request: Proto, context: Context) -> Proto:
        subscription = self._broker.subscription(request.subscription)
        queue = subscription.queue
        invalid = [each for each in request.ack_ids if not queue.acknowledge(each)]
        if queue.policy.exactly_once:
            await self._broker.journal.committed()
            _check_valid(invalid)
        return nothing()

    async def modify_ack_deadline(self, request: Proto, context: Context) -> Proto:
        seconds = request.ack_deadline_seconds
        if not 0 <= seconds <= _LONGEST_DEADLINE_S:
            raise InvalidArgumentError("Deadline of 0 to 600 s", seconds=seconds)
        queue = self._broker.subscription(request.subscription).queue
        invalid = [each for each in request.ack_ids if not queue.extend(each, seconds)]
        if queue.policy.exactly_once:
            _check_valid(invalid)
        return nothing()

    async def pull(self, request: Proto, context: Context) -> Proto:
        subscription = self._broker.subscription(request.subscription)
        left_s = context.time_remaining() or _LONGEST_PULL_S
        wait_s = min(left_s, _LONGEST_PULL_S) - _PULL_MARGIN_S
        leases = await pull(
            subscription,
            request.max_messages,
            0.0 if request.return_immediately else wait_s,
        )
        received = [subscription.received(lease) for lease in leases]
        return _PullResponse(received_messages=received)

    async def streaming_pull(
        self, requests: AsyncIterator[Proto]
    ) -> AsyncIterator[Proto]:
        first = await anext(requests)
        subscription = self._broker.subscription(first.subscription)
        async for response in PullStream(subscription, first).responses(requests):
            yield response

    async def _configure(self, subscription: Subscription, updated: Proto) -> None:
        subscription.configure(updated)
        self._broker.save_subscription(subscription)
        await self._broker.journal.committed()


_PullResponse = message_class("PullResponse")


def _check_valid(invalid: list[str]) -> None:
    """Answer for *invalid* ack ids as exactly-once delivery does, one by one.

    Source: Pub/Sub, "Exactly-once delivery"; google.rpc.ErrorInfo in
    `grpc-status-details-bin`.
    """
    if not invalid:
        return
    error = PreconditionError("Some acknowledgement ids are invalid")
    info = error_details_pb2.ErrorInfo(
        reason="EXACTLY_ONCE_ACKID_FAILURE",
        domain="pubsub.googleapis.com",
        metadata=dict.fromkeys(invalid, "PERMANENT_FAILURE_INVALID_ACK_ID"),
    )
    code: int = grpc.StatusCode.FAILED_PRECONDITION.value[0]
    status = status_pb2.Status(code=code, message=str(error))
    status.details.add().Pack(info)
    error.trailing_metadata = (("grpc-status-details-bin", status.SerializeToString()),)
    raise error
