"""The process: how it starts, refuses to, and ends."""

import asyncio
import socket
import sys
from pathlib import Path

import httpx
import pytest

from infra.local.firestore.__main__ import main, options
from infra.local.firestore.server import Options, running
from tests.infra.local.firestore.servers import server


def test_it_ends_in_peace_while_clients_listen(connected):
    with server() as started:
        tracks = connected(started.address).collection("tracks")
        watch = tracks.on_snapshot(lambda *_: None)
        tracks.document("a").set({"x": 1})

        started.process.terminate()

        assert started.process.wait(10) == 0
        watch.unsubscribe()


@pytest.mark.parametrize("port", ["--port", "--web-port"])
def test_a_taken_port_is_said_in_a_line(port, monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        asked = {"--port": "0", "--web-port": "0", port: str(other.getsockname()[1])}
        arguments = [part for pair in asked.items() for part in pair]
        monkeypatch.setattr(sys, "argv", ["firestore", *arguments])

        assert main() == 1

    assert capsys.readouterr().err.startswith("firestore: ")


def test_a_server_can_run_within_a_program(tmp_path):
    async def run():
        given = Options(port=0, web_port=0, data=tmp_path)
        async with running(given) as started, httpx.AsyncClient() as http:
            health = await http.get(f"http://{started.web_address}/healthz")
        return health.text

    assert asyncio.run(run()) == "ok\n"
    assert (tmp_path / "journal.log").exists()


def test_ports_and_folder_are_options():
    given = options(["--port", "1", "--web-port", "2", "--data", "folder"])

    assert given == Options(port=1, web_port=2, data=Path("folder"))
    assert options([]) == Options()
