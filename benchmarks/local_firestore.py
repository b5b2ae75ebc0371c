"""How fast the local Firestore is, next to Google's own emulator where there is one.

    python benchmarks/local_firestore.py

Both are asked in one run, on one machine, over raw gRPC, so that the client costs as
little as it can. Google's emulator needs java, and the Google Cloud SDK's folder.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

sys.path.insert(0, str(Path(__file__).parents[1]))

from infra.local.firestore.messages import (
    Document,
    Message,
    Write,
    request_class,
    response_class,
)

_JAR = Path(
    "/usr/lib/google-cloud-sdk/platform/cloud-firestore-emulator"
    "/cloud-firestore-emulator.jar"
)
_JAR_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_DATABASE = "projects/proj-local/databases/(default)"
_ROOT = f"{_DATABASE}/documents"
_SETS, _IN_FLIGHT = 3000, 32
_BATCHES, _BATCH = 60, 50
_LISTENS = 200
_QUERIES, _QUERIED = 30, 5000
_KEPT = 50_000


class Client:
    """The few calls that are timed."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address)
        self.commit = self._unary("Commit")
        self.batch_get = self._streamed("BatchGetDocuments")
        self.run_query = self._streamed("RunQuery")
        self.listen = self._channel.stream_stream(
            _path("Listen"), _serialize, response_class("Listen").FromString
        )

    async def close(self) -> None:
        await self._channel.close()

    def _unary(self, method: str) -> Any:
        return self._channel.unary_unary(
            _path(method), _serialize, response_class(method).FromString
        )

    def _streamed(self, method: str) -> Any:
        return self._channel.unary_stream(
            _path(method), _serialize, response_class(method).FromString
        )


async def measure(address: str) -> dict[str, float]:
    """Return the numbers of the server at *address*, the unit in each name."""
    client = Client(address)
    try:
        return {
            "set per s": await _sets_per_s(client),
            "batch of 50, read and written, ms": await _batch_ms(client),
            "listen latency p50, ms": await _listen_ms(client),
            "sorted query of 20 in 5 000, p50, ms": await _query_ms(client),
        }
    finally:
        await client.close()


async def _sets_per_s(client: Client) -> float:
    numbers = iter(range(_SETS))

    async def worker() -> None:
        for i in numbers:
            await client.commit(_commit([_set(f"sets/{i}", i)]))

    started_s = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(_IN_FLIGHT)))
    return _SETS / (time.perf_counter() - started_s)


async def _batch_ms(client: Client) -> float:
    """Read fifty documents, and write them if they are still as they were."""
    names = [f"{_ROOT}/mirror/{i}" for i in range(_BATCH)]
    request = request_class("BatchGetDocuments")(database=_DATABASE, documents=names)
    await client.commit(_commit([_set(f"mirror/{i}", 0) for i in range(_BATCH)]))
    took_ms = []
    for version in range(1, _BATCHES + 1):
        started_s = time.perf_counter()
        found = [response.found async for response in client.batch_get(request)]
        writes = []
        for document in found:
            write = _set("mirror/" + document.name.rpartition("/")[2], version)
            write.current_document.update_time.CopyFrom(document.update_time)
            writes.append(write)
        await client.commit(_commit(writes))
        took_ms.append((time.perf_counter() - started_s) * 1000)
    return statistics.median(took_ms)


async def _listen_ms(client: Client) -> float:
    target = {"target_id": 1, "documents": {"documents": [f"{_ROOT}/listened/a"]}}
    request = request_class("Listen")(database=_DATABASE, add_target=target)
    stream = client.listen(metadata=[("google-cloud-resource-prefix", _DATABASE)])
    await stream.write(request)
    async for response in stream:
        if response.target_change.target_change_type == _CURRENT:
            break
    took_ms = []
    for i in range(_LISTENS):
        started_s = time.perf_counter()
        committed = asyncio.ensure_future(
            client.commit(_commit([_set("listened/a", i)]))
        )
        async for response in stream:
            if response.WhichOneof("response_type") == "document_change":
                break
        took_ms.append((time.perf_counter() - started_s) * 1000)
        await committed
    stream.cancel()
    return statistics.median(took_ms)


_CURRENT = 3


async def _query_ms(client: Client) -> float:
    for start in range(0, _QUERIED, 500):
        numbers = range(start, start + 500)
        await client.commit(_commit([_set(f"queried/{i}", i) for i in numbers]))
    request = request_class("RunQuery")(parent=_ROOT)
    request.structured_query.from_.add(collection_id="queried")
    order = request.structured_query.order_by.add(direction=2)
    order.field.field_path = "i"
    request.structured_query.limit.value = 20
    took_ms = []
    for _ in range(_QUERIES):
        started_s = time.perf_counter()
        assert len([response async for response in client.run_query(request)]) == 20
        took_ms.append((time.perf_counter() - started_s) * 1000)
    return statistics.median(took_ms)


def start_s(data: Path) -> float:
    """Return how long a start takes with 50 000 documents in the journal."""
    from infra.local.firestore.database import Database

    database = Database(data / "journal.log")
    for start in range(0, _KEPT, 500):
        database.commit([_set(f"kept/{i}", i) for i in range(start, start + 500)])
    database.close()
    started_s = time.perf_counter()
    with ours(data):
        return time.perf_counter() - started_s


@contextmanager
def ours(data: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "infra.local.firestore"]
    command += ["--port=0", "--web-port=0", f"--data={data}"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().split()[2].rstrip(",")
        finally:
            process.terminate()


@contextmanager
def googles(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["java", "-Duser.language=en", "-cp", str(_JAR), _JAR_MAIN]
    command += ["--host=127.0.0.1", f"--port={port}"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=folder) as process:
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


async def measure_when_up(address: str) -> dict[str, float]:
    async with grpc.aio.insecure_channel(address) as channel:
        await asyncio.wait_for(channel.channel_ready(), 60)
    # Once to warm up (a JVM needs it), once to count.
    await measure(address)
    return await measure(address)


def _commit(writes: list[Message]) -> Message:
    return request_class("Commit")(database=_DATABASE, writes=writes)


def _set(path: str, number: int) -> Message:
    document = Document(name=f"{_ROOT}/{path}")
    document.fields["i"].integer_value = number
    document.fields["title"].string_value = "So What " * 25
    return Write(update=document)


def _path(method: str) -> str:
    return f"/google.firestore.v1.Firestore/{method}"


def _serialize(message: Message) -> bytes:
    return bytes(message.SerializeToString())


def _told(name: str, ours: float, googles: float | None) -> str:
    line = f"{name:40} {ours:9.2f}"
    if googles is None:
        return line
    ratio = ours / googles if name.endswith("per s") else googles / ours
    return f"{line} {googles:9.2f} {ratio:7.1f} x"


def main() -> None:
    load = os.getloadavg()[0]
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load "
        f"{load:.1f}, Python {platform.python_version()}; documents of 200 bytes, "
        f"client and server on one machine"
    )
    with tempfile.TemporaryDirectory() as folder:
        started_s = start_s(Path(folder) / "kept")
        with ours(Path(folder) / "ours") as address:
            mine = asyncio.run(measure_when_up(address))
        theirs: dict[str, float] = {}
        if _JAR.exists() and shutil.which("java"):
            with googles(Path(folder)) as address:
                theirs = asyncio.run(measure_when_up(address))
    print(f"{'':40} {'ours':>9} {'Google':>9} {'ratio':>9}" if theirs else "")
    for name, number in mine.items():
        print(_told(name, number, theirs.get(name)))
    print(_told("start with 50 000 documents, s", started_s, None))


if __name__ == "__main__":
    main()
