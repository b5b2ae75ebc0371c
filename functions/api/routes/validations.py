"""Checks of messages that people send in: at once where small, as a job where large."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID, uuid5

from starlette.responses import Response

from shared.domain.decisions import Validation, ValidationStatus
from shared.domain.errors import NotFoundError
from shared.events.pipeline import ValidationRequested

from ..access import Role
from ..operations import JSON, Call, Empty, Operation, Said, answered
from ..problems import BodyTooLargeError

_CHECKS: Final = UUID("b8a4f3b4-9a53-5c58-a3f6-6c2a5a4b3f21")
_LARGEST_BYTES: Final = 32 * 2**20
_AT_ONCE_BYTES: Final = 2 * 2**20
_WAIT_S: Final = 20.0


def validate(call: Call) -> Response:
    """Have a message checked; the same message of one day is checked once."""
    content: bytes = call.body
    said = (
        call.tenant_id,
        call.now().date().isoformat(),
        hashlib.sha256(content).hexdigest(),
    )
    validation_id = uuid5(_CHECKS, "\x1f".join(said))
    with call.services.catalog.transaction(call.tenant_id) as tx:
        known = tx.validation(validation_id)
        if known is None:
            known = _requested(call, validation_id, content)
            tx.save_validation(known)
            tx.announce(
                ValidationRequested(
                    event_id=validation_id,
                    tenant_id=call.tenant_id,
                    occurred_at=known.requested_at,
                    validation_id=validation_id,
                )
            )
            is_new = True
        else:
            is_new = False
    if is_new:
        call.services.relay(call.tenant_id)
    if known.status is ValidationStatus.DONE:
        return answered(known.to_json())
    later = answered(
        known.to_json(), 202, {"location": f"/api/validations/{validation_id}"}
    )
    if len(content) > _AT_ONCE_BYTES:
        return later
    # Asked again until it is done: a small one is, long before anybody gives up.
    return Empty(bytes(later.body), 202, dict(later.headers), JSON)


def _requested(call: Call, validation_id: UUID, content: bytes) -> Validation:
    return Validation(
        id=validation_id,
        tenant_id=call.tenant_id,
        status=ValidationStatus.REQUESTED,
        requested_at=call.now(),
        requested_by=call.caller.source,
        content=content,
    )


def get(call: Call) -> Response:
    with call.services.catalog.transaction(call.tenant_id) as tx:
        found = tx.validation(call.id)
    if found is None:
        raise NotFoundError("no such validation", id=call.id)
    return answered(found.to_json())


OPERATIONS = (
    Operation(
        id="validations.create",
        method="POST",
        path="/api/validate",
        handler=validate,
        tag="validations",
        summary="Check a DDEX message",
        description="Send the message as it is. A small one is checked at once; of a "
        "large one, up to 32 MiB, the answer comes at the address given.",
        role=Role.EDITOR,
        body="Xml",
        body_example='<?xml version="1.0" encoding="UTF-8"?>…',
        media_types=("application/xml", "text/xml"),
        answers={
            200: Said("What is wrong with it.", "ValidationAnswer"),
            202: Said("It will be checked.", "ValidationAnswer", ("Location",)),
        },
        errors=(BodyTooLargeError,),
        waits=lambda _: _WAIT_S,
        max_body_bytes=_LARGEST_BYTES,
    ),
    Operation(
        id="validations.get",
        method="GET",
        path="/api/validations/{id}",
        handler=get,
        tag="validations",
        summary="Get what is wrong with a message",
        description="Of a message that was sent in to be checked.",
        answers={200: Said("The check.", "ValidationAnswer")},
        errors=(NotFoundError,),
    ),
)
