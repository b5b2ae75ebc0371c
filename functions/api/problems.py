"""Errors as RFC 9457 problems: one table from the domain's tree to HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from shared.domain.claims import JsonValue
from shared.domain.errors import (
    CatalogError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    LimitExceededError,
    NotFoundError,
    PermanentError,
    PreconditionFailedError,
    TransientError,
    UnauthorizedError,
    UnreadableFileError,
)

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/docs#problem-"


class BadRequestError(InvalidInputError):
    """A parameter or header breaks its rule."""

    code = "bad-request"


class MalformedBodyError(InvalidInputError):
    """The body is not the JSON that was announced."""

    code = "malformed-body"


class GoneError(NotFoundError):
    """The entry was deleted; its number of change still tells of it."""

    code = "gone"


class PreconditionRequiredError(PermanentError):
    """A change without If-Match could undo somebody else's (RFC 6585 §3)."""

    code = "precondition-required"


class BodyTooLargeError(LimitExceededError):
    """The body is larger than this service reads."""

    code = "body-too-large"


class UnsupportedMediaTypeError(PermanentError):
    """The body is of a type that this operation does not read."""

    code = "unsupported-media-type"


class MethodNotAllowedError(PermanentError):
    """The address exists, and does not do this."""

    code = "method-not-allowed"


class UnexpectedError(CatalogError):
    """A fault of ours."""

    code = "internal"


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of a body that is wrong, by JSON pointer (RFC 6901)."""

    pointer: str
    detail: str

    def to_json(self) -> dict[str, JsonValue]:
        return {"pointer": self.pointer, "detail": self.detail}


class InvalidBodyError(InvalidInputError):
    """The body is JSON, and says something that cannot be."""

    code = "invalid-body"

    def __init__(self, message: str, faults: Sequence[Fault], **facts: object) -> None:
        super().__init__(message, **facts)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Status:
    """How one class of errors is told over HTTP."""

    status: int
    title: str


STATUSES: Mapping[type[CatalogError], Status] = {
    BadRequestError: Status(400, "A parameter is wrong"),
    MalformedBodyError: Status(400, "The body is not JSON"),
    UnauthorizedError: Status(401, "Who you are is not known"),
    ForbiddenError: Status(403, "You may not do this"),
    GoneError: Status(410, "It was deleted"),
    NotFoundError: Status(404, "There is no such thing"),
    MethodNotAllowedError: Status(405, "This address does not do that"),
    ConflictError: Status(409, "Its state forbids this"),
    PreconditionFailedError: Status(412, "It changed since you looked"),
    BodyTooLargeError: Status(413, "The body is too large"),
    UnsupportedMediaTypeError: Status(415, "A body of this type is not read"),
    InvalidBodyError: Status(422, "The body says something that cannot be"),
    UnreadableFileError: Status(422, "The file cannot be read"),
    InvalidInputError: Status(422, "A value breaks its rule"),
    PreconditionRequiredError: Status(428, "If-Match is required"),
    LimitExceededError: Status(429, "More than is allowed"),
    UnexpectedError: Status(500, "A fault of ours"),
    PermanentError: Status(400, "This cannot be done"),
    TransientError: Status(503, "Try again shortly"),
    CatalogError: Status(500, "A fault of ours"),
}
"""The nearest class in an error's ancestry decides."""

_RETRY_AFTER_S = 2


def status_of(error: type[CatalogError]) -> Status:
    """Return the status of errors of a class."""
    return next(
        STATUSES[ancestor] for ancestor in error.__mro__ if ancestor in STATUSES
    )


def problem(error: CatalogError, *, instance: str, request_id: str) -> Response:
    """Return the answer that tells *error*."""
    told = status_of(type(error))
    body: dict[str, object] = {
        "type": TYPE_BASE + error.code,
        "title": told.title,
        "status": told.status,
        "detail": error.message,
        "code": error.code,
        # What failed behind the service is for its log, not for its callers.
        "facts": error.facts if told.status < 500 else {},
        "instance": instance,
        "request_id": request_id,
    }
    if isinstance(error, InvalidBodyError):
        body["errors"] = [fault.to_json() for fault in error.faults]
    return Response(
        json.dumps(body, default=_plain, ensure_ascii=False).encode(),
        told.status,
        _headers(error, told.status),
        MEDIA_TYPE,
    )


def _plain(value: object) -> object:
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)


def _headers(error: CatalogError, status: int) -> dict[str, str]:
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="linernotes"'
    if status == 503:
        headers["retry-after"] = str(_RETRY_AFTER_S)
    if isinstance(error, MethodNotAllowedError):
        headers["allow"] = str(error.facts.get("allow", ""))
    return headers
