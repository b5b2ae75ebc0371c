"""The REST form of the protocol: `/v1/{name}` and `/v1/{name}:{verb}`."""

from __future__ import annotations

from typing import Any

import grpc
from aiohttp import web

from .documents import id_of, parent_of
from .errors import StatusError
from .json_messages import as_json, as_message, error_json, from_text, http_status
from .messages import Message
from .methods import CALLS, Shape
from .service import FirestoreService

_VERBS = {
    "batchGet": "BatchGetDocuments",
    "batchWrite": "BatchWrite",
    "beginTransaction": "BeginTransaction",
    "commit": "Commit",
    "listCollectionIds": "ListCollectionIds",
    "partitionQuery": "PartitionQuery",
    "rollback": "Rollback",
    "runAggregationQuery": "RunAggregationQuery",
    "runQuery": "RunQuery",
}
_ROOT = "/documents"
_BOOLEANS = {"true": True, "false": False}


class Rest:
    """The handler of all paths below `/v1/`."""

    def __init__(self, firestore: FirestoreService) -> None:
        self._firestore = firestore

    async def handle(self, request: web.Request) -> web.Response:
        try:
            content = from_text(await request.read())
            method, message = _understood(request, content)
            return web.json_response(self._answer(method, message))
        except StatusError as exc:
            return web.json_response(error_json(exc), status=http_status(exc))

    def _answer(self, method: str, message: Message) -> Any:
        call = CALLS[method]
        answer = getattr(self._firestore, call.attribute)
        if call.shape is Shape.STREAMED:
            return [as_json(response) for response in answer(message)]
        return as_json(answer(message))


def _understood(request: web.Request, content: dict[str, Any]) -> tuple[str, Message]:
    """Return which method *request* calls, and with which message."""
    name = request.path.removeprefix("/v1/")
    above, _, verb = name.rpartition(":")
    if request.method == "POST" and verb in _VERBS:
        method = _VERBS[verb]
        message = as_message(content, CALLS[method].request)
        _place(message, above)
        return method, message
    return _document_call(request, name, content)


def _place(message: Message, name: str) -> None:
    if "parent" in message.DESCRIPTOR.fields_by_name:
        message.parent = name
    else:
        message.database = name.partition(_ROOT)[0]


def _document_call(
    request: web.Request, name: str, content: dict[str, Any]
) -> tuple[str, Message]:
    asked = _parameters(request)
    below_root = name.partition(_ROOT)[2].strip("/")
    is_document = below_root.count("/") % 2 == 1
    if request.method == "GET" and is_document:
        return "GetDocument", _message("GetDocument", asked, name=name)
    if request.method == "GET" and below_root:
        placed = {"parent": parent_of(name), "collectionId": id_of(name)}
        return "ListDocuments", _message("ListDocuments", asked, **placed)
    if request.method == "POST" and below_root and not is_document:
        placed = {"parent": parent_of(name), "collectionId": id_of(name)}
        asked["document"] = content
        return "CreateDocument", _message("CreateDocument", asked, **placed)
    if request.method == "PATCH" and is_document:
        asked["document"] = {**content, "name": name}
        return "UpdateDocument", _message("UpdateDocument", asked)
    if request.method == "DELETE" and is_document:
        return "DeleteDocument", _message("DeleteDocument", asked, name=name)
    raise StatusError(
        grpc.StatusCode.UNIMPLEMENTED, f"No method {request.method} {request.path}."
    )


def _message(method: str, asked: dict[str, Any], **placed: str) -> Message:
    return as_message({**asked, **placed}, CALLS[method].request)


def _parameters(request: web.Request) -> dict[str, Any]:
    """Return the query parameters, the dotted ones nested."""
    parameters: dict[str, Any] = {}
    for key in request.query:
        *parents, last = key.split(".")
        place = parameters
        for parent in parents:
            place = place.setdefault(parent, {})
        values = request.query.getall(key)
        place[last] = values if last == "fieldPaths" else _scalar(values[-1])
    return parameters


def _scalar(text: str) -> str | bool:
    return _BOOLEANS.get(text, text)
