"""The server: which interface answers a request, and how errors and CORS look on it."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from . import cors, iam, uploads, xml_documents
from .batch import answer_batch
from .downloads import send_object
from .errors import StorageError, UnsatisfiableRangeError
from .json_api import Call
from .relay import Publisher, Relay
from .resources import unquoted
from .service import Service
from .xml_api import XmlApi

_JSON_PREFIXES = (
    "/storage/v1/", "/download/storage/v1/", "/upload/storage/v1/",
    "/resumable/upload/storage/v1/", "/batch", "/v1/projects/", "/_local/",
)  # fmt: skip
_MEDIA = re.compile(r"(?:/download)?/storage/v1/b/([^/]+)/o/([^/]+)")
_LARGEST_DOCUMENT_BYTES = 64 << 20
_READ_BUFFER_BYTES = 512 << 10

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StorageConfig:
    """Where the server listens and keeps its data; port 0 takes a free one.

    `pubsub_address` is `host:port`; without one, notifications wait in the outbox.
    """

    data_dir: Path
    keys_dir: Path
    host: str = "127.0.0.1"
    port: int = 9023
    pubsub_address: str | None = None


@asynccontextmanager
async def serve(
    config: StorageConfig, publisher: Publisher | None = None
) -> AsyncIterator[str]:
    """Serve until the context is left; gives the server's address, `http://…`.

    Args:
        config: Where to listen, and where data and keys lie.
        publisher: Takes notifications in place of the Pub/Sub that *config* names.

    Raises:
        ConflictError: another server uses the data folder.
        OSError: the port is taken.
    """
    listener = socket.create_server((config.host, config.port), backlog=256)
    base_url = f"http://{config.host}:{listener.getsockname()[1]}"
    service = Service.open(config.data_dir, config.keys_dir)
    service.notifications.base_url = base_url
    if publisher is None and config.pubsub_address is not None:
        from .publisher import PubSubPublisher

        publisher = PubSubPublisher(config.pubsub_address)
    server = StorageServer(service)
    runner = await _started(server, listener)
    relaying = asyncio.create_task(server.relay(publisher)) if publisher else None
    try:
        yield base_url
    finally:
        await runner.cleanup()
        if relaying is not None:
            relaying.cancel()
            with suppress(asyncio.CancelledError):
                await relaying
        service.close()


async def _started(server: StorageServer, listener: socket.socket) -> web.AppRunner:
    runner = web.AppRunner(
        server.app(),
        access_log=None,
        # Content is stored as it comes: a gzip body is not unpacked on the way.
        auto_decompress=False,
        read_bufsize=_READ_BUFFER_BYTES,
        shutdown_timeout=2.0,
    )
    await runner.setup()
    await web.SockSite(runner, listener).start()
    return runner


class StorageServer:
    """Answers HTTP requests out of a `Service`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._xml = XmlApi(service)
        self._relay: Relay | None = None

    def app(self) -> web.Application:
        app = web.Application(client_max_size=_LARGEST_DOCUMENT_BYTES)
        app.router.add_route("*", "/{path:.*}", self.answer)
        app.on_response_prepare.append(self._add_cors_headers)
        return app

    async def relay(self, publisher: Publisher) -> None:
        """Take notifications to *publisher* until cancelled."""
        self._relay = Relay(self._service.notifications, publisher)
        self._service.notifications.on_recorded = self._relay.wake
        await self._relay.run()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer any request; what is refused is said in the interface's own words."""
        try:
            return await self._route(request)
        except StorageError as exc:
            return _refusal(request, exc)
        except ConnectionResetError:
            _log.debug("the client went away", exc_info=True)
            # Of a superseded request the rest would otherwise be waited for.
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=499, reason="Client Closed Request")

    async def _route(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if request.method == "OPTIONS" or path in {"/", "/healthz"}:
            return web.Response(text="ok\n")
        if path == "/_local/status":
            return web.json_response(self._status())
        if match := iam.PATH.fullmatch(path):
            return await iam.sign_blob(self._service.keys, request, match[1])
        if path.startswith(_JSON_PREFIXES):
            return await self._route_json(request)
        return await self._xml.answer(request)

    async def _route_json(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        if path.startswith("/batch"):
            return await answer_batch(self._service.json_api, request)
        if uploads.PATH.fullmatch(path):
            return await uploads.upload(self._service, request)
        return await self._answer_json(request)

    async def _answer_json(self, request: web.Request) -> web.StreamResponse:
        path = request.rel_url.raw_path
        match = _MEDIA.fullmatch(path)
        is_media = path.startswith("/download") or request.query.get("alt") == "media"
        call = Call(
            request.method,
            path.removeprefix("/download"),
            request.query,
            uploads.base_url(request),
            await request.read(),
        )
        if match and is_media and request.method in {"GET", "HEAD"}:
            return await self._download(request, call, match)
        answer = await self._service.json_api.answer(call)
        if answer.resource is None:
            return web.Response(status=answer.status)
        response = web.json_response(answer.resource, status=answer.status)
        if "etag" in answer.resource:
            response.headers["ETag"] = str(answer.resource["etag"])
        return response

    async def _download(
        self, request: web.Request, call: Call, match: re.Match[str]
    ) -> web.StreamResponse:
        bucket, name = unquoted(match[1]), unquoted(match[2])
        self._service.buckets.get(bucket)
        item = self._service.objects.get(bucket, name, call.number("generation"))
        call.conditions.require(item, reading=True)
        path = self._service.content.path(item.content)
        return await send_object(request, item, path)

    def _status(self) -> dict[str, object]:
        status: dict[str, object] = {"service": "storage", **self._service.status()}
        if self._relay is not None:
            status["notifications_published"] = self._relay.published
            status["notification_errors"] = self._relay.last_errors
        return status

    async def _add_cors_headers(
        self, request: web.Request, response: web.StreamResponse
    ) -> None:
        if "Origin" in request.headers:
            response.headers.update(self._cors_headers(request))

    def _cors_headers(self, request: web.Request) -> cors.Headers:
        path, method = request.rel_url.raw_path, request.method
        session_id = request.query.get("upload_id")
        if session_id is not None:
            origin = self._service.sessions.origin(session_id)
            if origin is not None or path.startswith(_JSON_PREFIXES):
                return cors.session_headers(origin, request.headers, method)
        if path.startswith(_JSON_PREFIXES):
            return cors.json_headers(request.headers, method)
        bucket = self._service.buckets.find(path.split("/")[1])
        rules = bucket.cors if bucket else []
        return cors.bucket_headers(rules, request.headers, method)


def _refusal(request: web.Request, exc: StorageError) -> web.Response:
    headers = {}
    if isinstance(exc, UnsatisfiableRangeError):
        headers["Content-Range"] = f"bytes */{exc.facts['size_bytes']}"
    if exc.status == HTTPStatus.NOT_MODIFIED or request.method == "HEAD":
        return web.Response(status=exc.status, headers=headers)
    if request.rel_url.raw_path.startswith(_JSON_PREFIXES):
        return web.json_response(exc.as_json(), status=exc.status, headers=headers)
    return web.Response(
        status=exc.status,
        headers=headers,
        body=xml_documents.error(exc),
        content_type="application/xml",
    )
