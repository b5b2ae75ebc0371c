"""Start and stop the server: gRPC on one port, the web side on another."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from aiohttp import web

from .database import Database
from .methods import grpc_handler
from .service import FirestoreService
from .web import application

_MAX_MESSAGE_BYTES = 32 << 20
_STOP_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Options:
    """Where to listen, and where to keep the data.

    Port 0 is any free one. Without *data*, all is gone when the server stops.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    web_port: int = 8081
    data: Path | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs, at the ports it got."""

    host: str
    port: int
    web_port: int
    database: Database

    @property
    def address(self) -> str:
        """Return what FIRESTORE_EMULATOR_HOST has to be."""
        return f"{self.host}:{self.port}"

    @property
    def web_address(self) -> str:
        return f"{self.host}:{self.web_port}"


@asynccontextmanager
async def running(options: Options) -> AsyncIterator[Running]:
    """Run a server for as long as the context lasts.

    Raises:
        OSError: a port is taken, or the folder cannot be written.
        UnreadableFileError: the journal is damaged.
        ConflictError: another process has the journal.
    """
    journal = None if options.data is None else options.data / "journal.log"
    database = Database(journal)
    firestore = FirestoreService(database)
    server = grpc.aio.server(
        options=[
            ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
            # Otherwise two servers share a port in silence.
            ("grpc.so_reuseport", 0),
        ]
    )
    server.add_generic_rpc_handlers((grpc_handler(firestore),))
    runner = web.AppRunner(
        application(firestore), access_log=None, shutdown_timeout=_STOP_WITHIN_S
    )
    try:
        port = _bind(server, options)
        await server.start()
        await runner.setup()
        await web.TCPSite(runner, options.host, options.web_port).start()
        yield Running(options.host, port, int(runner.addresses[0][1]), database)
    finally:
        await runner.cleanup()
        await server.stop(_STOP_WITHIN_S)
        database.close()


async def serve(options: Options) -> None:
    """Run a server until the process is asked to end, saying where it listens."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked.set)
    async with running(options) as server:
        print(f"firestore on {server.address}, web on {server.web_address}", flush=True)
        await asked.wait()


def _bind(server: grpc.aio.Server, options: Options) -> int:
    address = f"{options.host}:{options.port}"
    try:
        return int(server.add_insecure_port(address))
    except RuntimeError as exc:
        raise OSError(f"cannot listen on {address}") from exc
