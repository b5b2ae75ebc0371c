"""Pushing: a subscription's messages, each in an HTTP request of its own.

A message is sent the moment it is ready, up to a number at a time per subscription.
Only 102, 200, 201, 202 and 204 acknowledge (Pub/Sub, "Push subscriptions"); all else,
and every failure to connect, counts as a refusal, and comes back after the backoff.
"""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import dataclass

import aiohttp

from infra.local.pubsub.chaos import Chaos
from infra.local.pubsub.delivery import Queue
from infra.local.pubsub.leases import Lease
from infra.local.pubsub.push_requests import PushRequest, push_request
from infra.local.pubsub.tokens import TokenSigner
from infra.local.pubsub.wire import Proto

_ACKNOWLEDGING = frozenset({102, 200, 201, 202, 204})
_USER_AGENT = "CloudPubSub-Google"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PushSender:
    """What all push subscriptions share."""

    session: aiohttp.ClientSession
    signer: TokenSigner
    chaos: Chaos
    concurrency: int

    @classmethod
    def open(cls, signer: TokenSigner, chaos: Chaos, concurrency: int) -> PushSender:
        # Servers close what idles (gunicorn after two seconds): a connection is given
        # up before they do, or a push would now and then meet a closed door.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=1.0)
        session = aiohttp.ClientSession(
            connector=connector, headers={"User-Agent": _USER_AGENT}
        )
        return cls(session, signer, chaos, concurrency)

    async def post(self, config: Proto, request: PushRequest, timeout_s: float) -> str:
        """Send *request*; return its status, or the name of what went wrong."""
        headers = dict(request.headers)
        if config.HasField("oidc_token"):
            token = self.signer.token(
                config.oidc_token.service_account_email,
                config.oidc_token.audience or config.push_endpoint,
            )
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self.session.post(
                config.push_endpoint,
                data=request.body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=timeout_s),
                allow_redirects=False,
            ) as response:
                await response.read()
                return str(response.status)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as exc:
            return type(exc).__name__


class PushPump:
    """Pushes what becomes ready in *queue*, to where *subscription* says."""

    def __init__(self, subscription: Proto, queue: Queue, sender: PushSender) -> None:
        self._subscription = subscription
        self._queue = queue
        self._sender = sender
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: asyncio.Handle | None = None

    def start(self) -> None:
        self._queue.listeners.add(self._poke)
        self._poke()

    def stop(self) -> None:
        """Send nothing more; what is under way ends by itself."""
        self._queue.listeners.discard(self._poke)
        if self._due is not None:
            self._due.cancel()

    async def abort(self) -> None:
        """Stop, and break off what is under way."""
        self.stop()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _poke(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_soon(self._fill)

    def _fill(self) -> None:
        self._due = None
        free = self._sender.concurrency - len(self._tasks)
        if free <= 0:
            return
        # The request's own timeout is the deadline: a lease that ran out beside it
        # would push a message twice that is about to be answered.
        for lease in self._queue.take(free, max_bytes=math.inf, lease_s=math.inf):
            task = asyncio.ensure_future(self._push(lease))
            self._tasks.add(task)
            task.add_done_callback(self._pushed)

    def _pushed(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._poke in self._queue.listeners:
            self._poke()

    async def _push(self, lease: Lease) -> None:
        chaos = self._sender.chaos
        hold_s, echo_s = chaos.hold_s(), chaos.echo_s()
        try:
            if hold_s:
                await asyncio.sleep(hold_s)
            status = await self._post(lease)
            if echo_s is not None:
                await asyncio.sleep(echo_s)
                await self._post(lease)
        except asyncio.CancelledError:
            self._queue.give_back(lease.ack_id)
            raise
        self._queue.stats[f"push {status}"] += 1
        if status.isdecimal() and int(status) in _ACKNOWLEDGING:
            self._queue.acknowledge(lease.ack_id)
        else:
            log.info(
                "push refused: %s attempt %d: %s",
                self._subscription.name,
                lease.attempt,
                status,
            )
            self._queue.reject(lease.ack_id, "refused")

    async def _post(self, lease: Lease) -> str:
        request = push_request(
            self._subscription, lease.entry.message.proto, lease.attempt
        )
        return await self._sender.post(
            self._subscription.push_config, request, self._queue.policy.ack_deadline_s
        )
