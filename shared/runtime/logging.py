"""One JSON line per thing that happened, as Cloud Logging reads it.

structlog renders; the standard library's root logger feeds it what third parties say.
`severity`, `message` and `logging.googleapis.com/trace` are Cloud Logging's names.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_TRACE = "logging.googleapis.com/trace"


def configure_logging(level: str) -> None:
    """Send all logging to standard output as JSON lines from *level* upwards."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _as_cloud_logging_names,
    ]
    renderer = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
        ],
        foreign_pre_chain=[structlog.stdlib.add_log_level, *shared],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(renderer)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in ("google", "urllib3", "grpc", "asyncio", "numba"):
        logging.getLogger(chatty).setLevel("WARNING")
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _as_cloud_logging_names(
    _logger: object, _method: str, event: dict[str, Any]
) -> dict[str, Any]:
    event["severity"] = str(event.pop("level", "info")).upper()
    event["message"] = event.pop("event", "")
    trace = event.pop("trace", None)
    if trace:
        event[_TRACE] = trace
    return event
