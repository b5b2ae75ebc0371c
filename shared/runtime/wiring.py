"""What the settings name, opened at first use and kept: a warm instance reuses it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from shared.adapters.postgres.catalog import open_catalog
from shared.adapters.urls import open_bus, open_documents, open_object_store
from shared.ports.catalog import Catalog
from shared.ports.object_store import ObjectStore
from shared.runtime.relay import Relay
from shared.runtime.settings import settings

P = ParamSpec("P")
T = TypeVar("T")

_opening = threading.RLock()


def _opened_once(make: Callable[P, T]) -> Callable[P, T]:
    """Keep what *make* returns; of threads that come first together, one makes it."""
    kept = cache(make)

    @wraps(make)
    def opened(*args: P.args, **kwargs: P.kwargs) -> T:
        with _opening:
            return kept(*args, **kwargs)  # type: ignore[arg-type]

    return opened


@_opened_once
def catalog() -> Catalog:
    chosen = settings()
    return open_catalog(
        chosen.database_url.get_secret_value(), pool_size=chosen.database_pool_size
    )


@_opened_once
def relay() -> Relay:
    chosen = settings()
    return Relay(
        catalog(), open_bus(chosen.bus_url), open_documents(chosen.documents_url)
    )


@_opened_once
def object_store(url: str) -> ObjectStore:
    """Return the store at *url*, which is one of the settings' buckets."""
    chosen = settings()
    return open_object_store(
        url, signer=chosen.signer, signer_key_file=chosen.signer_key_file
    )
