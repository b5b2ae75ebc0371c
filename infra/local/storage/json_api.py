"""The JSON interface without its transport: calls in, answers out.

HTTP requests and the parts of a batch both become a `Call`, so a batch can do whatever
a request can ("JSON API reference").
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from multidict import MultiMapping

from .errors import InvalidError, NotFoundError
from .preconditions import Preconditions
from .resources import Resource, unquoted, whole_number


@dataclass(frozen=True, slots=True)
class Call:
    """One request: *raw_path* is still percent-encoded, *query* is not."""

    method: str
    raw_path: str
    query: MultiMapping[str]
    base_url: str
    body: bytes = b""
    names: tuple[str, ...] = ()

    @property
    def conditions(self) -> Preconditions:
        return Preconditions.from_query(self.query)

    @property
    def source_conditions(self) -> Preconditions:
        return Preconditions.from_query(self.query, "ifSource")

    def number(self, name: str) -> int | None:
        """Return the whole number in parameter *name*, None where it is absent.

        Raises:
            InvalidError: it is not a number.
        """
        text = self.query.get(name)
        return whole_number(text, name) if text else None

    def resource(self) -> Resource:
        """Return the body as a JSON object; an absent body is an empty one.

        Raises:
            InvalidError: the body is something else.
        """
        try:
            parsed = json.loads(self.body) if self.body.strip() else {}
        except ValueError as exc:
            raise InvalidError("the body is not JSON") from exc
        if not isinstance(parsed, dict):
            raise InvalidError("the body is not a JSON object")
        return parsed


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered with; no resource, no body."""

    resource: Resource | None = None
    status: HTTPStatus = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict)


NO_CONTENT = Answer(status=HTTPStatus.NO_CONTENT)

Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path such as `/b/{}/o/{}`; each `{}` is one encoded name."""

    method: str
    path: str
    handler: Handler

    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.path).replace(r"\{\}", "([^/]+)"))


class JsonApi:
    """Finds the route of a call, and takes it."""

    ROOT = "/storage/v1"

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(route, route.pattern()) for route in routes]

    async def answer(self, call: Call) -> Answer:
        """Return the answer to *call*.

        Raises:
            NotFoundError: nothing is served at this path by this method.
            StorageError: whatever the route refuses.
        """
        path = call.raw_path.removeprefix(self.ROOT)
        for route, pattern in self._routes:
            match = pattern.fullmatch(path)
            if match is not None and route.method == call.method:
                names = tuple(unquoted(name) for name in match.groups())
                return await route.handler(_with_names(call, names))
        raise NotFoundError("no such method", method=call.method, path=call.raw_path)


def _with_names(call: Call, names: tuple[str, ...]) -> Call:
    return Call(call.method, call.raw_path, call.query, call.base_url, call.body, names)
