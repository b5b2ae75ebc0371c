"""How much CPU each function takes to start, and the API to its first answer.

    python -m benchmarks.cold_start [--times 5]

Each start is a new process that imports the entry point; the API then answers
`/docs` once, over ASGI. Bar: 1.5 s of CPU for the API.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks._machine import machine
from infra.local.trial import available_functions

_ROOT = Path(__file__).resolve().parents[1]
_API_BAR_S = 1.5
# Nobody answers there: neither a start nor the page that is asked for needs them.
_SETTINGS = {
    "LINERNOTES_DATABASE_URL": "postgresql+pg8000://app:none@127.0.0.1:1/none",
    "LINERNOTES_BUS_URL": "pubsub://none",
    "LINERNOTES_DOCUMENTS_URL": "firestore://none",
    "LINERNOTES_UPLOADS_URL": "gs://none",
    "LINERNOTES_EXPORTS_URL": "gs://none",
    "LINERNOTES_API_KEY_PEPPER": "none",
}
_START = """
import asyncio, importlib, os, sys
module = importlib.import_module(f"functions.{sys.argv[1]}.main")
if sys.argv[1] == "api":
    from starlette.requests import Request
    statuses = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        statuses.append(message.get("status", 0))
    async def ask():
        request = Request({
            "type": "http", "method": "GET", "scheme": "http", "path": "/docs",
            "query_string": b"", "root_path": "", "path_params": {}, "headers": [],
            "http_version": "1.1", "server": ("api", 80)}, receive)
        answer = await module.api(request)
        await answer(request.scope, receive, send)
    asyncio.run(ask())
    assert statuses[0] == 200, statuses
print(sum(os.times()[:2]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure cold starts.")
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    print(machine())
    print(f"input: {times} starts of each function, CPU seconds of the process, median")
    for name in available_functions():
        taken_s = statistics.median(cpu_s(name) for _ in range(times))
        told = f"{name:<10} {taken_s:.2f} s CPU"
        if name == "api":
            told += f" with its first answer; bar {_API_BAR_S} s, ratio "
            told += f"{taken_s / _API_BAR_S:.2f}"
        print(told, flush=True)


def cpu_s(name: str) -> float:
    """Return the CPU seconds of one start of a function."""
    done = subprocess.run(
        [sys.executable, "-c", _START, name],
        cwd=_ROOT,
        env={**os.environ, **_SETTINGS, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
