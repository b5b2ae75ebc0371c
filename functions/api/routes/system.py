"""The service itself: who is asking, is it well, what does it do."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import RedirectResponse, Response

from shared.domain.errors import TransientError

from ..operations import VERSION, Call, Operation, Said, answered, raw

_DOCS_MAY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_KEPT = {"cache-control": "public, max-age=300"}


def me(call: Call) -> Response:
    caller = call.caller
    return answered(
        {
            "tenant_id": caller.tenant_id,
            "client": {"id": caller.client_id, "name": caller.name},
            "role": caller.role.name.lower(),
        }
    )


def health(call: Call) -> Response:
    try:
        reached = call.services.queries.reached()
    except TransientError:
        reached = False
    return answered(
        {
            "status": "ok" if reached else "degraded",
            "database": "reached" if reached else "away",
            "version": VERSION,
        },
        200 if reached else 503,
        {"cache-control": "no-store"},
    )


def metrics(_: Call) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def openapi(_: Call) -> Response:
    from ..openapi import document_bytes

    return raw(document_bytes(), headers=_KEPT)


def docs(_: Call) -> Response:
    from ..docs import page

    headers = {**_KEPT, "content-security-policy": _DOCS_MAY}
    return Response(page(), headers=headers, media_type="text/html")


def root(_: Call) -> Response:
    return RedirectResponse("/docs")


OPERATIONS = (
    Operation(
        id="me.get",
        method="GET",
        path="/api/me",
        handler=me,
        tag="service",
        summary="Who am I",
        answers={200: Said("The key's holder.", "MeAnswer")},
    ),
    Operation(
        id="health.get",
        method="GET",
        path="/health",
        handler=health,
        tag="service",
        summary="Is it well",
        role=None,
        answers={
            200: Said("It is.", "HealthAnswer"),
            503: Said("The database is away.", "HealthAnswer"),
        },
    ),
    Operation(
        id="metrics.get",
        method="GET",
        path="/metrics",
        handler=metrics,
        tag="service",
        summary="Figures, for Prometheus",
        role=None,
        answers={200: Said("Text.", media_type="text/plain")},
    ),
    Operation(
        id="openapi.get",
        method="GET",
        path="/openapi.json",
        handler=openapi,
        tag="service",
        summary="This document",
        role=None,
        answers={200: Said("OpenAPI 3.1.", "AnyObject")},
    ),
    Operation(
        id="docs.get",
        method="GET",
        path="/docs",
        handler=docs,
        tag="service",
        summary="This document, to read",
        role=None,
        answers={200: Said("A page.", media_type="text/html")},
    ),
    Operation(
        id="root.get",
        method="GET",
        path="/",
        handler=root,
        tag="service",
        summary="Go to the documentation",
        role=None,
        answers={307: Said("To `/docs`.", headers=("Location",))},
    ),
)
