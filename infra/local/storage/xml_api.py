"""The XML interface: buckets and objects at plain paths ("XML API reference").

This is what signed URLs lead to, and what a browser talks to.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from . import xml_documents
from .downloads import send_object
from .errors import InvalidError, UnsupportedError
from .forms import receive_form
from .listing import ListQuery, Position, listed
from .objects import Objects, Target
from .preconditions import Preconditions
from .ranges import SizeRange
from .resources import Resource, unquoted, whole_number
from .resumable import SessionRequest
from .service import Service
from .signing import SignedRequest
from .uploads import (
    announced_size,
    base_url,
    claimed_checksums,
    continue_session,
    put_content,
    receive_body,
    stored_headers,
)
from .xml_multipart import XmlMultipart

_Answers = Callable[[web.Request, Target], Awaitable[web.StreamResponse]]

_META = "x-goog-meta-"
_SETTINGS = {
    "Cache-Control": "cacheControl",
    "Content-Disposition": "contentDisposition",
    "Content-Encoding": "contentEncoding",
    "Content-Language": "contentLanguage",
    "Content-Type": "contentType",
    "x-goog-custom-time": "customTime",
    "x-goog-storage-class": "storageClass",
}


def header_settings(request: web.Request) -> Resource:
    """Return the settings that the headers of *request* give an object."""
    settings: Resource = {
        setting: request.headers[header]
        for header, setting in _SETTINGS.items()
        if header in request.headers
    }
    metadata = {
        name.lower().removeprefix(_META): value
        for name, value in request.headers.items()
        if name.lower().startswith(_META)
    }
    return settings | ({"metadata": metadata} if metadata else {})


def split_path(raw_path: str) -> tuple[str, str]:
    """Return the bucket and the object that a path names, each perhaps empty."""
    bucket, _, name = raw_path.removeprefix("/").partition("/")
    return unquoted(bucket), unquoted(name)


@dataclass(frozen=True, slots=True)
class XmlApi:
    """Answers requests at plain paths."""

    service: Service

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer *request*.

        Raises:
            StorageError: its signature is not good, or it is refused otherwise.
        """
        # A session's address is its own secret: its requests are not signed.
        if "upload_id" in request.query:
            return await continue_session(self.service, request)
        self.service.verifier.check(
            SignedRequest(
                request.method,
                request.rel_url.raw_path,
                request.rel_url.raw_query_string,
                request.headers,
            )
        )
        bucket, name = split_path(request.rel_url.raw_path)
        if not name:
            return await self._answer_bucket(request, bucket)
        self.service.buckets.get(bucket)
        multipart = XmlMultipart(self.service.multiparts, self.service.content)
        if multipart.concerns(request):
            settings = header_settings(request)
            return await multipart.answer(request, bucket, name, settings)
        return await self._answer_object(request, bucket, name)

    async def _answer_bucket(self, request: web.Request, bucket: str) -> web.Response:
        if request.method == "POST":
            return await receive_form(self.service, request, bucket)
        self.service.buckets.get(bucket)
        if request.method == "HEAD":
            return web.Response()
        if request.method != "GET":
            raise UnsupportedError("no such bucket method", method=request.method)
        if "uploads" in request.query:
            uploads = self.service.multiparts.of_bucket(bucket)
            return _xml(xml_documents.multipart_uploads(bucket, uploads))
        query = _list_query(bucket, request)
        page = listed(self.service.database, query)
        return _xml(xml_documents.listing(query, page))

    async def _answer_object(
        self, request: web.Request, bucket: str, name: str
    ) -> web.StreamResponse:
        answers: dict[str, _Answers] = {
            "GET": self._get,
            "HEAD": self._get,
            "PUT": self._put,
            "POST": self._start_session,
            "DELETE": self._delete,
        }
        if request.method not in answers:
            raise UnsupportedError("no such object method", method=request.method)
        conditions = Preconditions.from_headers(request.headers)
        target = Target(bucket, name, conditions)
        return await answers[request.method](request, target)

    async def _get(self, request: web.Request, target: Target) -> web.StreamResponse:
        item = self._objects.get(target.bucket, target.name, _generation(request))
        target.conditions.require(item, reading=True)
        path = self.service.content.path(item.content)
        return await send_object(request, item, path)

    async def _put(self, request: web.Request, target: Target) -> web.Response:
        if "x-goog-copy-source" in request.headers:
            return self._copy(request, target)
        self._objects.require(target)
        sizes = SizeRange.from_header(
            request.headers.get("x-goog-content-length-range")
        )
        if request.content_length is not None:
            sizes.require(request.content_length)
        resource = header_settings(request) | claimed_checksums(request.headers)
        async with self.service.content.new() as writer:
            await receive_body(request, writer, sizes)
            item = await put_content(self.service, target, writer, resource)
        return web.Response(headers=stored_headers(item))

    def _copy(self, request: web.Request, target: Target) -> web.Response:
        bucket, name = split_path(request.headers["x-goog-copy-source"])
        self.service.buckets.get(bucket)
        source = self._objects.get(bucket, name)
        is_replaced = (
            request.headers.get("x-goog-metadata-directive", "COPY").upper()
            == "REPLACE"
        )
        settings = header_settings(request) if is_replaced else source.settings
        item = self._objects.copy(source, target, settings)
        return web.Response(headers=stored_headers(item))

    async def _start_session(
        self, request: web.Request, target: Target
    ) -> web.Response:
        if request.headers.get("x-goog-resumable") != "start":
            raise InvalidError("x-goog-resumable: start is missing")
        session = self.service.sessions.start(
            SessionRequest(
                target=target,
                resource=header_settings(request),
                origin=request.headers.get("Origin"),
                size_bytes=announced_size(request.headers),
                sizes=SizeRange.from_header(
                    request.headers.get("x-goog-content-length-range")
                ),
            )
        )
        path = f"{target.bucket}/{quote(target.name)}"
        location = f"{base_url(request)}/{path}?upload_id={session.id}"
        headers = {"Location": location, "X-GUploader-UploadID": session.id}
        return web.Response(status=201, headers=headers)

    async def _delete(self, request: web.Request, target: Target) -> web.Response:
        self._objects.delete(target, _generation(request))
        return web.Response(status=204)

    @property
    def _objects(self) -> Objects:
        return self.service.objects


def _generation(request: web.Request) -> int | None:
    text = request.query.get("generation")
    if text is None:
        return None
    return whole_number(text, "generation")


def _list_query(bucket: str, request: web.Request) -> ListQuery:
    query = dict(request.query)
    limit = query.get("max-keys", "1000")
    token = query.get("continuation-token")
    after = query.get("marker") or query.get("start-after")
    if not limit.isdecimal() or int(limit) < 1:
        raise InvalidError("max-keys has to be positive", value=limit)
    position = Position.from_token(token) if token else None
    if position is None and after:
        position = Position.after_name(after)
    return ListQuery(
        bucket=bucket,
        prefix=query.get("prefix", ""),
        delimiter=query.get("delimiter", ""),
        shows_versions="versions" in query,
        max_results=min(int(limit), 1000),
        after=position,
    )


def _xml(document: bytes) -> web.Response:
    return web.Response(body=document, content_type="application/xml")
