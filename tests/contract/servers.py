"""The stand-ins of the cloud, each in a process of its own, on free ports.

Others import the fixtures from here: `from tests.contract.servers import ...`.
"""

from __future__ import annotations

import itertools
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore, pubsub_v1, storage
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

PROJECT = "proj-contract"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class StorageServer:
    url: str
    signer_key_file: Path


@pytest.fixture(scope="session")
def storage_server(tmp_path_factory) -> Iterator[StorageServer]:
    folder = tmp_path_factory.mktemp("storage")
    arguments = ["--port=0", f"--data={folder / 'data'}", f"--keys={folder / 'keys'}"]
    with _process("storage", arguments, r"storage: serving (\S+)") as (url,):
        from infra.local.storage import service_account_file

        yield StorageServer(url, service_account_file(folder / "keys"))


@pytest.fixture(scope="session")
def pubsub_address() -> Iterator[str]:
    """Return what PUBSUB_EMULATOR_HOST has to be."""
    arguments = ["--port=0", "--admin-port=0"]
    with _process("pubsub", arguments, r"pubsub on (\S+), admin on \S+") as (address,):
        yield address


@pytest.fixture(scope="session")
def firestore_address() -> Iterator[str]:
    """Return what FIRESTORE_EMULATOR_HOST has to be."""
    arguments = ["--port=0", "--web-port=0"]
    with _process("firestore", arguments, r"firestore on (\S+), web on \S+") as found:
        yield found[0]


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def storage_client(storage_server) -> Iterator[storage.Client]:
    client = storage_client_of(storage_server.url)
    yield client
    client.close()


@pytest.fixture(scope="session")
def connect_firestore() -> Callable[[str], firestore.Client]:
    """Return what makes a client, of an empty database, of the server at an address."""

    def connect(address: str) -> firestore.Client:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FIRESTORE_EMULATOR_HOST", address)
            return firestore.Client(
                f"{PROJECT}-{next(_numbers)}", credentials=AnonymousCredentials()
            )

    return connect


@pytest.fixture(scope="session")
def subscriber(pubsub_address) -> Iterator[pubsub_v1.SubscriberClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBSUB_EMULATOR_HOST", pubsub_address)
        client = pubsub_v1.SubscriberClient()
    yield client
    client.close()


@pytest.fixture
def closed_port() -> int:
    """Return a port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def storage_client_of(url: str) -> storage.Client:
    return storage.Client(
        project=PROJECT,
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": url},
    )


def s3_keys() -> dict[str, str]:
    """Return credentials that moto takes: it takes any."""
    return {"aws_access_key_id": "local", "aws_secret_access_key": "local"}


def make_s3_bucket(url: str, name: str) -> None:
    client = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **s3_keys())
    client.create_bucket(Bucket=name)
    client.close()


def fresh(prefix: str) -> str:
    """Return a name nobody else uses."""
    return f"{prefix}-{next(_numbers)}"


@contextmanager
def _process(
    service: str, arguments: list[str], announced: str
) -> Iterator[tuple[str, ...]]:
    command = [sys.executable, "-m", f"infra.local.{service}", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            found = re.fullmatch(announced, said.strip())
            assert found, f"{service} did not start: {said!r}"
            yield found.groups()
        finally:
            process.terminate()
