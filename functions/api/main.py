"""The entry point: opens what the settings name, at first use, and nothing else."""

from __future__ import annotations

from functools import cache, cached_property

import functions_framework.aio
from starlette.requests import Request
from starlette.types import ASGIApp

from shared.adapters.postgres.catalog import PostgresCatalog
from shared.adapters.postgres.engine import open_engine
from shared.adapters.postgres.queries import PostgresQueries
from shared.adapters.system import RandomIds, SystemClock
from shared.adapters.urls import open_bus, open_documents, open_object_store
from shared.ports.dead_letters import DeadLetters
from shared.ports.object_store import ObjectStore
from shared.runtime.logging import configure_logging
from shared.runtime.relay import Relay
from shared.runtime.settings import settings

from .access import Doorkeeper
from .app import build
from .operations import Services
from .pagination import Cursors
from .routes import all_operations

# Who may give a message up; listing them would need a right to the whole project.
SUBSCRIPTIONS = (
    "catalog-events.validate",
    "entity-extracted.enrich",
    "entity-extracted.validate",
    "export-requested.export",
    "object-uploaded.extract",
    "schedule.sync",
)

configure_logging(settings().log_level)


@functions_framework.aio.http
async def api(_: Request) -> ASGIApp:
    """Answer with the application: the framework calls what it is given."""
    return _application()


@cache
def _application() -> ASGIApp:
    # Made here, on the one thread that accepts requests: so there is one pool.
    services: Services = Wired()
    return build(
        all_operations(),
        services,
        threads=settings().database_pool_size,
        origins=settings().api_cors_origins.replace(",", " ").split(),
    )


class Wired:
    """Every service of this deployment, opened when it is first asked for."""

    clock = SystemClock()
    ids = RandomIds()

    def __init__(self) -> None:
        engine = open_engine(
            settings().database_url.get_secret_value(),
            pool_size=settings().database_pool_size,
        )
        pepper = settings().api_key_pepper.get_secret_value()
        self.catalog = PostgresCatalog(engine)
        self.queries = PostgresQueries(engine)
        self.doorkeeper = Doorkeeper(self.queries, pepper)
        self.cursors = Cursors(pepper)
        self.max_upload_bytes = settings().max_upload_bytes

    @cached_property
    def uploads(self) -> ObjectStore:
        return _store(settings().uploads_url)

    @cached_property
    def exports(self) -> ObjectStore:
        return _store(settings().exports_url)

    @cached_property
    def dead_letters(self) -> DeadLetters:
        from shared.adapters.pubsub_dead_letters import open_dead_letters

        return open_dead_letters(settings().bus_url, SUBSCRIPTIONS)

    @cached_property
    def _relay(self) -> Relay:
        bus = open_bus(settings().bus_url)
        return Relay(self.catalog, bus, open_documents(settings().documents_url))

    def relay(self, tenant_id: str) -> int:
        return self._relay.relay(tenant_id)


def _store(url: str) -> ObjectStore:
    return open_object_store(
        url, signer=settings().signer, signer_key_file=settings().signer_key_file
    )
