"""Cloud Scheduler's part: a tick on the topic `schedule`, again and again."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import UTC, datetime

import structlog
from google.api_core.exceptions import GoogleAPICallError
from google.cloud import pubsub_v1

from infra.local.places import PROJECT
from shared.events.schedule import SCHEDULE_TICK

_EVERY_S = 5.0

log = structlog.get_logger()


class Schedule:
    """Ticks in a thread of its own until stopped."""

    def __init__(self, every_s: float = _EVERY_S) -> None:
        self._every_s = every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * self._every_s)

    def _run(self) -> None:
        publisher = pubsub_v1.PublisherClient()
        topic = f"projects/{PROJECT}/topics/schedule"
        while not self._stopped.wait(self._every_s):
            try:
                publisher.publish(topic, _tick(), type=SCHEDULE_TICK).result(
                    self._every_s
                )
            except (GoogleAPICallError, TimeoutError) as exc:
                log.warning("tick lost", error=str(exc))


def _tick() -> bytes:
    event = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "//scheduler",
        "type": SCHEDULE_TICK,
        "time": datetime.now(UTC).isoformat(),
    }
    return json.dumps(event).encode()
