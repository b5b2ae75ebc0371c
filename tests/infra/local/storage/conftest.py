"""A server of its own for each test module, and clients that talk to it."""

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.oauth2 import service_account

from infra.local.storage import StorageConfig, serve, service_account_file
from infra.local.storage.notifications import Message
from infra.local.storage.relay import PublishError

_numbers = count(1)


@dataclass
class FakePubSub:
    """Takes messages, except while told to fail."""

    messages: list[Message] = field(default_factory=list)
    failures_left: int = 0
    attempts: int = 0

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        self.attempts += 1
        if self.failures_left:
            self.failures_left -= 1
            raise PublishError("UNAVAILABLE")
        self.messages.extend(messages)

    async def close(self) -> None:
        pass

    def of(self, topic: str) -> list[Message]:
        return [message for message in self.messages if message.topic == topic]


@contextmanager
def _running(config: StorageConfig, publisher: FakePubSub | None) -> Iterator[str]:
    """Serve from a thread of its own, so that tests can block."""
    loop = asyncio.new_event_loop()
    stopped = asyncio.Event()
    address: list[str] = []
    started = threading.Event()

    async def run() -> None:
        try:
            async with serve(config, publisher) as base_url:
                address.append(base_url)
                started.set()
                await stopped.wait()
        finally:
            started.set()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    started.wait(10)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="session")
def running():
    """Start a server: `with running(folder, publisher) as base_url`."""

    @contextmanager
    def start(
        folder: Path,
        publisher: FakePubSub | None = None,
        pubsub_address: str | None = None,
    ) -> Iterator[str]:
        config = StorageConfig(
            folder / "data", folder / "keys", port=0, pubsub_address=pubsub_address
        )
        with _running(config, publisher) as base_url:
            yield base_url

    return start


@pytest.fixture(scope="module")
def pubsub() -> FakePubSub:
    return FakePubSub()


@pytest.fixture
def flaky_pubsub() -> FakePubSub:
    return FakePubSub()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("storage")


@pytest.fixture(scope="module")
def server(running, folder, pubsub) -> Iterator[str]:
    with running(folder, pubsub) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def connect():
    """Make a client for a server; all are closed at the end."""
    with ExitStack() as stack:

        def make(base_url: str) -> storage.Client:
            client = storage.Client(
                project="proj-local",
                credentials=AnonymousCredentials(),
                client_options={"api_endpoint": base_url},
            )
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture(scope="module")
def client(connect, server) -> storage.Client:
    return connect(server)


@pytest.fixture(scope="module")
def http(server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=20) as session:
        yield session


@pytest.fixture
def bucket(client) -> storage.Bucket:
    """A bucket nobody else uses."""
    return client.create_bucket(f"bucket-{next(_numbers)}")


@pytest.fixture(scope="module")
def signer(folder) -> service_account.Credentials:
    path = service_account_file(folder / "keys")
    return service_account.Credentials.from_service_account_file(str(path))


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
