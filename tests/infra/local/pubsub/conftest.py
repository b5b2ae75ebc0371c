"""A server on free ports, the real clients, and an HTTP server to push to."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.api_core.exceptions import DeadlineExceeded
from google.cloud import pubsub_v1
from google.pubsub_v1.services.schema_service import SchemaServiceClient

from infra.local.pubsub import PubsubServer, ServerOptions, serve

PROJECT = "projects/proj-local"


class RunningServer:
    """The server, in a thread with a loop of its own."""

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.server: PubsubServer

    def start(self, port: int = 0) -> None:
        self._thread.start()
        options = ServerOptions(
            port=port, admin_port=0, data=self._data, backoff_scale=0.05
        )
        try:
            self.server = self.run(serve(options))
        except BaseException:
            self._end()
            raise

    def stop(self) -> None:
        self.run(self.server.stop())
        self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.port}"

    @property
    def admin(self) -> str:
        return f"http://127.0.0.1:{self.server.admin_port}"


@dataclass
class Cloud:
    """The clients of one server, and short ways to make things in it."""

    publisher: Any
    subscriber: Any
    schemas: Any
    admin: str
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def topic(self, **settings: Any) -> str:
        name = f"{PROJECT}/topics/topic-{next(self._numbers)}"
        self.publisher.create_topic(request={"name": name, **settings})
        return name

    def subscription(self, topic: str, **settings: Any) -> str:
        name = f"{PROJECT}/subscriptions/sub-{next(self._numbers)}"
        self.subscriber.create_subscription(
            request={"name": name, "topic": topic, **settings}
        )
        return name

    def publish(self, topic: str, *payloads: bytes, **attributes: str) -> list[str]:
        request = {
            "topic": topic,
            "messages": [{"data": each, "attributes": attributes} for each in payloads],
        }
        return list(self.publisher.api.publish(request=request).message_ids)

    def publish_keyed(self, topic: str, key: str, *payloads: bytes) -> None:
        messages = [{"data": each, "ordering_key": key} for each in payloads]
        self.publisher.api.publish(request={"topic": topic, "messages": messages})

    def pull(self, subscription: str, limit: int = 10) -> list[Any]:
        """Return at least one message, where there is any within half a second."""
        try:
            response = self.subscriber.pull(
                subscription=subscription, max_messages=limit, timeout=0.7, retry=None
            )
        except DeadlineExceeded:
            return []  # How a busy machine says that there was none.
        return list(response.received_messages)

    def ack(self, subscription: str, *received: Any) -> None:
        self.subscriber.acknowledge(
            subscription=subscription, ack_ids=[each.ack_id for each in received]
        )

    def nack(self, subscription: str, *received: Any) -> None:
        self.subscriber.modify_ack_deadline(
            subscription=subscription,
            ack_ids=[each.ack_id for each in received],
            ack_deadline_seconds=0,
        )


def clients_of(address: str, admin: str) -> Cloud:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", address)
        options = pubsub_v1.types.PublisherOptions(enable_message_ordering=True)
        batches = pubsub_v1.types.BatchSettings(max_latency=0.001)
        publisher = pubsub_v1.PublisherClient(batches, options)
        subscriber = pubsub_v1.SubscriberClient()
    transport = SchemaServiceClient.get_transport_class("grpc")(
        channel=grpc.insecure_channel(address)
    )
    return Cloud(publisher, subscriber, SchemaServiceClient(transport=transport), admin)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    running = RunningServer()
    running.start()
    clients = clients_of(running.address, running.admin)
    yield clients
    clients.subscriber.close()
    running.stop()


@pytest.fixture
def running_server() -> Callable[..., RunningServer]:
    return RunningServer


@pytest.fixture
def clients() -> Callable[[str, str], Cloud]:
    return clients_of


@dataclass(frozen=True)
class Pushed:
    at_s: float
    headers: dict[str, str]
    body: bytes


class Sink:
    """An HTTP server that keeps what it is sent, and answers as told."""

    def __init__(self, answer: Callable[[int], int], port: int = 0) -> None:
        self.pushed: list[Pushed] = []
        self.delay_s = 0.0
        self.busiest = 0
        self._busy = 0
        self._answer = answer
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/push"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def wait(self, count: int, timeout_s: float = 8.0) -> list[Pushed]:
        with self._changed:
            arrived = self._changed.wait_for(
                lambda: len(self.pushed) >= count, timeout_s
            )
        assert arrived, f"{len(self.pushed)} of {count} pushes"
        return self.pushed

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, headers: dict[str, str], body: bytes) -> int:
        with self._changed:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
            self.pushed.append(Pushed(time.monotonic(), headers, body))
            count = len(self.pushed)
            self._changed.notify_all()
        time.sleep(self.delay_s)
        with self._changed:
            self._busy -= 1
        return self._answer(count)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {k.lower(): v for k, v in self.headers.items()}
                self.send_response(sink._take(headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def sink() -> Iterator[Callable[..., Sink]]:
    """Return a maker of sinks: give it the status for the n-th push, from 1."""
    sinks: list[Sink] = []

    def make(answer: Callable[[int], int] = lambda _: 204, port: int = 0) -> Sink:
        sinks.append(Sink(answer, port))
        return sinks[-1]

    yield make
    for each in sinks:
        each.close()
