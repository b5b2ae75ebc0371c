"""Requests and responses as JSON, the way browsers send and get them."""

from __future__ import annotations

import json
from typing import Any

import grpc
from google.protobuf import json_format

from .errors import StatusError, invalid
from .messages import Message
from .writes import verification

_HTTP_STATUS = {
    grpc.StatusCode.INVALID_ARGUMENT: 400,
    grpc.StatusCode.FAILED_PRECONDITION: 400,
    grpc.StatusCode.NOT_FOUND: 404,
    grpc.StatusCode.ALREADY_EXISTS: 409,
    grpc.StatusCode.ABORTED: 409,
    grpc.StatusCode.INTERNAL: 500,
    grpc.StatusCode.UNIMPLEMENTED: 501,
}


def from_text(text: str | bytes) -> dict[str, Any]:
    """Return the JSON object in *text*; nothing is an empty one.

    Raises:
        StatusError: INVALID_ARGUMENT where it is something else.
    """
    try:
        parsed = json.loads(text or "{}")
    except ValueError as exc:
        raise invalid(f"Not JSON: {exc}.") from exc
    if not isinstance(parsed, dict):
        raise invalid("The body must be a JSON object.")
    return parsed


def as_message(content: dict[str, Any], message_class: Any) -> Message:
    """Return *content* as a message; fields unknown to it are passed over.

    Raises:
        StatusError: INVALID_ARGUMENT where a known field has another type.
    """
    try:
        message = json_format.ParseDict(
            content, message_class(), ignore_unknown_fields=True
        )
    except json_format.ParseError as exc:
        raise invalid(str(exc)) from exc
    for index, write in enumerate(content.get("writes", ())):
        if "verify" in write:
            known = message.writes[index]
            known.MergeFrom(verification(write["verify"], known.current_document))
    return message


def as_json(message: Message) -> dict[str, Any]:
    return dict(json_format.MessageToDict(message))


def error_json(error: StatusError) -> dict[str, Any]:
    """Return *error* in the form that Google's APIs give errors."""
    return {
        "error": {
            "code": http_status(error),
            "message": error.message,
            "status": error.code.name,
        }
    }


def http_status(error: StatusError) -> int:
    return _HTTP_STATUS.get(error.code, 500)
