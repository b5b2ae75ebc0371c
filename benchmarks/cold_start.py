"""How much CPU each function takes to start, and the API to its first answer.

    python -m benchmarks.cold_start [--times 5]

Each start is a new process that imports the entry point; the API then answers
`/health` once, over ASGI. Bar: 1.5 s of CPU for the API.
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
_START = """
import importlib, os, sys
module = importlib.import_module(f"functions.{sys.argv[1]}.main")
if sys.argv[1] == "api":
    import asyncio
    answers = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        answers.append(message)
    async def ask(application):
        await application({
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1",
            "method": "GET", "scheme": "http", "path": "/health",
            "raw_path": b"/health", "query_string": b"", "root_path": "",
            "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80)}, receive, send)
    from functions_framework.aio import create_asgi_app
    asyncio.run(ask(create_asgi_app("api", "functions/api/main.py", "http")))
    assert answers[0]["status"] == 200, answers
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
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
