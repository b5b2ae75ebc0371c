"""How fast the local Cloud Storage is, beside moto's S3 server on the same machine.

    python benchmarks/local_storage.py [--small 300] [--large-mib 64]

Both run in a process of their own and are asked the same over plain HTTP by the same
client, one request after the other: put and get a small object, put and get a large
one. Ours also writes to disk, which moto does not.
"""

from __future__ import annotations

import argparse
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

_SMALL_BYTES = 4096
_MIB = 1 << 20
# moto lets nobody in without one, and does not look at the signature.
_MOTO_HEADERS = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/s3/"
    "aws4_request, SignedHeaders=host, Signature=0"
}


@dataclass(frozen=True, slots=True)
class Result:
    """Latencies of small requests in ms, and throughput of large ones in MiB/s."""

    put_p50_ms: float
    put_p99_ms: float
    get_p50_ms: float
    put_mib_s: float
    get_mib_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the local Cloud Storage.")
    parser.add_argument("--small", type=int, default=300, help="small objects")
    parser.add_argument("--large-mib", type=int, default=64, help="size of the large")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, "
        f"Python {platform.python_version()}"
    )
    print(
        f"input: {options.small} objects of {_SMALL_BYTES} bytes, "
        f"one of {options.large_mib} MiB, random, over HTTP on loopback"
    )
    with _ours() as base_url:
        httpx.post(f"{base_url}/storage/v1/b", json={"name": "bench"})
        ours = _measure(base_url, options.small, options.large_mib)
        _notified(base_url)
    with _moto() as base_url:
        httpx.put(f"{base_url}/bench", headers=_MOTO_HEADERS)
        moto = _measure(base_url, options.small, options.large_mib)
    _report(ours, moto)


def _measure(base_url: str, small: int, large_mib: int) -> Result:
    content = os.urandom(_SMALL_BYTES)
    block = os.urandom(_MIB)
    with httpx.Client(base_url=base_url, timeout=120, headers=_MOTO_HEADERS) as client:

        def put(number: int) -> None:
            client.put(f"/bench/{number}", content=content).raise_for_status()

        def get(number: int) -> None:
            assert client.get(f"/bench/{number}").content == content

        def put_large(_: int) -> None:
            body = block * large_mib
            client.put("/bench/large", content=body).raise_for_status()

        def get_large(_: int) -> None:
            with client.stream("GET", "/bench/large") as response:
                received = sum(len(part) for part in response.iter_raw(_MIB))
            assert received == large_mib * _MIB

        _timed_ms(put, 20)
        puts, gets = _timed_ms(put, small), _timed_ms(get, small)
        large_put, large_get = _timed_ms(put_large, 3), _timed_ms(get_large, 3)
    return Result(
        put_p50_ms=statistics.median(puts),
        put_p99_ms=statistics.quantiles(puts, n=100)[98],
        get_p50_ms=statistics.median(gets),
        put_mib_s=large_mib / (min(large_put) / 1000),
        get_mib_s=large_mib / (min(large_get) / 1000),
    )


def _timed_ms(act: Callable[[int], None], times: int) -> list[float]:
    taken = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def _notified(base_url: str) -> None:
    """Print what recording a notification adds to a small upload."""
    config = {"topic": "//pubsub.googleapis.com/projects/bench/topics/none"}
    httpx.post(f"{base_url}/storage/v1/b/bench/notificationConfigs", json=config)
    with httpx.Client(base_url=base_url) as client:

        def put(number: int) -> None:
            body = bytes(_SMALL_BYTES)
            client.put(f"/bench/n/{number}", content=body).raise_for_status()

        taken = _timed_ms(put, 200)
    print(f"put with a notification recorded: p50 {statistics.median(taken):.2f} ms")


def _report(ours: Result, moto: Result) -> None:
    print(f"{'':22}{'ours':>10}{'moto':>10}{'ratio':>10}")
    for name, label, is_time in [
        ("put_p50_ms", "small put p50, ms", True),
        ("put_p99_ms", "small put p99, ms", True),
        ("get_p50_ms", "small get p50, ms", True),
        ("put_mib_s", "large put, MiB/s", False),
        ("get_mib_s", "large get, MiB/s", False),
    ]:
        mine, other = getattr(ours, name), getattr(moto, name)
        ratio = other / mine if is_time else mine / other
        print(f"{label:22}{mine:10.2f}{other:10.2f}{ratio:9.1f}x")


@contextmanager
def _ours() -> Iterator[str]:
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--port", str(port), "--data", f"{folder}/data"]
        arguments += ["--keys", f"{folder}/keys"]
        with _process(["infra.local.storage", *arguments], port) as base_url:
            yield base_url


@contextmanager
def _moto() -> Iterator[str]:
    port = _free_port()
    with _process(["moto.server", "-p", str(port)], port) as base_url:
        yield base_url


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _process(arguments: list[str], port: int) -> Iterator[str]:
    base_url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(base_url)
        yield base_url
    finally:
        process.terminate()
        process.wait()


def _wait_for(base_url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            httpx.get(base_url)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(base_url)


if __name__ == "__main__":
    main()
