"""A subscription: its settings, its queue, and its pump while it is pushed."""

from __future__ import annotations

from collections.abc import Callable

from infra.local.pubsub.delivery import Queue
from infra.local.pubsub.errors import PreconditionError, StatusError
from infra.local.pubsub.leases import Entry, Lease
from infra.local.pubsub.messages import Ledger
from infra.local.pubsub.policies import DeliveryPolicy
from infra.local.pubsub.push import PushPump, PushSender
from infra.local.pubsub.wire import Proto, message_class

_ReceivedMessage = message_class("ReceivedMessage")


class Subscription:
    def __init__(
        self,
        proto: Proto,
        number: int,
        ledger: Ledger,
        sender: PushSender,
        bury: Callable[[Subscription, Entry], bool],
        backoff_scale: float,
    ) -> None:
        self.proto = proto
        self.number = number
        self._backoff_scale = backoff_scale
        self._sender = sender
        self._pump: PushPump | None = None
        self._retired: list[PushPump] = []
        self._closed: StatusError | None = None
        policy = DeliveryPolicy.of(proto, backoff_scale)
        self.queue = Queue(number, policy, ledger, lambda entry: bury(self, entry))

    @property
    def name(self) -> str:
        return str(self.proto.name)

    @property
    def pushed(self) -> bool:
        return bool(self.proto.push_config.push_endpoint)

    def configure(self, proto: Proto) -> None:
        """Go on by the settings of *proto*.

        Raises:
            InvalidArgumentError: a setting is out of range; nothing has changed.
        """
        self.queue.policy = DeliveryPolicy.of(proto, self._backoff_scale)
        self.proto = proto
        self.start()

    def start(self) -> None:
        """Push from now on, if that is how the subscription is set."""
        if self._pump is not None:
            self._pump.stop()
            self._retired.append(self._pump)
            self._pump = None
        if self.pushed and not self.proto.detached:
            self._pump = PushPump(self.proto, self.queue, self._sender)
            self._pump.start()
        self._announce()

    def check_pullable(self) -> None:
        """Refuse whoever wants to stream from what is closed, detached or pushed."""
        if self._closed is not None:
            raise self._closed
        if self.proto.detached:
            raise PreconditionError("The subscription is detached", name=self.name)
        if self.pushed:
            raise PreconditionError("The subscription is pushed", name=self.name)

    def received(self, lease: Lease) -> Proto:
        """Return what a puller gets for *lease*."""
        message = _ReceivedMessage(
            ack_id=lease.ack_id, message=lease.entry.message.proto
        )
        if self.queue.policy.dead_letter_topic:
            message.delivery_attempt = lease.attempt
        return message

    async def close(self, why: StatusError) -> None:
        """End every stream with *why*, and every push."""
        self._closed = why
        self._announce()
        for pump in [*self._retired, *([self._pump] if self._pump else [])]:
            await pump.abort()

    def _announce(self) -> None:
        for listener in tuple(self.queue.listeners):
            listener()
