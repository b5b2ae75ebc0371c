"""What the settings name, opened at first use and kept: a warm instance reuses it."""

from __future__ import annotations

from functools import cache

from shared.adapters.postgres.catalog import open_catalog
from shared.adapters.urls import open_bus, open_documents, open_object_store
from shared.ports.catalog import Catalog
from shared.ports.object_store import ObjectStore
from shared.runtime.relay import Relay
from shared.runtime.settings import settings


@cache
def catalog() -> Catalog:
    chosen = settings()
    return open_catalog(
        chosen.database_url.get_secret_value(), pool_size=chosen.database_pool_size
    )


@cache
def relay() -> Relay:
    chosen = settings()
    return Relay(
        catalog(), open_bus(chosen.bus_url), open_documents(chosen.documents_url)
    )


@cache
def object_store(url: str) -> ObjectStore:
    """Return the store at *url*, which is one of the settings' buckets."""
    chosen = settings()
    return open_object_store(
        url, signer=chosen.signer, signer_key_file=chosen.signer_key_file
    )
