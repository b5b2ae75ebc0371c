"""What every request leaves behind: one line in the log, and a few numbers."""

from __future__ import annotations

import structlog
from prometheus_client import Counter, Gauge, Histogram

log = structlog.get_logger()

REQUESTS = Counter(
    "linernotes_api_requests_total",
    "Requests by operation and status.",
    ["operation", "method", "status"],
)
SECONDS = Histogram(
    "linernotes_api_request_seconds",
    "Time to answer.",
    ["operation"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30),
)
IN_FLIGHT = Gauge("linernotes_api_requests_in_flight", "Requests being answered.")


def trace_of(header: str) -> str:
    """Return the trace's id in *header*: W3C `traceparent`, or empty."""
    parts = header.split("-")
    return parts[1] if len(parts) == 4 and len(parts[1]) == 32 else ""
