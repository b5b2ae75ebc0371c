"""Sending an object: whole, in part, or unpacked.

An object stored as gzip is sent unpacked to whoever does not say that it takes gzip
("Transcoding of gzip-compressed files"); a range is then not possible.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from aiohttp import web
from multidict import CIMultiDict

from .content import BLOCK_BYTES
from .errors import InvalidError
from .ranges import ByteRange, requested_range
from .resources import StoredObject

# Below this, one read on the event loop is quicker than a hand-over to a thread.
_SMALL_BYTES = 256 << 10
_OVERRIDES = {
    "response-content-disposition": "Content-Disposition",
    "response-content-type": "Content-Type",
}
_SETTING_HEADERS = {
    "cacheControl": "Cache-Control",
    "contentDisposition": "Content-Disposition",
    "contentEncoding": "Content-Encoding",
    "contentLanguage": "Content-Language",
}


async def send_object(
    request: web.Request, item: StoredObject, path: Path
) -> web.StreamResponse:
    """Answer *request* with the content of *item*, which lies at *path*.

    Raises:
        UnsatisfiableRangeError: the range asked for holds no byte.
    """
    headers = object_headers(item)
    for parameter, header in _OVERRIDES.items():
        if parameter in request.query:
            headers[header] = request.query[parameter]
    # Opened before the first await: from here on a deletion takes nothing away.
    with path.open("rb") as stream:
        if _is_to_be_unpacked(request, item):
            return await _send_unpacked(request, headers, stream)
        part = requested_range(request.headers.get("Range"), item.size_bytes)
        return await _send_stored(request, headers, stream, part, item.size_bytes)


def object_headers(item: StoredObject) -> CIMultiDict[str]:
    """Return the headers that describe *item*."""
    updated = datetime.fromisoformat(item.updated_at)
    headers = CIMultiDict(
        {
            "Content-Type": item.content_type,
            "ETag": f'"{item.etag}"',
            "Last-Modified": format_datetime(updated, usegmt=True),
            "Accept-Ranges": "bytes",
            "X-Goog-Hash": item.hashes,
            "X-Goog-Generation": str(item.generation),
            "X-Goog-Metageneration": str(item.metageneration),
            "X-Goog-Storage-Class": str(item.settings.get("storageClass", "STANDARD")),
            "X-Goog-Stored-Content-Encoding": str(
                item.settings.get("contentEncoding", "identity")
            ),
            "X-Goog-Stored-Content-Length": str(item.size_bytes),
        }
    )
    for setting, header in _SETTING_HEADERS.items():
        if item.settings.get(setting):
            headers[header] = _header_text(item.settings[setting])
    for name, value in item.settings.get("metadata", {}).items():
        headers[f"X-Goog-Meta-{_header_text(name)}"] = _header_text(value)
    return headers


def _header_text(text: str) -> str:
    # A line break would end the header, so one in a setting becomes a space.
    return " ".join(text.splitlines())


def _is_to_be_unpacked(request: web.Request, item: StoredObject) -> bool:
    if not item.is_gzip or "no-transform" in item.settings.get("cacheControl", ""):
        return False
    accepted = request.headers.get("Accept-Encoding", "")
    return not any(
        coding.partition(";")[0].strip().lower() == "gzip"
        for coding in accepted.split(",")
    )


async def _send_stored(
    request: web.Request,
    headers: CIMultiDict[str],
    stream: BinaryIO,
    part: ByteRange | None,
    size_bytes: int,
) -> web.StreamResponse:
    status = HTTPStatus.OK
    if part is not None:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = part.content_range
    first, length = (part.first, part.size_bytes) if part else (0, size_bytes)
    headers["Content-Length"] = str(length)
    if request.method == "HEAD":
        return web.Response(status=status, headers=headers)
    stream.seek(first)
    if length <= _SMALL_BYTES:
        body = stream.read(length)
        return web.Response(status=status, headers=headers, body=body)
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    async for block in _blocks(stream, length):
        await response.write(block)
    await response.write_eof()
    return response


async def _blocks(stream: BinaryIO, length: int) -> AsyncIterator[bytes]:
    while length > 0:
        block = await asyncio.to_thread(stream.read, min(length, BLOCK_BYTES))
        if not block:
            return
        length -= len(block)
        yield block


async def _send_unpacked(
    request: web.Request, headers: CIMultiDict[str], stream: BinaryIO
) -> web.StreamResponse:
    headers.popall("Content-Encoding", None)
    headers.popall("Accept-Ranges", None)
    headers["Warning"] = '214 UploadServer "gunzipped"'
    response = web.StreamResponse(headers=headers)
    if request.method == "HEAD":
        return web.Response(headers=headers)
    blocks = _unpacked(stream)
    # Broken data is found before a status is sent, if it is broken at the start.
    first = await asyncio.to_thread(next, blocks, b"")
    await response.prepare(request)
    block = first
    while block:
        await response.write(block)
        block = await asyncio.to_thread(next, blocks, b"")
    await response.write_eof()
    return response


def _unpacked(stream: BinaryIO) -> Iterator[bytes]:
    """Unpack gzip, which may have several members, in blocks."""
    with gzip.GzipFile(fileobj=stream) as packed:
        try:
            while block := packed.read(BLOCK_BYTES):
                yield block
        except (OSError, EOFError, zlib.error) as exc:
            raise InvalidError("the object is not gzip") from exc
