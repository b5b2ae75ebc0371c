"""How many messages a second the local Pub/Sub takes, and hands out.

    python benchmarks/local_pubsub.py [--messages 20000] [--size-bytes 1000]

Real clients publish, stream and are pushed to, over loopback, each server alone in a
process of its own with its journal on disk. Rates are given as ratios to 3,000/s, the
least that the pipeline needs, and to Google's emulator where it is installed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import platform
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.api_core import exceptions
from google.cloud import pubsub_v1
from google.cloud.pubsub_v1.types import BatchSettings, FlowControl

_LEAST_PER_S = 3000.0
_ROOT = Path(__file__).parents[1]
_EMULATOR = Path("/usr/lib/google-cloud-sdk/platform/pubsub-emulator/lib")
_TOPIC = "projects/bench-local/topics/bench"
_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(frozen=True)
class Load:
    messages: int
    payload: bytes


class Sink:
    """Counts HTTP requests, as cheaply as Python can, in a loop of its own."""

    def __init__(self) -> None:
        self.count = 0
        self._target = 0
        self._reached = threading.Event()
        ports: queue.Queue[int] = queue.Queue()
        threading.Thread(
            target=lambda: asyncio.run(self._serve(ports)), daemon=True
        ).start()
        self.url = f"http://127.0.0.1:{ports.get()}/"

    def expect(self, count: int) -> threading.Event:
        self.count, self._target = 0, count
        self._reached.clear()
        return self._reached

    def took_one(self) -> None:
        self.count += 1
        if self.count >= self._target:
            self._reached.set()

    async def _serve(self, ports: queue.Queue[int]) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Reader(self), "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()


class _Reader(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._pending = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end].lower()
            length = head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
            whole = end + 4 + int(length)
            if len(self._pending) < whole:
                return
            self._pending = self._pending[whole:]
            self._transport.write(_ANSWER)
            self._sink.took_one()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--size-bytes", type=int, default=1000)
    given = parser.parse_args()
    load = Load(given.messages, os.urandom(given.size_bytes // 2).hex().encode())

    print(f"machine: {platform.platform()}, {os.cpu_count()} cores, ", end="")
    print(f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")
    print(f"input: {load.messages} messages of {len(load.payload)} bytes")
    ours = _measured(_our_command(), load)
    theirs: dict[str, float] = {}
    if shutil.which("java") and (jars := sorted(_EMULATOR.glob("*.jar"))):
        theirs = _measured(_jar_command(jars[-1]), load)
    for name, rate in ours.items():
        line = f"{name:30} {rate:9.0f}/s  {rate / _LEAST_PER_S:6.2f} x 3,000/s"
        if name in theirs:
            line += f"  {rate / theirs[name]:6.2f} x Google's {theirs[name]:.0f}/s"
        print(line)


def _our_command() -> list[str]:
    return [sys.executable, "-m", "infra.local.pubsub", "--admin-port=0"]


def _jar_command(jar: Path) -> list[str]:
    return ["java", "-jar", str(jar), "--host=127.0.0.1"]


def _measured(command: list[str], load: Load) -> dict[str, float]:
    with _running(command) as address:
        os.environ["PUBSUB_EMULATOR_HOST"] = address
        subscriber = pubsub_v1.SubscriberClient()
        publisher = pubsub_v1.PublisherClient()
        single = pubsub_v1.PublisherClient(BatchSettings(max_messages=1))
        _await(publisher)
        return {
            "publish, batched": _publish(publisher, load),
            "publish, one at a time": _publish_each(single, load.messages // 10, load),
            "streaming pull + ack": _stream(publisher, subscriber, load),
            "push": _push(publisher, subscriber, load),
        }


def _publish(publisher: Any, load: Load) -> float:
    started = time.perf_counter()
    futures: list[Future[str]] = [
        publisher.publish(_TOPIC, load.payload) for _ in range(load.messages)
    ]
    for future in futures:
        future.result(60)
    return load.messages / (time.perf_counter() - started)


def _publish_each(publisher: Any, count: int, load: Load) -> float:
    started = time.perf_counter()
    for _ in range(count):
        publisher.publish(_TOPIC, load.payload).result(60)
    return count / (time.perf_counter() - started)


def _stream(publisher: Any, subscriber: Any, load: Load) -> float:
    name = "projects/bench-local/subscriptions/stream"
    subscriber.create_subscription(name=name, topic=_TOPIC)
    _publish(publisher, load)
    seen: set[str] = set()
    done = threading.Event()

    def take(message: Any) -> None:
        message.ack()
        seen.add(message.message_id)
        if len(seen) == load.messages:
            done.set()

    started = time.perf_counter()
    window = FlowControl(max_messages=2000)
    stream = subscriber.subscribe(name, take, flow_control=window)
    done.wait(120)
    taken_s = time.perf_counter() - started
    stream.cancel()
    stream.result(10)
    subscriber.delete_subscription(subscription=name)
    return len(seen) / taken_s


def _push(publisher: Any, subscriber: Any, load: Load) -> float:
    """Return the rate of pushes; a slow server gets ten seconds."""
    name = "projects/bench-local/subscriptions/push"
    sink = Sink()
    subscriber.create_subscription(name=name, topic=_TOPIC)
    _publish(publisher, load)
    done = sink.expect(load.messages)
    started = time.perf_counter()
    subscriber.modify_push_config(
        subscription=name, push_config={"push_endpoint": sink.url}
    )
    done.wait(10)
    rate = sink.count / (time.perf_counter() - started)
    subscriber.delete_subscription(subscription=name)
    return rate


def _await(publisher: Any) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            publisher.create_topic(name=_TOPIC, retry=None, timeout=2)
        except exceptions.GoogleAPICallError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return


@contextlib.contextmanager
def _running(command: list[str]) -> Iterator[str]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as data:
        if "infra.local.pubsub" in command:
            command = [*command, "--data", data]
        process = subprocess.Popen(
            [*command, f"--port={port}"],
            cwd=_ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
