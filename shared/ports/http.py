"""Asking other services over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HttpRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """*headers* have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient(Protocol):
    def send(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, whatever its status.

        Raises:
            TransientError: No answer came: refused, reset, timed out.
            InvalidInputError: The URL is none, or not of HTTP.
            LimitExceededError: The body is larger than the client reads.
        """
        ...
