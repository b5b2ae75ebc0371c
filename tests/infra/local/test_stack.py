"""What is recorded of a running local cloud, and what a dead one left."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time

import pytest

from infra.local.places import Places
from infra.local.processes import DidNotStartError
from infra.local.stack import Stack, clear_leftovers, is_running, state_of
from tests.contract.postgres import free_port


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path, free_port())


@pytest.fixture
def gone():
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def record(places, supervisor, **children):
    told = {"supervisor": supervisor, "ready": True, "children": children}
    places.state.write_text(json.dumps(told))


def test_where_nothing_runs_there_is_no_state(places):
    assert state_of(places) is None
    assert not is_running(None)


def test_a_state_that_was_half_written_is_none(places):
    places.state.write_text('{"supervisor":')

    assert state_of(places) is None


def test_it_runs_as_long_as_its_supervisor(places, gone):
    record(places, os.getpid())
    assert is_running(state_of(places))

    record(places, gone)
    assert not is_running(state_of(places))


def test_what_a_killed_supervisor_left_is_ended(places, gone):
    left = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    record(places, gone, api=left.pid)

    clear_leftovers(places)

    assert left.wait(10) < 0
    assert not places.state.exists()


def test_what_runs_is_not_cleared(places):
    record(places, os.getpid())

    clear_leftovers(places)

    assert places.state.exists()


def test_a_taken_port_is_told_and_nothing_is_started(places):
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", places.port("firestore")))
        held.listen()
        stack = Stack(places)

        with pytest.raises(DidNotStartError, match=str(places.port("firestore"))):
            stack.start()

    assert stack.children == []
    assert not places.state.exists()


def test_a_database_that_was_not_started_has_no_address(places):
    with pytest.raises(DidNotStartError):
        _ = Stack(places).admin_url


def test_watching_ends_when_it_is_stopped(places):
    stack = Stack(places)
    stack.stop()
    begun = time.monotonic()

    stack.watch()

    assert time.monotonic() - begun < 5
