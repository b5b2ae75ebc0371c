"""One operation of the API: its address, what it takes, who may, and what answers.

The table of operations is the only place where an address is written down: routing,
checks of access and parameters, and the OpenAPI document all follow from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import Response

from shared.domain.errors import CatalogError, UnauthorizedError
from shared.ports.catalog import Catalog
from shared.ports.clock import Clock, IdMaker
from shared.ports.dead_letters import DeadLetters
from shared.ports.object_store import ObjectStore
from shared.ports.queries import CatalogQueries

from .access import Caller, Doorkeeper, Role
from .pagination import Cursors
from .parameters import Parameter, entity_id

VERSION = "0.1.0"
JSON = "application/json"


class Services(Protocol):
    """What the operations work with; each may be opened when it is first asked for."""

    @property
    def catalog(self) -> Catalog: ...

    @property
    def queries(self) -> CatalogQueries: ...

    @property
    def uploads(self) -> ObjectStore: ...

    @property
    def exports(self) -> ObjectStore: ...

    @property
    def dead_letters(self) -> DeadLetters: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def ids(self) -> IdMaker: ...

    @property
    def doorkeeper(self) -> Doorkeeper: ...

    @property
    def cursors(self) -> Cursors: ...

    @property
    def max_upload_bytes(self) -> int:
        """The largest object that may be announced."""
        ...

    def relay(self, tenant_id: str) -> object:
        """Deliver what a commit of this tenant left outgoing."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One request, checked and parsed.

    Attributes:
        path: The address as asked for, without its query.
        names: The parts of the address that vary.
        query: Parsed parameters, by name.
        asked: The same as they were written.
        body: As the operation's model, or a plain object where it has none.
    """

    services: Services
    path: str
    names: Mapping[str, str]
    query: Mapping[str, Any]
    asked: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any = None
    known_caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        if self.known_caller is None:
            raise UnauthorizedError("this needs an API key")
        return self.known_caller

    @property
    def tenant_id(self) -> str:
        return self.caller.tenant_id

    @property
    def id(self) -> UUID:
        """The id in the address."""
        return entity_id(self.names["id"])

    def now(self) -> datetime:
        return self.services.clock.now()


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of an operation, for the document.

    Attributes:
        schema: The name of a component, empty where there is no body.
        headers: Names of the headers that matter.
    """

    description: str
    schema: str = ""
    headers: tuple[str, ...] = ()
    media_type: str = JSON


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    Attributes:
        role: The least role that may; None where no key is asked for.
        errors: What may go wrong beyond what may everywhere.
        waits: For how many seconds the handler is asked again while it has nothing.
        max_body_bytes: How large a body may be; 0 for what holds everywhere.
    """

    id: str
    method: str
    path: str
    handler: Handler
    tag: str
    summary: str
    answers: Mapping[int, Said]
    description: str = ""
    role: Role | None = Role.VIEWER
    parameters: tuple[Parameter, ...] = ()
    body: type[BaseModel] | str | None = None
    body_example: object = None
    media_types: tuple[str, ...] = (JSON,)
    errors: tuple[type[CatalogError], ...] = ()
    headers: tuple[str, ...] = ()
    waits: Callable[[Mapping[str, Any]], float] | None = None
    max_body_bytes: int = 0


class Empty(Response):
    """An answer with nothing in it yet: whoever waits has it asked for again."""


def answered(
    content: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return *content* as JSON."""
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return raw(body, status, headers)


def raw(
    body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return JSON that is ready."""
    return Response(body, status, dict(headers or {}), JSON)


def listed(
    items: Sequence[str],
    next_cursor: str | None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a page of JSON texts."""
    cursor = json.dumps(next_cursor)
    body = f'{{"items":[{",".join(items)}],"next_cursor":{cursor}}}'
    return raw(body.encode(), headers=headers)
