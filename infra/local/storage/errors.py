"""What the server refuses, with the words both interfaces use for it.

StorageError
├── InvalidError              400
├── ExpiredError              400  a signature or policy that was good once
├── ForbiddenError            403
│   └── SignatureError        403
├── NotFoundError             404
├── BucketNotFoundError       404
├── ConflictError             409
├── PreconditionFailedError   412
├── NotModifiedError          304
├── UnsatisfiableRangeError   416
├── OffsetError               503  a chunk that leaves a gap
└── UnsupportedError          501

Each class fixes the HTTP status, the `reason` of the JSON interface and the `Code` of
the XML interface; the message and the `facts` say what was refused.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar


class StorageError(Exception):
    """A request that is answered with an error status."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    reason: ClassVar[str] = "backendError"
    code: ClassVar[str] = "InternalError"

    def __init__(self, message: str, **facts: object) -> None:
        """Say *message* in fixed words; *facts* are the varying parts."""
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.message
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.message} ({facts})"

    def as_json(self) -> dict[str, Any]:
        """Return the error body of the JSON interface."""
        text = str(self)
        detail = {"domain": "global", "reason": self.reason, "message": text}
        return {
            "error": {"code": int(self.status), "message": text, "errors": [detail]}
        }


class InvalidError(StorageError):
    status = HTTPStatus.BAD_REQUEST
    reason = "invalid"
    code = "InvalidArgument"


class ExpiredError(StorageError):
    status = HTTPStatus.BAD_REQUEST
    reason = "expired"
    code = "ExpiredToken"


class ForbiddenError(StorageError):
    status = HTTPStatus.FORBIDDEN
    reason = "forbidden"
    code = "AccessDenied"


class SignatureError(ForbiddenError):
    code = "SignatureDoesNotMatch"


class NotFoundError(StorageError):
    status = HTTPStatus.NOT_FOUND
    reason = "notFound"
    code = "NoSuchKey"


class BucketNotFoundError(NotFoundError):
    code = "NoSuchBucket"


class ConflictError(StorageError):
    status = HTTPStatus.CONFLICT
    reason = "conflict"
    code = "Conflict"


class PreconditionFailedError(StorageError):
    status = HTTPStatus.PRECONDITION_FAILED
    reason = "conditionNotMet"
    code = "PreconditionFailed"


class NotModifiedError(StorageError):
    status = HTTPStatus.NOT_MODIFIED
    reason = "notModified"
    code = "NotModified"


class UnsatisfiableRangeError(StorageError):
    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    reason = "requestedRangeNotSatisfiable"
    code = "InvalidRange"


class OffsetError(StorageError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    reason = "backendError"
    code = "ServiceUnavailable"


class UnsupportedError(StorageError):
    status = HTTPStatus.NOT_IMPLEMENTED
    reason = "notImplemented"
    code = "NotImplemented"
