"""The server that the launcher and the tests run on."""

from __future__ import annotations

import os
import shutil
import stat
import time
from pathlib import Path

import pg8000.native
import pytest

from infra.local import postgres, postgres_binaries
from tests.contract.postgres import free_port

HOME = Path("/var/tmp") / f"linernotes-test-own-{os.getpid()}"


def asked(server, statement, user="linernotes_admin", database="linernotes", **over):
    password = {"postgres": server.credentials.superuser}.get(
        user, server.credentials.admin
    )
    options = {"host": "127.0.0.1", "port": server.port, "password": password} | over
    connection = pg8000.native.Connection(user, database=database, **options)
    try:
        return connection.run(statement)
    finally:
        connection.close()


@pytest.fixture(scope="module")
def server():
    started = time.monotonic()
    running = postgres.start(HOME, free_port(), home=HOME)
    running_after_s = time.monotonic() - started
    yield running, running_after_s
    running.kill()
    shutil.rmtree(HOME, ignore_errors=True)


def test_it_is_up_within_seconds(server):
    running, after_s = server

    assert running.is_running()
    assert after_s < 10


def test_the_owner_of_the_schema_is_no_superuser(server):
    (rights,) = asked(
        server[0],
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles "
        "WHERE rolname = current_user",
    )

    assert rights == [False, False, True]


def test_a_wrong_password_is_refused(server):
    with pytest.raises(pg8000.native.DatabaseError, match="authentication failed"):
        asked(server[0], "SELECT 1", password="wrong")


def test_it_answers_on_its_socket_too(server):
    running, _ = server

    assert asked(running, "SELECT 1", host=None, unix_sock=str(running.socket)) == [[1]]


def test_it_does_not_run_as_root_and_shows_its_data_to_nobody(server):
    running, _ = server
    data = running.home / "data"
    pid = (data / "postmaster.pid").read_text().split()[0]

    assert Path(f"/proc/{pid}").stat().st_uid != 0
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((running.home / "credentials.json").stat().st_mode) == 0o600


def test_data_survive_a_crash_and_a_restart(server):
    running, _ = server
    asked(running, "CREATE TABLE kept AS SELECT 42 AS answer")

    running.restart(crash=True)
    after_crash = asked(running, "SELECT answer FROM kept")
    running.restart()

    assert after_crash == asked(running, "SELECT answer FROM kept") == [[42]]


def test_starting_again_takes_the_same_data_on_another_port(server):
    running, _ = server
    asked(running, "CREATE TABLE IF NOT EXISTS again AS SELECT 7 AS answer")

    moved = postgres.start(HOME, free_port(), home=HOME)

    assert asked(moved, "SELECT answer FROM again") == [[7]]
    assert moved.credentials == running.credentials
    moved.stop()
    assert not moved.is_running()
    running.restart()


def test_a_start_that_fails_tells_what_the_server_said(server):
    running, _ = server
    other = HOME.with_name(f"{HOME.name}-busy")

    try:
        with pytest.raises(postgres.PostgresUnavailableError, match="in use"):
            postgres.start(other, running.port, home=other)
    finally:
        shutil.rmtree(other, ignore_errors=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another")
def test_data_that_the_server_could_not_reach_lie_elsewhere(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    home = postgres.home_of(closed / "data")

    assert home.parent == Path("/var/tmp")
    assert home == postgres.home_of(closed / "data")
    assert home != postgres.home_of(closed / "other")


def test_data_that_the_server_can_reach_lie_where_they_were_wanted():
    assert postgres.home_of(Path("/var/tmp/open/data")) == Path("/var/tmp/open/data")


def made_binaries(folder):
    folder.mkdir(parents=True)
    for name in ("initdb", "pg_ctl", "postgres"):
        (folder / name).touch(mode=0o755)
    return folder


def test_the_newest_of_several_versions_is_taken(tmp_path):
    made_binaries(tmp_path / "9.6" / "bin")
    newest = made_binaries(tmp_path / "15" / "bin")
    (tmp_path / "17" / "bin").mkdir(parents=True)

    assert postgres_binaries._of_debian(tmp_path) == newest


def test_a_server_on_the_path_is_found(tmp_path, monkeypatch):
    folder = made_binaries(tmp_path / "bin")
    monkeypatch.setenv("PATH", str(folder))

    assert postgres_binaries._on_path() == folder


def test_without_any_server_the_error_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres_binaries, "_of_debian", lambda: None)
    monkeypatch.setattr(postgres_binaries, "_cache", lambda: tmp_path)

    with pytest.raises(postgres_binaries.NoPostgresError, match="apt-get install"):
        postgres_binaries.find_binaries(fetch=False)
