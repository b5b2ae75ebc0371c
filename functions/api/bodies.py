"""Bodies: read up to a limit, parsed, and checked against what an operation takes."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from .operations import Operation
from .problems import (
    BodyTooLargeError,
    Fault,
    InvalidBodyError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)

MAX_BODY_BYTES = 1 << 20
MAX_DEPTH = 16


async def read_body(request: Request, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Return the body, having read no more than is allowed.

    Raises:
        BodyTooLargeError: It is, or says that it will be, larger.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise BodyTooLargeError("the body is too large", max_bytes=max_bytes)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLargeError("the body is too large", max_bytes=max_bytes)
    return bytes(body)


def parsed_body(operation: Operation, media_type: str, body: bytes) -> Any:
    """Return *body* as the operation's model, or an object where it names none.

    XML is left as it is: who reads it is not here.

    Raises:
        UnsupportedMediaTypeError: It is not of a type that the operation reads.
        MalformedBodyError: It is not JSON, not an object, or too deep.
        InvalidBodyError: A part of it breaks its rule; each fault has its pointer.
    """
    kind = media_type.partition(";")[0].strip().lower()
    if kind not in operation.media_types:
        raise UnsupportedMediaTypeError(
            "send the body as one of these", got=kind, known=operation.media_types
        )
    if kind.endswith("xml"):
        return body
    content = _json(body)
    if isinstance(operation.body, type) and issubclass(operation.body, BaseModel):
        try:
            return operation.body.model_validate(content)
        except ValidationError as exc:
            raise InvalidBodyError("the body breaks its schema", _faults(exc)) from exc
    return content


def _json(body: bytes) -> dict[str, Any]:
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise MalformedBodyError("the body is nested too deeply", max_depth=MAX_DEPTH)
    try:
        content = json.loads(body, parse_constant=_no_constant)
    except ValueError as exc:
        raise MalformedBodyError("the body is not JSON", reason=str(exc)) from exc
    if not isinstance(content, dict):
        raise MalformedBodyError("the body is not a JSON object")
    return content


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _depth(body: bytes) -> int:
    """Return how deep brackets nest at most, those in strings left out."""
    deepest = depth = 0
    in_string = escaped = False
    for byte in body:
        if in_string:
            in_string = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            in_string = True
        elif byte in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"}]":
            depth -= 1
    return deepest


def pointer(*parts: str | int) -> str:
    """Return the JSON pointer to a place (RFC 6901 §3)."""
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return "".join(f"/{part}" for part in escaped)


def _faults(error: ValidationError) -> list[Fault]:
    return [
        Fault(pointer(*found["loc"]), found["msg"])
        for found in error.errors(include_url=False, include_input=False)
    ]
