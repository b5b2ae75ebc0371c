"""What `kill -9` leaves, how much memory large objects take, who owns the data."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from infra.local.storage.errors import ConflictError
from infra.local.storage.service import Service

BLOCK = 1 << 20


class Process:
    """A server in a process of its own."""

    def __init__(self, folder, **environment):
        command = [sys.executable, "-m", "infra.local.storage", "--port", "0"]
        command += ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        line = self._process.stdout.readline()
        self.base_url = line.rpartition(" ")[2].strip()

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()

    def stop(self):
        if self._process.poll() is None:
            self._process.terminate()
            assert self._process.wait(10) == 0
            self._process.stdout.close()

    def peak_memory_bytes(self):
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


@pytest.fixture
def start(tmp_path):
    with ExitStack() as stack:

        def process(**environment):
            started = Process(tmp_path, **environment)
            stack.callback(started.stop)
            return started

        yield process


def _half_an_upload(base_url, path):
    """Open a connection, and send half of what it announces."""
    host, port = base_url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    head = f"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {8 * BLOCK}"
    connection.sendall(head.encode() + b"\r\n\r\n" + bytes(4 * BLOCK))
    time.sleep(0.15)
    return connection


def test_an_upload_cut_by_kill_leaves_nothing_and_what_was_there_stays(
    start, connect, tmp_path
):
    server = start()
    bucket = connect(server.base_url).create_bucket("uploads")
    bucket.blob("old").upload_from_string("content", content_type="audio/flac")
    bucket.blob("overwritten").upload_from_string("before")
    with (
        _half_an_upload(server.base_url, "/uploads/new"),
        _half_an_upload(server.base_url, "/uploads/overwritten"),
    ):
        server.kill()

    revived = connect(start().base_url).bucket("uploads")

    assert {blob.name for blob in revived.list_blobs()} == {"old", "overwritten"}
    assert revived.blob("old").download_as_bytes() == b"content"
    assert revived.get_blob("old").content_type == "audio/flac"
    assert revived.blob("overwritten").download_as_bytes() == b"before"
    assert len(list((tmp_path / "data" / "content").iterdir())) == 2


def test_a_session_goes_on_after_kill(start, connect):
    server = start()
    bucket = connect(server.base_url).create_bucket("uploads")
    session = bucket.blob("x").create_resumable_upload_session()
    half = {"Content-Range": f"bytes 0-{BLOCK - 1}/{2 * BLOCK}"}
    httpx.put(session, content=b"a" * BLOCK, headers=half)
    server.kill()

    revived = start()
    session = session.replace(server.base_url, revived.base_url)
    asked = httpx.put(session, headers={"Content-Range": "bytes */*"})
    rest = {"Content-Range": f"bytes {BLOCK}-{2 * BLOCK - 1}/{2 * BLOCK}"}
    finished = httpx.put(session, content=b"b" * BLOCK, headers=rest)

    assert asked.headers["Range"] == f"bytes=0-{BLOCK - 1}"
    assert finished.status_code == 200
    stored = connect(revived.base_url).bucket("uploads").blob("x")
    assert stored.download_as_bytes() == b"a" * BLOCK + b"b" * BLOCK


def test_every_answered_upload_is_there_after_kill_and_its_notification_too(
    start, connect, unused_port
):
    server = start(PUBSUB_EMULATOR_HOST=f"127.0.0.1:{unused_port}")
    bucket = connect(server.base_url).create_bucket("uploads")
    bucket.notification("t", topic_project="proj-local").create()
    for number in range(50):
        bucket.blob(f"{number:02}").upload_from_string(str(number))
    server.kill()

    revived = start(PUBSUB_EMULATOR_HOST=f"127.0.0.1:{unused_port}")
    names = [blob.name for blob in connect(revived.base_url).list_blobs("uploads")]
    status = httpx.get(f"{revived.base_url}/_local/status").json()

    assert names == [f"{number:02}" for number in range(50)]
    assert status["notifications_waiting"] == 50
    assert status["notification_errors"]


def test_generations_ascend_over_restarts(running, connect, tmp_path):
    with running(tmp_path) as base_url:
        blob = connect(base_url).create_bucket("uploads").blob("x")
        blob.upload_from_string("1")

    with running(tmp_path) as base_url:
        later = connect(base_url).bucket("uploads").blob("x")
        later.upload_from_string("2")

    assert later.generation > blob.generation


def test_one_folder_serves_one_server(running, tmp_path):
    with running(tmp_path), pytest.raises(ConflictError, match="another server"):
        Service.open(tmp_path / "data", tmp_path / "keys")

    Service.open(tmp_path / "data", tmp_path / "keys").close()


def test_a_large_object_passes_through_in_little_memory(start, connect):
    server = start()
    connect(server.base_url).create_bucket("uploads")
    block = os.urandom(BLOCK)
    httpx.put(f"{server.base_url}/uploads/warm-up", content=block * 4)
    httpx.get(f"{server.base_url}/uploads/warm-up")
    before = server.peak_memory_bytes()

    sent = httpx.put(
        f"{server.base_url}/uploads/large.wav",
        content=(block for _ in range(300)),
        timeout=60,
    )
    with httpx.stream("GET", f"{server.base_url}/uploads/large.wav") as response:
        received = sum(len(part) for part in response.iter_raw(BLOCK))

    assert sent.status_code == 200
    assert received == 300 * BLOCK
    assert server.peak_memory_bytes() - before < 64 * BLOCK
