"""Uploads over the JSON interface: media, multipart and resumable."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.message import Message

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from .content import ContentWriter
from .errors import InvalidError, UnsupportedError
from .multipart_body import MultipartBody
from .objects import Content, Target
from .preconditions import Preconditions
from .ranges import ANY_SIZE, SizeRange, chunk_range
from .resources import Resource, StoredObject, unquoted
from .resumable import SessionRequest
from .service import Service

PATH = re.compile(r"/(?:resumable/)?upload/storage/v1/b/([^/]+)/o")
_READ_BYTES = 256 << 10
_LARGEST_RESOURCE_BYTES = 1 << 20


def base_url(request: web.Request) -> str:
    """Return the address *request* came to, which links in answers start with."""
    return f"{request.scheme}://{request.host}"


def claimed_checksums(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Return the checksums in `X-Goog-Hash` and `Content-MD5`, by resource field."""
    fields = {"crc32c": "crc32c", "md5": "md5Hash"}
    claimed = {}
    for header in headers.getall("X-Goog-Hash", []):
        for item in header.split(","):
            name, _, value = item.strip().partition("=")
            if name in fields:
                claimed[fields[name]] = value
    if "Content-MD5" in headers:
        claimed["md5Hash"] = headers["Content-MD5"]
    return claimed


async def receive_body(
    request: web.Request, writer: ContentWriter, sizes: SizeRange = ANY_SIZE
) -> None:
    """Stream the body of *request* into *writer*.

    Raises:
        InvalidError: it is not of a size that *sizes* allows.
    """
    async for block in request.content.iter_chunked(_READ_BYTES):
        await writer.write(block)
        sizes.require(writer.size_bytes, is_final=False)
    sizes.require(writer.size_bytes)


async def upload(service: Service, request: web.Request) -> web.StreamResponse:
    """Answer a request to an upload address.

    Raises:
        StorageError: the upload is refused.
    """
    if "upload_id" in request.query:
        return await continue_session(service, request)
    match = PATH.fullmatch(request.rel_url.raw_path)
    if match is None or request.method != "POST":
        raise UnsupportedError("no such upload method", method=request.method)
    bucket = service.buckets.get(unquoted(match[1])).name
    kind = request.query.get("uploadType", "media")
    if kind == "resumable":
        return await _start_session(service, request, bucket)
    async with service.content.new() as writer:
        if kind == "multipart":
            resource = await _receive_multipart(request, writer)
        elif kind == "media":
            resource = _media_resource(request)
            await receive_body(request, writer)
        else:
            raise InvalidError("unknown uploadType", value=kind)
        item = await put_content(
            service,
            _target(request, bucket, resource),
            writer,
            (resource | claimed_checksums(request.headers)),
        )
    return web.json_response(item.view(base_url(request)))


async def put_content(
    service: Service, target: Target, writer: ContentWriter, resource: Resource
) -> StoredObject:
    """Make what *writer* has received the content of *target*.

    Raises:
        StorageError: checksums, preconditions or the name forbid it.
    """
    digest = await writer.finish()
    item = service.objects.put(target, Content(writer.name, digest), resource)
    writer.keep()
    return item


def _target(request: web.Request, bucket: str, resource: Resource) -> Target:
    name = request.query.get("name") or resource.get("name")
    conditions = Preconditions.from_query(request.query)
    return Target(bucket, str(name or ""), conditions)


def _media_resource(request: web.Request) -> Resource:
    return {
        "contentType": request.headers.get("Content-Type"),
        "contentEncoding": request.query.get("contentEncoding"),
    }


async def _receive_multipart(request: web.Request, writer: ContentWriter) -> Resource:
    body = MultipartBody(request.headers.get("Content-Type", ""), request.content)
    await _next_part(body)
    resource = parsed_resource(await body.read(_LARGEST_RESOURCE_BYTES))
    head = await _next_part(body)
    if "Content-Type" in head:
        resource.setdefault("contentType", head["Content-Type"])
    async for block in body.blocks():
        await writer.write(block)
    return resource


async def _next_part(body: MultipartBody) -> Message:
    head = await body.next_part()
    if head is None:
        raise InvalidError("a multipart upload has two parts")
    return head


def parsed_resource(body: bytes) -> Resource:
    """Return *body* as a JSON object; nothing is an empty one.

    Raises:
        InvalidError: it is something else.
    """
    if len(body) > _LARGEST_RESOURCE_BYTES:
        raise InvalidError("the resource is too large", size_bytes=len(body))
    try:
        parsed = json.loads(body) if body.strip() else {}
    except ValueError as exc:
        raise InvalidError("the resource is not JSON") from exc
    if not isinstance(parsed, dict):
        raise InvalidError("the resource is not a JSON object")
    return parsed


async def _start_session(
    service: Service, request: web.Request, bucket: str
) -> web.Response:
    resource = parsed_resource(await request.read())
    if "X-Upload-Content-Type" in request.headers:
        resource.setdefault("contentType", request.headers["X-Upload-Content-Type"])
    session = service.sessions.start(
        SessionRequest(
            target=_target(request, bucket, resource),
            resource=resource,
            origin=request.headers.get("Origin"),
            size_bytes=announced_size(request.headers),
        )
    )
    path = request.rel_url.raw_path
    location = f"{base_url(request)}{path}?uploadType=resumable&upload_id={session.id}"
    headers = {"Location": location, "X-GUploader-UploadID": session.id}
    return web.Response(headers=headers)


def announced_size(headers: Mapping[str, str]) -> int | None:
    """Return `X-Upload-Content-Length`.

    Raises:
        InvalidError: it is not a number.
    """
    text = headers.get("X-Upload-Content-Length")
    if text is None:
        return None
    if not text.isdecimal():
        raise InvalidError("not a size", value=text)
    return int(text)


async def continue_session(
    service: Service, request: web.Request
) -> web.StreamResponse:
    """Answer a request to a session's address, of either interface.

    Raises:
        StorageError: the session is gone, or refuses the bytes.
    """
    session_id = request.query["upload_id"]
    item = service.sessions.finished(session_id)
    if item is not None:
        return _finished(request, item)
    session = await service.sessions.get(session_id)
    if request.method == "DELETE":
        await service.sessions.cancel(session)
        return web.Response(status=499, reason="Client Closed Request")
    if request.method not in {"PUT", "POST"}:
        raise UnsupportedError("no such session method", method=request.method)
    item = await service.sessions.receive(
        session,
        chunk_range(request.headers.get("Content-Range")),
        request.content,
        claimed_checksums(request.headers),
    )
    if item is not None:
        return _finished(request, item)
    headers = {"X-GUploader-UploadID": session_id}
    if session.writer.size_bytes:
        headers["Range"] = f"bytes=0-{session.writer.size_bytes - 1}"
    return web.Response(status=308, reason="Resume Incomplete", headers=headers)


def _finished(request: web.Request, item: StoredObject) -> web.Response:
    # Only the JSON interface tells of the object in the body.
    if PATH.fullmatch(request.rel_url.raw_path):
        response = web.json_response(item.view(base_url(request)))
    else:
        response = web.Response()
    response.headers.extend(stored_headers(item))
    return response


def stored_headers(item: StoredObject) -> CIMultiDict[str]:
    """Return the headers that tell a writer what it wrote."""
    return CIMultiDict(
        {
            "ETag": f'"{item.etag}"',
            "X-Goog-Hash": item.hashes,
            "X-Goog-Generation": str(item.generation),
            "X-Goog-Metageneration": str(item.metageneration),
            "X-Goog-Stored-Content-Length": str(item.size_bytes),
        }
    )
