"""Entry point: somebody wants a file. Decode, wire, call; nothing else."""

from __future__ import annotations

from functools import cache

import functions_framework
from cloudevents.http import CloudEvent

from shared.adapters.postgres.engine import open_engine
from shared.adapters.postgres.queries import PostgresQueries
from shared.adapters.system import SystemClock
from shared.events.pipeline import ExportRequested
from shared.runtime import wiring
from shared.runtime.handling import decoded, handling, pushed_message
from shared.runtime.logging import configure_logging
from shared.runtime.settings import settings

from .service import Exporter
from .stores import Stores

configure_logging(settings().log_level)


@functions_framework.cloud_event
def export(event: CloudEvent) -> None:
    """Write the file that *event* asks for."""
    with handling(event):
        message = pushed_message(event)
        if message.type == ExportRequested.type:
            _exporter().export(decoded(message, ExportRequested))


@cache
def _exporter() -> Exporter:
    chosen = settings()
    engine = open_engine(chosen.database_url.get_secret_value(), pool_size=2)
    exports = wiring.object_store(chosen.exports_url)
    return Exporter(
        catalog=wiring.catalog(),
        queries=PostgresQueries(engine),
        exports=exports,
        clock=SystemClock(),
        relay=wiring.relay().relay,
        stores=Stores(
            uploads=wiring.object_store(chosen.uploads_url),
            resources=wiring.object_store(chosen.resources_url),
            exports=exports,
        ),
    )
