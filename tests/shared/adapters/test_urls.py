import subprocess
import sys

import pytest

from shared.adapters.urls import open_bus, open_documents, open_object_store
from shared.domain.errors import InvalidInputError


def test_a_folder_is_opened_by_its_address(tmp_path):
    folder = tmp_path / "a b%ü"

    store = open_object_store(folder.as_uri())

    assert store.base_uri == folder.as_uri()
    store.create("x", b"", content_type="a/b")
    assert (folder / "x").exists()


def test_a_bucket_of_s3_is_opened_at_an_endpoint(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")

    store = open_object_store(
        "s3://bucket?endpoint=http://127.0.0.1:1&region=eu-west-1"
    )

    assert store.base_uri == "s3://bucket"


def test_a_bucket_of_cloud_storage_is_opened(monkeypatch):
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "project")

    store = open_object_store("gs://bucket", signer="key", signer_key_file="key.json")

    assert store.base_uri == "gs://bucket"


def test_a_bus_and_documents_in_memory_are_opened():
    open_bus("memory:").publish([])

    assert open_documents("memory:").read("a/b") is None


def test_firestore_and_pubsub_are_opened(monkeypatch):
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", "127.0.0.1:1")

    assert open_documents("firestore://project/other") is not None
    assert open_bus("pubsub://project") is not None


@pytest.mark.parametrize("opening", [open_object_store, open_bus, open_documents])
@pytest.mark.parametrize("url", ["", "ftp://x", "nonsense"])
def test_an_unknown_address_is_refused(opening, url):
    with pytest.raises(InvalidInputError):
        opening(url)


def test_no_client_library_is_loaded_before_it_is_asked_for():
    loaded = (
        "import sys, shared.adapters.urls as _;"
        "print([name for name in ('grpc', 'boto3', 'google.cloud.storage')"
        " if name in sys.modules])"
    )

    told = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"
