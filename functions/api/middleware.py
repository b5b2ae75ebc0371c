"""Around every answer: request ids, one log line, metrics, CORS, safe headers, gzip.

Plain ASGI, one layer: the path that every request takes is kept short.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .telemetry import IN_FLIGHT, REQUESTS, SECONDS, log, trace_of

REQUEST_ID = "x-request-id"

_REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{1,128}")
_SAFE = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("strict-transport-security", "max-age=31536000"),
    ("cross-origin-resource-policy", "same-site"),
)
_NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
_EXPOSED = "etag, link, location, x-request-id, retry-after, idempotency-replayed"
_ACCEPTED = (
    "authorization, x-api-key, content-type, if-match, if-none-match,"
    " idempotency-key, x-request-id"
)
_PREFLIGHT_S = 600


@dataclass(slots=True)
class _Seen:
    """What is known of one request once it is answered."""

    request_id: str
    origin: str
    started: float = field(default_factory=time.perf_counter)
    status: int = 500
    sent_bytes: int = 0


class Envelope:
    """Wraps *app* so that every answer is identified, counted and safe to show."""

    def __init__(self, app: ASGIApp, *, origins: Sequence[str] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        asked = headers.get(REQUEST_ID, "")
        fits = _REQUEST_ID_FORM.fullmatch(asked) is not None
        seen = _Seen(asked if fits else uuid4().hex, headers.get("origin", ""))
        scope.setdefault("state", {})["request_id"] = seen.request_id

        async def send_enveloped(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                self._dress(MutableHeaders(scope=message), scope, seen)
            else:
                seen.sent_bytes += len(message.get("body", b""))
            await send(message)

        IN_FLIGHT.inc()
        try:
            await self._app(scope, receive, send_enveloped)
        finally:
            IN_FLIGHT.dec()
            _record(scope, headers, seen)

    def _dress(self, headers: MutableHeaders, scope: Scope, seen: _Seen) -> None:
        headers[REQUEST_ID] = seen.request_id
        for name, value in _SAFE:
            headers[name] = value
        headers.setdefault("content-security-policy", _NOTHING_RUNS)
        headers.setdefault("cache-control", "private, no-cache")
        headers.add_vary_header("authorization")
        if not self._origins:
            return
        headers.add_vary_header("origin")
        if seen.origin in self._origins or "*" in self._origins:
            headers["access-control-allow-origin"] = seen.origin or "*"
            headers["access-control-expose-headers"] = _EXPOSED
            if scope["method"] == "OPTIONS":
                headers["access-control-allow-methods"] = headers.get("allow", "")
                headers["access-control-allow-headers"] = _ACCEPTED
                headers["access-control-max-age"] = str(_PREFLIGHT_S)


def _record(scope: Scope, headers: Headers, seen: _Seen) -> None:
    elapsed_s = time.perf_counter() - seen.started
    state = scope["state"]
    operation = state.get("operation", "none")
    REQUESTS.labels(operation, scope["method"], str(seen.status)).inc()
    SECONDS.labels(operation).observe(elapsed_s)
    log.info(
        "answered",
        method=scope["method"],
        path=scope["path"],
        operation=operation,
        status=seen.status,
        elapsed_ms=round(elapsed_s * 1000, 2),
        sent_bytes=seen.sent_bytes,
        request_id=seen.request_id,
        tenant=state.get("tenant", ""),
        client=state.get("client", ""),
        code=state.get("code", ""),
        trace=trace_of(headers.get("traceparent", "")),
    )
