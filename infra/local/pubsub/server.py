"""Starting and stopping the server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import grpc
from aiohttp import web

from infra.local.pubsub.access import AccessService
from infra.local.pubsub.admin import AdminSite
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.chaos import Chaos
from infra.local.pubsub.errors import UnavailableError
from infra.local.pubsub.journal import Journal
from infra.local.pubsub.push import PushSender
from infra.local.pubsub.recovery import recover
from infra.local.pubsub.schema_service import SchemaService
from infra.local.pubsub.subscriptions import SubscriptionService
from infra.local.pubsub.tokens import TokenSigner
from infra.local.pubsub.topics import TopicService

_SWEEP_INTERVAL_S = 60.0
_GRACE_S = 0.5
_CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", 32 << 20),
    ("grpc.max_send_message_length", 32 << 20),
    # A second server on the same port is a mistake, not a way to share the load.
    ("grpc.so_reuseport", 0),
]


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Port 0 takes a free one; without *data* nothing survives the process."""

    host: str = "127.0.0.1"
    port: int = 8085
    admin_port: int = 8086
    data: Path | None = None
    backoff_scale: float = 1.0
    push_concurrency: int = 32


class PubsubServer:
    """A running server; make it with `serve`."""

    def __init__(self, broker: Broker, options: ServerOptions) -> None:
        self.broker = broker
        self.port = 0
        self.admin_port = 0
        self._options = options
        self._grpc = grpc.aio.server(options=_CHANNEL_OPTIONS)
        self._admin = web.AppRunner(
            AdminSite(broker).application(), access_log=None, shutdown_timeout=_GRACE_S
        )
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and push what is due.

        Raises:
            OSError: a port is taken.
        """
        broker, options = self.broker, self._options
        self._grpc.add_generic_rpc_handlers(
            (
                TopicService(broker).handler(),
                SubscriptionService(broker).handler(),
                SchemaService(broker).handler(),
                AccessService(broker).handler(),
            )
        )
        self.port = _bound(self._grpc, options.host, options.port)
        await self._admin.setup()
        site = web.TCPSite(self._admin, options.host, options.admin_port)
        await site.start()
        self.admin_port = int(self._admin.addresses[0][1])
        recover(broker)
        await self._grpc.start()
        self._sweeping = asyncio.ensure_future(self._sweep())

    async def stop(self) -> None:
        """End streams so that clients try again, and write what is staged."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        await self.broker.close(UnavailableError("The server stops"))
        await self._grpc.stop(_GRACE_S)
        await self._admin.cleanup()
        await self.broker.sender.session.close()
        await self.broker.journal.close()

    async def _sweep(self) -> None:
        while True:
            self.broker.sweep()
            await asyncio.sleep(_SWEEP_INTERVAL_S)


async def serve(options: ServerOptions | None = None) -> PubsubServer:
    """Start a server, in the running loop, that goes on where its data ended.

    Raises:
        OSError: a port is taken.
        UnavailableError: another server uses the data directory.
    """
    options = options or ServerOptions()
    journal = Journal(options.data)
    sender = PushSender.open(
        TokenSigner(options.data), Chaos(), options.push_concurrency
    )
    server = PubsubServer(Broker(journal, sender, options.backoff_scale), options)
    try:
        await server.start()
    except OSError:
        await server.stop()
        raise
    return server


def _bound(server: grpc.aio.Server, host: str, port: int) -> int:
    try:
        return int(server.add_insecure_port(f"{host}:{port}"))
    except RuntimeError as exc:
        raise OSError(f"cannot listen on {host}:{port}") from exc
