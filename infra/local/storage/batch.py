"""Batches: up to 100 calls of the JSON interface in one request ("Batch requests")."""

from __future__ import annotations

import json
import secrets
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from multidict import MultiDict

from .errors import InvalidError, StorageError
from .json_api import Answer, Call, JsonApi
from .uploads import base_url

_MAX_CALLS = 100


async def answer_batch(api: JsonApi, request: web.Request) -> web.Response:
    """Answer each call in *request* as if it had come alone.

    Raises:
        InvalidError: the request is no batch, or too long.
    """
    parts = _parts(request.headers.get("Content-Type", ""), await request.read())
    boundary = f"batch_{secrets.token_hex(12)}"
    answers = [
        _answer_part(part.get("Content-ID"), await _answer(api, part, request))
        for part in parts
    ]
    body = "".join(f"--{boundary}\r\n{text}\r\n" for text in answers)
    return web.Response(
        body=f"{body}--{boundary}--\r\n".encode(),
        headers={"Content-Type": f"multipart/mixed; boundary={boundary}"},
    )


def _parts(content_type: str, body: bytes) -> list[Message]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + body)
    parts = message.get_payload()
    if not message.is_multipart() or not isinstance(parts, list):
        raise InvalidError("a batch is multipart/mixed")
    if len(parts) > _MAX_CALLS:
        raise InvalidError("a batch holds at most 100 calls", count=len(parts))
    return [part for part in parts if isinstance(part, Message)]


async def _answer(api: JsonApi, part: Message, request: web.Request) -> Answer:
    try:
        return await api.answer(_call(part, base_url(request)))
    except StorageError as exc:
        return Answer(exc.as_json(), exc.status)


def _call(part: Message, root: str) -> Call:
    payload = part.get_payload(decode=True)
    text = payload if isinstance(payload, bytes) else b""
    head, _, body = text.replace(b"\r\n", b"\n").partition(b"\n\n")
    words = head.decode("utf-8", "replace").partition("\n")[0].split(" ")
    if len(words) < 2:
        raise InvalidError("a part of the batch is no request")
    url = urlsplit(words[1])
    query = MultiDict(parse_qsl(url.query, keep_blank_values=True))
    return Call(words[0], url.path, query, root, body)


def _answer_part(content_id: str | None, answer: Answer) -> str:
    body = "" if answer.resource is None else json.dumps(answer.resource)
    status = HTTPStatus(answer.status)
    lines = [
        "Content-Type: application/http",
        f"Content-ID: {_response_id(content_id)}",
        "",
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json; charset=UTF-8",
        f"Content-Length: {len(body.encode())}",
        "",
        body,
    ]
    return "\r\n".join(lines)


def _response_id(content_id: str | None) -> str:
    if content_id is None:
        return f"<response-{secrets.token_hex(4)}>"
    return f"<response-{content_id.strip().removeprefix('<')}"
