"""The application: each operation behind its checks, errors as problems."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from shared.domain.errors import CatalogError, NotFoundError, TransientError

from .access import Caller
from .bodies import MAX_BODY_BYTES, parsed_body, read_body
from .middleware import Envelope
from .operations import Call, Empty, Operation, Services
from .parameters import parsed_query
from .problems import MethodNotAllowedError, UnexpectedError, problem
from .telemetry import log

_GZIP_FROM_BYTES = 2048
_GZIP_LEVEL = 4
_ASK_AGAIN_S = 0.5


def build(
    operations: Iterable[Operation],
    services: Services,
    *,
    threads: int,
    origins: Sequence[str] = (),
) -> Starlette:
    """Return the application that answers *operations*.

    Args:
        threads: How many handlers run at once: as many as there are connections.
        origins: Whose pages may call from a browser; `*` for anybody's.
    """
    pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation
    routes = [
        Route(path, _Address(found, services, pool))
        for path, found in sorted(by_path.items(), key=_varying)
    ]
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(Envelope, origins=origins),
            Middleware(
                GZipMiddleware, minimum_size=_GZIP_FROM_BYTES, compresslevel=_GZIP_LEVEL
            ),
        ],
        exception_handlers={404: _no_such_address},
    )


def _varying(item: tuple[str, object]) -> bool:
    # `/tracks/analyze` is asked before `/tracks/{id}`, which would take it too.
    return "{" in item[0]


class _Address:
    """All methods of one address."""

    def __init__(
        self,
        operations: Mapping[str, Operation],
        services: Services,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._operations = operations
        self._services = services
        self._pool = pool
        known = {*operations, "OPTIONS"} | ({"HEAD"} if "GET" in operations else set())
        self._allow = ", ".join(sorted(known))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = await self._answer(request)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(None, 204, {"allow": self._allow})
        try:
            return await self._handled(self._asked(request), request)
        except CatalogError as exc:
            return told(request, exc)
        except Exception as exc:  # noqa: BLE001 - the outermost edge: whatever it was, the caller gets a problem and we get the trace
            log.exception("unexpected", operation=request.state.operation)
            return told(request, UnexpectedError(type(exc).__name__))

    def _asked(self, request: Request) -> Operation:
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._operations.get(method)
        if operation is None:
            raise MethodNotAllowedError(
                "this address does not do that", allow=self._allow
            )
        request.state.operation = operation.id
        return operation

    async def _handled(self, operation: Operation, request: Request) -> Response:
        query = parsed_query(operation.parameters, request.query_params)
        body = await read_body(request, operation.max_body_bytes or MAX_BODY_BYTES)
        run = functools.partial(self._run, operation, request, query, body)
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._pool, run)
        if operation.waits is None:
            return answer
        until = time.monotonic() + operation.waits(query)
        while isinstance(answer, Empty) and time.monotonic() < until:
            await asyncio.sleep(_ASK_AGAIN_S)
            answer = await loop.run_in_executor(self._pool, run)
        return answer

    def _run(
        self,
        operation: Operation,
        request: Request,
        query: Mapping[str, object],
        body: bytes,
    ) -> Response:
        call = Call(
            services=self._services,
            path=request.url.path,
            names=request.path_params,
            query=query,
            asked=request.query_params,
            headers=request.headers,
            known_caller=_admitted(operation, self._services, request),
            body=parsed_body(operation, request.headers.get("content-type", ""), body)
            if operation.body
            else None,
        )
        return operation.handler(call)


def _admitted(
    operation: Operation, services: Services, request: Request
) -> Caller | None:
    if operation.role is None:
        return None
    door = services.doorkeeper
    caller = door.remembered(request.headers) or door.caller(request.headers)
    request.state.tenant = caller.tenant_id
    request.state.client = caller.client_id
    caller.require(operation.role)
    return caller


def told(request: Request, error: CatalogError) -> Response:
    """Return the problem that tells *error* to whoever made *request*."""
    request.state.code = error.code
    if isinstance(error, TransientError):
        log.warning("failed", code=error.code, error=str(error), facts=error.facts)
    return problem(
        error,
        instance=request.url.path,
        request_id=getattr(request.state, "request_id", ""),
    )


async def _no_such_address(request: Request, _: Exception) -> Response:
    return told(request, NotFoundError("there is no such address", docs="/docs"))
