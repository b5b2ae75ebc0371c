"""Dead letters: messages that could not be handled, looked at and driven again."""

from __future__ import annotations

import json

from starlette.responses import Response

from shared.domain.errors import NotFoundError
from shared.ports.dead_letters import DeadLetter

from ..access import Role
from ..operations import Call, Operation, Said, answered
from ..parameters import LIMIT
from ..problems import InvalidBodyError
from ..schemas.requests import RedriveRequest

_PEEK = 20


def list_letters(call: Call) -> Response:
    """Return the caller's own dead letters; those of other tenants are not shown."""
    letters = call.services.dead_letters
    limit = call.query.get("limit", _PEEK)
    items = [
        {
            "subscription": name,
            "messages": [
                _told(letter)
                for letter in letters.peek(name, tenant_id=call.tenant_id, limit=limit)
            ],
        }
        for name in letters.subscriptions()
    ]
    return answered({"items": items})


def _told(letter: DeadLetter) -> dict[str, object]:
    return {
        "message_id": letter.message_id,
        "published_at": letter.published_at.isoformat(),
        "delivery_attempts": letter.delivery_attempts,
        "attributes": dict(letter.attributes),
        "data": _content(letter.data),
    }


def _content(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")


def redrive(call: Call) -> Response:
    wanted: RedriveRequest = call.body
    name = call.names["subscription"]
    count = call.services.dead_letters.redrive(
        name, tenant_id=call.tenant_id, limit=wanted.limit
    )
    return answered({"subscription": name, "redriven": count})


OPERATIONS = (
    Operation(
        id="dead_letters.list",
        method="GET",
        path="/api/dead-letters",
        handler=list_letters,
        tag="dead letters",
        summary="Look at what was given up",
        description="Per subscription. Looking does not take messages away; one that "
        "somebody else looks at just now may be missing.",
        role=Role.ADMIN,
        parameters=(LIMIT,),
        answers={200: Said("All subscriptions.", "DeadLettersAnswer")},
    ),
    Operation(
        id="dead_letters.redrive",
        method="POST",
        path="/api/dead-letters/{subscription}/redrive",
        handler=redrive,
        tag="dead letters",
        summary="Try again what was given up",
        description="Publishes the messages again. Only the consumer that gave up "
        "acts: others know the event by its id.",
        role=Role.ADMIN,
        body=RedriveRequest,
        body_example={"limit": 100},
        answers={200: Said("How many were published.", "RedriveAnswer")},
        errors=(NotFoundError, InvalidBodyError),
    ),
)
