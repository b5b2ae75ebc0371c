"""Requests a second by id and by list, beside a bare application on the same server.

    python -m benchmarks.api [--recordings 5000] [--seconds 5]

Starts PostgreSQL, fills it, serves the API and a bare Starlette `hello` with uvicorn,
each in a process of its own, and prints machine, input, requests a second, and the
ratio to `hello` in the same run. Client and servers share the machine: read the ratio.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from infra.local import postgres
from migrations.run import upgrade
from shared.adapters.postgres.administration import create_api_key, create_tenant
from shared.adapters.postgres.catalog import PostgresCatalog
from shared.adapters.postgres.engine import open_engine
from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord

_TENANT = "bench"
_PEPPER = "bench"
_CLIENTS = 4
_HELLO = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def hello(request):
    return JSONResponse({"hello": "world"})
app = Starlette(routes=[Route("/", hello)])
"""
_API = """
from functions_framework.aio import create_asgi_app_from_module
import functions.api.main as main
app = create_asgi_app_from_module("api", main.__file__, "http", main, main.__spec__)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=5.0)
    wanted = parser.parse_args()
    # The server runs as another user than root, who has to reach it.
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = postgres.start(folder / "pg", _free_port(), home=folder / "pg")
        try:
            key, ids = _filled(server, wanted.recordings)
            _compare(server.url_app, key, ids, wanted.seconds)
        finally:
            server.kill()


def _filled(server: postgres.PostgresServer, count: int) -> tuple[str, list[str]]:
    upgrade(server.url_admin, app_password=server.credentials.app)
    admin = open_engine(server.url_admin)
    create_tenant(admin, _TENANT, "A label")
    key = create_api_key(admin, _TENANT, "bench", "viewer", _PEPPER)
    catalog = PostgresCatalog(open_engine(server.url_app))
    ids: list[str] = []
    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        with catalog.transaction(_TENANT) as tx:
            changes = tx.stage([_recording(number) for number in numbers])
            ids += [str(change.entity.id) for change in changes]
    return key, ids


def _recording(number: int) -> SourceRecord:
    isrc = f"USSM1{number:07d}"
    values: dict[str, JsonValue] = {
        "artists": [{"name": f"Artist {number % 97}", "role": "MainArtist"}],
        "bpm": 60.0 + number % 120,
        "duration_ms": 180_000 + number,
        "genres": ["Jazz"],
        "isrc": isrc,
        "label": f"Label {number % 13}",
        "release_date": f"{1950 + number % 70}-01-01",
        "title": f"Title {number}",
    }
    claims = tuple(Claim(name, values[name]) for name in sorted(values))
    return SourceRecord(
        Kind.RECORDING,
        (f"isrc:{isrc}",),
        "tags",
        f"gs://bench/{number}",
        1,
        claims,
        datetime(2026, 1, 1, tzinfo=UTC),
    )


def _compare(database_url: str, key: str, ids: list[str], seconds: float) -> None:
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {sys.version[:6]}")
    print(f"input:   {len(ids)} recordings, {_CLIENTS} clients, {seconds:g} s each")
    headers = {"authorization": f"Bearer {key}"}
    settings = {
        "LINERNOTES_DATABASE_URL": database_url,
        "LINERNOTES_API_KEY_PEPPER": _PEPPER,
        "LINERNOTES_LOG_LEVEL": "WARNING",
    }
    with _served(_HELLO, {}) as port:
        hello = _rate(port, lambda _: "/", {}, seconds)
    print(f"hello:   {hello:7.0f} requests/s")
    with _served(_API, settings) as port:
        for name, path in _paths(ids).items():
            rate = _rate(port, path, headers, seconds)
            print(f"{name:8} {rate:7.0f} requests/s, {rate / hello:.2f} of hello")


def _paths(ids: list[str]) -> dict[str, Callable[[int], str]]:
    return {
        "by id:": lambda n: f"/api/tracks/{ids[n * 7919 % len(ids)]}",
        "list 50:": lambda _: "/api/tracks?limit=50",
        "filter:": lambda n: f"/api/tracks?label=label+{n % 13}&sort=title&limit=20",
    }


def _rate(
    port: int, path: Callable[[int], str], headers: dict[str, str], seconds: float
) -> float:
    counts = [0] * _CLIENTS
    until = time.perf_counter() + seconds

    def client(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < until:
            number = counts[place] * _CLIENTS + place
            connection.request("GET", path(number), headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            counts[place] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(n,)) for n in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


@contextmanager
def _served(source: str, settings: dict[str, str]) -> Iterator[int]:
    port = _free_port()
    program = (
        f"{source}\nimport uvicorn\n"
        f"uvicorn.run(app, port={port}, access_log=False, log_level='warning')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, **settings}
    )
    try:
        _await_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _await_port(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(json.dumps({"port": port}))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
