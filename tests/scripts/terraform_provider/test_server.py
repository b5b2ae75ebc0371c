import json
import os
from pathlib import Path

from scripts.terraform_provider.server import PROVIDER, ProviderServer


def _attached(server):
    return json.loads(server.environment["TF_REATTACH_PROVIDERS"])[PROVIDER]


def test_terraform_is_told_where_the_server_listens():
    with ProviderServer() as server:
        attached = _attached(server)

        assert Path(attached["Addr"]["String"]).is_socket()

    assert attached["ProtocolVersion"] == 6
    assert attached["Pid"] == os.getpid()


def test_nothing_is_left_behind():
    with ProviderServer() as server:
        socket = Path(_attached(server)["Addr"]["String"])

    assert not socket.parent.exists()
