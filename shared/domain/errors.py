"""The errors that the catalog raises on purpose.

CatalogError
├── PermanentError        retrying cannot help: acknowledge, record, answer 4xx
│   ├── InvalidInputError
│   ├── UnreadableFileError
│   ├── NotFoundError
│   ├── ConflictError
│   ├── PreconditionFailedError
│   ├── UnauthorizedError
│   ├── ForbiddenError
│   └── LimitExceededError
└── TransientError        retrying may help: let the message come back, answer 503

The message is fixed words and the varying parts are `facts`, so that logs group and
APIs can explain. `code` is stable: people and programs may rely on it.
"""

from __future__ import annotations

from typing import ClassVar


class CatalogError(Exception):
    """Something the catalog foresaw: fixed words, `facts`, and a stable `code`."""

    code: ClassVar[str] = "catalog-error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.message
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.message} ({told})"


class PermanentError(CatalogError):
    """Retrying cannot help."""

    code = "permanent"


class InvalidInputError(PermanentError):
    """A value breaks the rule that it claims to follow."""

    code = "invalid-input"


class UnreadableFileError(InvalidInputError):
    """A file is damaged, or of a kind that nothing here reads."""

    code = "unreadable-file"


class NotFoundError(PermanentError):
    """There is no such thing, or none that the caller may see."""

    code = "not-found"


class ConflictError(PermanentError):
    """The thing already exists, or is in a state that forbids this."""

    code = "conflict"


class PreconditionFailedError(PermanentError):
    """The thing changed since the caller looked at it."""

    code = "precondition-failed"


class UnauthorizedError(PermanentError):
    """The caller has not said who they are, or it is not so."""

    code = "unauthorized"


class ForbiddenError(PermanentError):
    """The caller is known, and may not do this."""

    code = "forbidden"


class LimitExceededError(PermanentError):
    """The request is larger, or comes more often, than is allowed."""

    code = "limit-exceeded"


class TransientError(CatalogError):
    """Retrying may help: a service is away, busy, or lost a race."""

    code = "transient"
