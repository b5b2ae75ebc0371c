"""The XML interface's requests on multipart uploads."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from . import xml_documents
from .content import ContentStore
from .errors import InvalidError, UnsupportedError
from .multipart import Multipart, MultipartUploads
from .resources import Resource
from .uploads import base_url, claimed_checksums, receive_body


@dataclass(frozen=True, slots=True)
class XmlMultipart:
    """Answers requests that carry `uploads` or `uploadId`."""

    uploads: MultipartUploads
    content: ContentStore

    @staticmethod
    def concerns(request: web.Request) -> bool:
        return "uploadId" in request.query or (
            "uploads" in request.query and request.method == "POST"
        )

    async def answer(
        self, request: web.Request, bucket: str, name: str, settings: Resource
    ) -> web.Response:
        """Answer a request on the object *name*.

        Raises:
            StorageError: there is no such upload, or a part is not good.
        """
        if "uploads" in request.query:
            upload = self.uploads.start(bucket, name, settings)
            return _xml(xml_documents.multipart_started(upload))
        upload = self.uploads.get(bucket, name, request.query["uploadId"])
        if request.method == "PUT":
            return await self._put_part(request, upload)
        if request.method == "POST":
            return await self._complete(request, upload)
        if request.method == "DELETE":
            self.uploads.abort(upload)
            return web.Response(status=204)
        if request.method == "GET":
            parts = self.uploads.parts(upload)
            return _xml(xml_documents.multipart_parts(upload, parts))
        raise UnsupportedError("no such upload method", method=request.method)

    async def _put_part(self, request: web.Request, upload: Multipart) -> web.Response:
        number = request.query.get("partNumber", "")
        if not number.isdecimal():
            raise InvalidError("not a part number", value=number)
        async with self.content.new() as writer:
            await receive_body(request, writer)
            digest = await writer.finish()
            digest.require(claimed_checksums(request.headers))
            part = self.uploads.put(upload, int(number), writer.name, digest)
            writer.keep()
        hashes = f"crc32c={digest.crc32c},md5={digest.md5}"
        return web.Response(headers={"ETag": f'"{part.etag}"', "X-Goog-Hash": hashes})

    async def _complete(self, request: web.Request, upload: Multipart) -> web.Response:
        chosen = xml_documents.chosen_parts(await request.read())
        item = await self.uploads.complete(upload, chosen)
        location = f"{base_url(request)}/{item.bucket}/{quote(item.name)}"
        return _xml(xml_documents.multipart_completed(item, location))


def _xml(document: bytes) -> web.Response:
    return web.Response(body=document, content_type="application/xml")
