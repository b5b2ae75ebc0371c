import os
import uuid
from collections.abc import Iterator

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from tests.infra.local.firestore.servers import Server, server


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    with server() as started:
        yield started


@pytest.fixture
def connected():
    """Return what makes a client of the server at an address."""

    def client(address, project="proj-local", kind=firestore.Client):
        before = os.environ.get("FIRESTORE_EMULATOR_HOST")
        os.environ["FIRESTORE_EMULATOR_HOST"] = address
        try:
            return kind(project=project, credentials=AnonymousCredentials())
        finally:
            del os.environ["FIRESTORE_EMULATOR_HOST"]
            if before is not None:
                os.environ["FIRESTORE_EMULATOR_HOST"] = before

    return client


@pytest.fixture
def db(running, connected):
    """A client of an empty database: a project of its own on a shared server."""
    return connected(running.address, project=f"p-{uuid.uuid4().hex[:12]}")
