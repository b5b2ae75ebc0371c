"""What the server refuses, as the gRPC status that the client sees.

The words are fixed; what varies are facts, appended for the reader.
"""

from __future__ import annotations

import grpc


class StatusError(Exception):
    """A request is answered with a gRPC status other than OK."""

    status = grpc.StatusCode.UNKNOWN

    def __init__(self, words: str, **facts: object) -> None:
        super().__init__(words)
        self.words = words
        self.facts = facts
        self.trailing_metadata: tuple[tuple[str, bytes], ...] = ()

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.words} ({facts})." if facts else f"{self.words}."


class InvalidArgumentError(StatusError):
    status = grpc.StatusCode.INVALID_ARGUMENT


class MissingError(StatusError):
    status = grpc.StatusCode.NOT_FOUND


class ExistsError(StatusError):
    status = grpc.StatusCode.ALREADY_EXISTS


class PreconditionError(StatusError):
    status = grpc.StatusCode.FAILED_PRECONDITION


class UnavailableError(StatusError):
    """The client may try again: the server stops, or could not write."""

    status = grpc.StatusCode.UNAVAILABLE
