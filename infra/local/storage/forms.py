"""Uploads by an HTML form, straight to a bucket's address ("POST object")."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from aiohttp import web

from .content import ContentWriter
from .errors import InvalidError
from .multipart_body import MultipartBody
from .objects import Target
from .post_policy import PostPolicy, signed_policy
from .ranges import SizeRange
from .resources import Resource, StoredObject
from .service import Service
from .uploads import base_url, put_content
from .xml_documents import form_receipt

_READ_BYTES = 256 << 10
_LARGEST_FIELD_BYTES = 64 << 10
_SETTINGS = {
    "cache-control": "cacheControl",
    "content-disposition": "contentDisposition",
    "content-encoding": "contentEncoding",
    "content-type": "contentType",
    "x-goog-storage-class": "storageClass",
}
_META = "x-goog-meta-"


@dataclass(slots=True)
class _Form:
    """The fields before the file, names in lower case, and the file's name."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str | None = None


async def receive_form(
    service: Service, request: web.Request, bucket: str
) -> web.Response:
    """Store the file of a form, if its policy lets it through.

    Raises:
        StorageError: the policy, its signature or the form is not good.
    """
    service.buckets.get(bucket)
    body = MultipartBody(request.headers.get("Content-Type", ""), request.content)
    form = await _read_fields(body)
    if form.filename is None:
        raise InvalidError("the form has no file")
    if not form.fields.get("key"):
        raise InvalidError("the form has no key")
    policy = signed_policy(form.fields, service.keys) or PostPolicy(())
    if "policy" in form.fields:
        policy.require_fields(bucket, form.fields)
    async with service.content.new() as writer:
        await _read_file(body, writer, policy.sizes)
        name = form.fields["key"].replace("${filename}", form.filename)
        item = await put_content(service, Target(bucket, name), writer, _resource(form))
    return _receipt(request, form.fields, item)


async def _read_fields(body: MultipartBody) -> _Form:
    """Read up to the file, whose content is then next in *body*."""
    form = _Form()
    while (head := await body.next_part()) is not None:
        name = head.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            raise InvalidError("a part of the form has no name")
        if name.lower() == "file":
            form.filename = head.get_filename() or ""
            break
        value = await body.read(_LARGEST_FIELD_BYTES)
        try:
            form.fields[name.lower()] = value.decode("utf-8")
        except UnicodeDecodeError as exc:
            raise InvalidError("a field of the form is not UTF-8", field=name) from exc
    return form


async def _read_file(
    body: MultipartBody, writer: ContentWriter, sizes: SizeRange
) -> None:
    async for block in body.blocks():
        await writer.write(block)
        sizes.require(writer.size_bytes, is_final=False)
    sizes.require(writer.size_bytes)


def _resource(form: _Form) -> Resource:
    resource: Resource = {
        setting: form.fields.get(name) for name, setting in _SETTINGS.items()
    }
    metadata = {
        name.removeprefix(_META): value
        for name, value in form.fields.items()
        if name.startswith(_META)
    }
    if metadata:
        resource["metadata"] = metadata
    return resource


def _receipt(
    request: web.Request, fields: dict[str, str], item: StoredObject
) -> web.Response:
    location = f"{base_url(request)}/{item.bucket}/{quote(item.name)}"
    headers = {"ETag": f'"{item.etag}"', "Location": location}
    redirect = fields.get("success_action_redirect")
    if redirect and urlsplit(redirect).scheme in {"http", "https"}:
        values = {"bucket": item.bucket, "key": item.name, "etag": f'"{item.etag}"'}
        sign = "&" if urlsplit(redirect).query else "?"
        headers["Location"] = f"{redirect}{sign}{urlencode(values)}"
        return web.Response(status=303, headers=headers)
    status = fields.get("success_action_status", "204")
    if status == "201":
        return web.Response(
            status=201,
            headers=headers,
            body=form_receipt(item, location),
            content_type="application/xml",
        )
    return web.Response(status=200 if status == "200" else 204, headers=headers)
