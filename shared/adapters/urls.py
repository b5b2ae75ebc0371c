"""From addresses to adapters. A client library is imported when one asks for it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from shared.domain.errors import InvalidInputError
from shared.ports.document_store import DocumentStore
from shared.ports.event_bus import EventBus
from shared.ports.object_store import ObjectStore


def open_object_store(
    url: str, *, signer: str = "key", signer_key_file: str = ""
) -> ObjectStore:
    """Return the store at *url*.

    `gs://bucket`, `s3://bucket?endpoint=http://…&region=…`, or `file:///folder`.
    *signer* says how a `gs://` store signs URLs: with the key in *signer_key_file*, or
    by `iam`.
    """
    parts = urlsplit(url)
    if parts.scheme == "gs":
        from google.cloud import storage

        from shared.adapters.gcs import GcsObjectStore
        from shared.adapters.gcs_signing import IamSigning, KeySigning

        signing = IamSigning() if signer == "iam" else KeySigning(Path(signer_key_file))
        return GcsObjectStore(storage.Client(), parts.netloc, signing)
    if parts.scheme == "s3":
        from shared.adapters.s3 import S3ObjectStore, s3_client

        options = parse_qs(parts.query)
        client = s3_client(
            endpoint_url=options.get("endpoint", [None])[0],
            region_name=options.get("region", [None])[0],
        )
        return S3ObjectStore(client, parts.netloc)
    if parts.scheme == "file":
        from shared.adapters.local import LocalObjectStore

        return LocalObjectStore(Path(unquote(parts.path)))
    raise InvalidInputError("no store has such an address", url=url)


def open_bus(url: str) -> EventBus:
    """Return the bus at *url*: `pubsub://project`, or `memory:` for tests."""
    parts = urlsplit(url)
    if parts.scheme == "pubsub":
        from shared.adapters.pubsub import PubSubBus, publisher

        return PubSubBus(publisher(), parts.netloc)
    if parts.scheme == "memory":
        from shared.adapters.memory.bus import MemoryBus

        return MemoryBus()
    raise InvalidInputError("no bus has such an address", url=url)


def open_documents(url: str) -> DocumentStore:
    """Return the store at *url*: `firestore://project/database`, or `memory:`."""
    parts = urlsplit(url)
    if parts.scheme == "firestore":
        from google.cloud import firestore

        from shared.adapters.firestore import FirestoreDocuments

        database = parts.path.strip("/") or None
        return FirestoreDocuments(firestore.Client(parts.netloc, database=database))
    if parts.scheme == "memory":
        from shared.adapters.memory.documents import MemoryDocuments

        return MemoryDocuments()
    raise InvalidInputError("no document store has such an address", url=url)
