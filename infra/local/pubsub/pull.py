"""Pulling: by single requests, and by streams with a window of their own."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.leases import Lease
from infra.local.pubsub.subscription import Subscription
from infra.local.pubsub.wire import Proto, message_class

_StreamingPullResponse = message_class("StreamingPullResponse")

_MOST_MESSAGES = 1000
_MOST_BYTES = 10 << 20
_STREAM_BYTES = 4 << 20
_SHORTEST_STREAM_DEADLINE_S = 10.0


async def pull(subscription: Subscription, limit: int, wait_s: float) -> list[Lease]:
    """Lease up to *limit* messages, waiting up to *wait_s* for the first."""
    if limit <= 0:
        raise InvalidArgumentError("max_messages must be positive", max_messages=limit)
    queue = subscription.queue
    changed = asyncio.Event()
    with _listening(subscription, changed):
        end = asyncio.get_running_loop().time() + wait_s
        while True:
            subscription.check_pullable()
            changed.clear()
            leases = queue.take(
                min(limit, _MOST_MESSAGES),
                max_bytes=_MOST_BYTES,
                lease_s=queue.policy.ack_deadline_s,
            )
            left_s = end - asyncio.get_running_loop().time()
            if leases or left_s <= 0:
                return leases
            try:
                await asyncio.wait_for(changed.wait(), left_s)
            except TimeoutError:
                return []


class PullStream:
    """One StreamingPull: a window on the subscription that acknowledgements move."""

    def __init__(self, subscription: Subscription, first: Proto) -> None:
        self._subscription = subscription
        self._deadline_s = _SHORTEST_STREAM_DEADLINE_S
        self._most_messages = first.max_outstanding_messages or math.inf
        self._most_bytes = first.max_outstanding_bytes or math.inf
        self._messages = 0
        self._bytes = 0
        self._confirmations: list[Proto] = []
        self._changed = asyncio.Event()
        self._apply(first)

    def leased(self, size_bytes: int) -> None:
        self._messages += 1
        self._bytes += size_bytes

    def returned(self, size_bytes: int) -> None:
        self._messages -= 1
        self._bytes -= size_bytes
        self._changed.set()

    async def responses(self, requests: AsyncIterator[Proto]) -> AsyncIterator[Proto]:
        """Yield what the client is to get, while *requests* come in."""
        reading = asyncio.ensure_future(self._read(requests))
        try:
            with _listening(self._subscription, self._changed):
                if self._properties:
                    yield _StreamingPullResponse(**self._properties)
                while True:
                    self._subscription.check_pullable()
                    self._changed.clear()
                    for confirmation in self._drained():
                        yield confirmation
                    leases = self._leases()
                    if leases:
                        yield self._delivery(leases)
                    else:
                        await self._changed.wait()
        finally:
            reading.cancel()

    def _leases(self) -> list[Lease]:
        messages = self._most_messages - self._messages
        size_bytes = self._most_bytes - self._bytes
        if messages <= 0 or size_bytes <= 0:
            return []
        return self._subscription.queue.take(
            int(min(messages, _MOST_MESSAGES)),
            max_bytes=min(size_bytes, _STREAM_BYTES),
            lease_s=self._deadline_s,
            consumer=self,
        )

    def _delivery(self, leases: list[Lease]) -> Proto:
        received = [self._subscription.received(lease) for lease in leases]
        return _StreamingPullResponse(received_messages=received, **self._properties)

    @property
    def _properties(self) -> dict[str, Proto]:
        policy = self._subscription.queue.policy
        if not (policy.exactly_once or policy.ordered):
            return {}
        properties = _StreamingPullResponse.SubscriptionProperties(
            exactly_once_delivery_enabled=policy.exactly_once,
            message_ordering_enabled=policy.ordered,
        )
        return {"subscription_properties": properties}

    async def _read(self, requests: AsyncIterator[Proto]) -> None:
        async for request in requests:
            self._apply(request)

    def _apply(self, request: Proto) -> None:
        queue = self._subscription.queue
        if request.stream_ack_deadline_seconds:
            self._deadline_s = max(
                float(request.stream_ack_deadline_seconds), _SHORTEST_STREAM_DEADLINE_S
            )
        acked = {ack_id: queue.acknowledge(ack_id) for ack_id in request.ack_ids}
        extended = {
            ack_id: queue.extend(ack_id, seconds)
            for ack_id, seconds in zip(
                request.modify_deadline_ack_ids,
                request.modify_deadline_seconds,
                strict=False,
            )
        }
        if queue.policy.exactly_once and (acked or extended):
            self._confirm(acked, extended)

    def _confirm(self, acked: dict[str, bool], extended: dict[str, bool]) -> None:
        response = _StreamingPullResponse(**self._properties)
        for part, outcome in (
            (response.acknowledge_confirmation, acked),
            (response.modify_ack_deadline_confirmation, extended),
        ):
            part.ack_ids.extend(ack_id for ack_id, good in outcome.items() if good)
            part.invalid_ack_ids.extend(
                ack_id for ack_id, good in outcome.items() if not good
            )
        self._confirmations.append(response)
        self._changed.set()

    def _drained(self) -> list[Proto]:
        confirmations, self._confirmations = self._confirmations, []
        return confirmations


@contextmanager
def _listening(subscription: Subscription, changed: asyncio.Event) -> Iterator[None]:
    """Set *changed* whenever *subscription* has news."""
    subscription.queue.listeners.add(changed.set)
    try:
        yield
    finally:
        subscription.queue.listeners.discard(changed.set)
