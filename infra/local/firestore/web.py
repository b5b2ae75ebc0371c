"""The web side: REST and WebChannel for browsers, health and administration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from .rest import Rest
from .service import FirestoreService
from .webchannel import WebChannels

_MAX_BODY_BYTES = 16 << 20
_METHODS = "GET, POST, PATCH, DELETE, OPTIONS"

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(firestore: FirestoreService) -> web.Application:
    """Return the web application over *firestore*."""
    rest, channels = Rest(firestore), WebChannels(firestore)
    administration = Administration(firestore, channels)
    app = web.Application(client_max_size=_MAX_BODY_BYTES, middlewares=[_preflight])
    app.on_response_prepare.append(_allow_origin)
    app.on_shutdown.append(administration.close_channels)
    app.router.add_route(
        "*",
        "/google.firestore.v1.Firestore/{method:Listen|Write}/channel",
        channels.handle,
    )
    app.router.add_route("*", "/v1/{name:.*}", rest.handle)
    app.add_routes(administration.routes())
    return app


class Administration:
    """What a developer, a launcher or a test asks of the server itself."""

    def __init__(self, firestore: FirestoreService, channels: WebChannels) -> None:
        self._firestore = firestore
        self._database = firestore.database
        self._channels = channels

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.health),
            web.get("/status", self.status),
            web.get("/admin/indexes", self.indexes),
            web.delete("/admin/indexes", self.forget_indexes),
            web.post("/admin/compact", self.compact),
            # The path that Google's emulator, and its tools, use for the same.
            web.delete("/emulator/v1/{root:.+}/documents", self.clear),
        ]

    async def health(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def status(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                **self._database.status(),
                "listen_targets": len(self._firestore.listeners),
                "web_sessions": len(self._channels),
                "indexes_needed": len(self._database.advice.listed()),
            }
        )

    async def indexes(self, request: web.Request) -> web.Response:
        """List the indexes that the cloud would need for the queries so far."""
        return web.json_response({"indexes": self._database.advice.listed()})

    async def forget_indexes(self, request: web.Request) -> web.Response:
        self._database.advice.clear()
        return web.json_response({})

    async def compact(self, request: web.Request) -> web.Response:
        self._database.compact()
        return web.json_response(self._database.status())

    async def clear(self, request: web.Request) -> web.Response:
        """Delete all documents of one database."""
        deleted = self._database.clear(f"{request.match_info['root']}/documents/")
        return web.json_response({"deleted": deleted})

    async def close_channels(self, app: web.Application) -> None:
        self._channels.close()


@web.middleware
async def _preflight(request: web.Request, handler: _Handler) -> web.StreamResponse:
    if request.method == "OPTIONS":
        return web.Response()
    return await handler(request)


async def _allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    # The firebase SDK sends with credentials, and then browsers accept no wildcard.
    asked = request.headers.get("Access-Control-Request-Headers", "*")
    response.headers.update(
        {
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Headers": asked,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Origin": request.headers.get("Origin", "*"),
            "Access-Control-Expose-Headers": "X-HTTP-Session-Id",
            "Access-Control-Max-Age": "600",
            "Vary": "Origin",
        }
    )
