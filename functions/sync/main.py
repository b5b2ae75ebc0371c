"""Entry point: a minute has passed. Deliver what a crash left, begin what waits."""

from __future__ import annotations

import functions_framework
import structlog
from cloudevents.http import CloudEvent

from shared.adapters.system import SystemClock
from shared.events.schedule import SCHEDULE_TICK
from shared.runtime import wiring
from shared.runtime.batch import BatchSweep
from shared.runtime.handling import handling, pushed_message
from shared.runtime.logging import configure_logging
from shared.runtime.settings import settings

configure_logging(settings().log_level)

log = structlog.get_logger()


@functions_framework.cloud_event
def sync(event: CloudEvent) -> None:
    """Sweep the outboxes of all tenants, and let analyses go that are due."""
    with handling(event):
        if pushed_message(event).type != SCHEDULE_TICK:
            return
        relay = wiring.relay()
        delivered = relay.sweep()
        batch = BatchSweep(
            wiring.catalog(), SystemClock(), relay.relay, settings().audio_batch_size
        )
        released = batch.sweep()
        if delivered or released:
            log.info("swept", delivered=delivered, released=released)
