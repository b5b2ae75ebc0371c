"""The change feed: every change of the catalog, numbered without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from shared.domain.claims import Kind

from ..operations import JSON, Call, Empty, Operation, Said, raw
from ..pagination import DEFAULT_LIMIT
from ..parameters import LIMIT, several, whole

_MAX_WAIT_S = 25


def list_updates(call: Call) -> Response:
    """Return what changed after a number; Empty where nothing did."""
    kinds = tuple(Kind(name) for name in call.query.get("types", ()))
    page = call.services.queries.updates(
        call.tenant_id,
        call.query.get("since", 0),
        call.query.get("limit", DEFAULT_LIMIT),
        kinds,
    )
    more = "true" if page.more else "false"
    body = (
        f'{{"items":[{",".join(page.items)}],'
        f'"next_since":{page.next_since},"more":{more}}}'
    ).encode()
    return raw(body) if page.items else Empty(body, media_type=JSON)


def _wait_s(query: Mapping[str, Any]) -> float:
    return float(query.get("wait_s", 0))


OPERATIONS = (
    Operation(
        id="updates.list",
        method="GET",
        path="/api/updates",
        handler=list_updates,
        tag="updates",
        summary="Follow every change",
        description="Begin with `since=0`, then go on with `next_since`: nothing is "
        "missed, and asking again for the same number gives the same. Deletions and "
        "merges are changes too. With `wait_s` an empty answer waits for something to "
        "happen.",
        parameters=(
            whole("since", "Changes numbered above this.", 0, 2**62, 0),
            several(
                "types",
                "Only of these kinds.",
                [str(kind) for kind in Kind],
                "recording,release",
            ),
            whole("wait_s", "For how long to wait.", 0, _MAX_WAIT_S, 20),
            LIMIT,
        ),
        answers={200: Said("Changes, oldest first.", "UpdatesAnswer")},
        waits=_wait_s,
    ),
)
