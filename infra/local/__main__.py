"""`python -m infra.local`: a Google Cloud of one machine, in one command.

up       start everything in the background; return when all answers
down     stop everything; data are kept
reset    stop everything and delete the data
status   what runs, where, and where its log is
env      print the export lines that point any Google client at it
run      start everything here and stay (up does this in the background)
pubsub | firestore | storage   one server alone: `python -m infra.local.pubsub --help`
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from infra.local import environment, postgres
from infra.local.places import DEFAULT_PORT_BASE, Places
from infra.local.postgres import PostgresUnavailableError
from infra.local.processes import DidNotStartError
from infra.local.services import ROOT
from infra.local.stack import Stack, clear_leftovers, is_running, state_of

_UP_WITHIN_S = 180.0
_DOWN_WITHIN_S = 30.0
_POLL_S = 0.05


def main() -> int:
    options = _options()
    places = Places(options.data.absolute(), options.port_base)
    commands = {
        "up": up,
        "down": down,
        "reset": reset,
        "status": status,
        "env": env,
        "run": run,
    }
    try:
        return commands[options.command](places)
    except (DidNotStartError, PostgresUnavailableError, FileNotFoundError) as exc:
        print(f"error: {exc}", file=sys.stderr)
        return 1


def up(places: Places) -> int:
    """Start in the background, showing what the starting process says."""
    clear_leftovers(places)
    if is_running(state_of(places)):
        print("already up")
        return status(places)
    places.folder("logs").mkdir(parents=True, exist_ok=True)
    said = places.log("stack")
    said.write_text("")
    with said.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", *_same(places), "run"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return _follow(process, said)


def down(places: Places) -> int:
    state = state_of(places)
    if not is_running(state):
        clear_leftovers(places)
        print("nothing runs")
        return 0
    pid = int(str((state or {})["supervisor"]))
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + _DOWN_WITHIN_S
    while is_running(state) and time.monotonic() < end:
        time.sleep(_POLL_S)
    if is_running(state):
        print(f"error: process {pid} does not stop; see the logs", file=sys.stderr)
        return 1
    print("stopped; data are kept (`make reset` deletes them)")
    return 0


def reset(places: Places) -> int:
    code = down(places)
    if code == 0:
        postgres.remove(places.folder("postgres"))
        shutil.rmtree(places.data, ignore_errors=True)
        print(f"deleted {places.data}")
    return code


def status(places: Places) -> int:
    state = state_of(places)
    if not is_running(state):
        print("nothing runs; `make up` starts it")
        return 1
    children = (state or {}).get("children")
    for name, pid in (children if isinstance(children, dict) else {}).items():
        address = places.address(name)
        print(f"{name:<10} pid {pid:<8} {address:<22} log {places.log(name)}")
    return 0


def env(places: Places) -> int:
    found = environment.saved(places) or environment.client_environment(places)
    for name, value in sorted(found.items()):
        print(f"export {name}={shlex.quote(value)}")
    return 0


def run(places: Places) -> int:
    """Start everything and stay until told to stop."""
    clear_leftovers(places)
    stack = Stack(places, tell=lambda line: print(line, flush=True))

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    stack.start()
    try:
        stack.watch()
    finally:
        stack.stop()
    return 0


def _follow(process: subprocess.Popen[bytes], said: Path) -> int:
    end = time.monotonic() + _UP_WITHIN_S
    with said.open() as lines:
        while time.monotonic() < end:
            line = lines.readline()
            if line:
                print(line, end="", flush=True)
                if line.startswith("ready"):
                    return 0
            elif process.poll() is not None:
                print(lines.read(), end="")
                return process.returncode or 1
            else:
                time.sleep(_POLL_S)
    print("error: not ready in time; see the logs", file=sys.stderr)
    return 1


def _same(places: Places) -> list[str]:
    return ["--data", str(places.data), "--port-base", str(places.port_base)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command", choices=("up", "down", "reset", "status", "env", "run")
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT / ".local", help="where data and logs lie"
    )
    parser.add_argument(
        "--port-base",
        type=int,
        default=DEFAULT_PORT_BASE,
        help="the first of twelve ports in a row: the API's",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
