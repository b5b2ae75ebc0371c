"""Processes are started, watched, started again, and stopped with all they started."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from infra.local.processes import Child, DidNotStartError, is_free, kill_group
from tests.contract.postgres import free_port

_SERVER = "import http.server as s; s.test(s.SimpleHTTPRequestHandler, port={port})"


@pytest.fixture
def child(tmp_path):
    """Return how to make a child that runs a Python program; it is stopped later."""
    made = []

    def of(program, port=None, path=""):
        number = port or free_port()
        found = Child(
            "server",
            [sys.executable, "-c", program.format(port=number)],
            dict(os.environ),
            tmp_path / "logs" / "server.log",
            f"127.0.0.1:{number}",
            path,
        )
        made.append(found)
        return found

    yield of
    for one in made:
        one.stop()


def test_a_child_is_ready_once_it_answers(child):
    server = child(_SERVER, path="/")

    server.start()
    server.wait_until_ready(20)

    assert server.is_alive()
    assert server.is_ready()


def test_one_that_dies_is_told_with_its_last_words(child):
    server = child("import sys; sys.exit('no such port')")
    server.start()

    with pytest.raises(DidNotStartError, match="no such port"):
        server.wait_until_ready(20)


def test_one_that_never_answers_is_given_up(child):
    server = child("import time; time.sleep(30)")
    server.start()

    with pytest.raises(DidNotStartError, match="did not start"):
        server.wait_until_ready(0.3)


def test_a_dead_child_is_started_again(child):
    server = child(_SERVER)
    server.start()
    server.wait_until_ready(20)
    first = server.pid
    os.kill(first, signal.SIGKILL)

    end = time.monotonic() + 20
    while not server.revive() and time.monotonic() < end:
        time.sleep(0.02)

    server.wait_until_ready(20)
    assert server.pid != first
    assert server.restarts == 1


def test_a_living_child_is_left_alone(child):
    server = child("import time; time.sleep(30)")
    server.start()

    assert not server.revive()
    assert server.restarts == 0


def test_stopping_ends_what_the_child_started_too(child, tmp_path):
    told = tmp_path / "pid"
    server = child(
        "import subprocess, sys, time, pathlib;"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"pathlib.Path({str(told)!r}).write_text(str(p.pid)); time.sleep(60)"
    )
    server.start()
    end = time.monotonic() + 20
    while not (told.exists() and told.read_text()) and time.monotonic() < end:
        time.sleep(0.02)

    server.stop()

    end = time.monotonic() + 10
    while is_running(int(told.read_text())) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_running(int(told.read_text()))
    assert not server.is_alive()


def is_running(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_stopping_one_that_was_never_started_is_nothing(child):
    child("pass").stop()


def test_nothing_is_killed_for_a_process_that_is_gone():
    kill_group(0, signal.SIGKILL)
    kill_group(2**22 - 1, signal.SIGKILL)


def test_a_port_in_use_is_not_free():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()

        assert not is_free(held.getsockname()[1])
    assert is_free(free_port())
