"""Which method answers which call, and how gRPC serves it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import grpc

from infra.local.rpc import Method, service

from .errors import StatusError
from .messages import Message, request_class
from .service import FirestoreService


class Shape(Enum):
    """How many messages a call takes and gives."""

    UNARY = "one for one"
    STREAMED = "many for one"
    BIDIRECTIONAL = "many for many"


@dataclass(frozen=True, slots=True)
class Call:
    """One method of the protocol, and the attribute of the service that answers it."""

    name: str
    attribute: str
    shape: Shape = Shape.UNARY

    @property
    def request(self) -> Any:
        """Return the plain protobuf class of the request."""
        return request_class(self.name)


CALLS = {
    call.name: call
    for call in (
        Call("GetDocument", "get_document"),
        Call("ListDocuments", "list_documents"),
        Call("ListCollectionIds", "list_collection_ids"),
        Call("CreateDocument", "create_document"),
        Call("UpdateDocument", "update_document"),
        Call("DeleteDocument", "delete_document"),
        Call("BeginTransaction", "begin_transaction"),
        Call("Rollback", "rollback"),
        Call("Commit", "commit"),
        Call("BatchWrite", "batch_write"),
        Call("PartitionQuery", "partition_query"),
        Call("BatchGetDocuments", "batch_get_documents", Shape.STREAMED),
        Call("RunQuery", "run_query", Shape.STREAMED),
        Call("RunAggregationQuery", "run_aggregation_query", Shape.STREAMED),
        Call("Listen", "listen", Shape.BIDIRECTIONAL),
        Call("Write", "write", Shape.BIDIRECTIONAL),
    )
}


def grpc_handler(firestore: FirestoreService) -> grpc.GenericRpcHandler:
    """Return the handler that serves *firestore* under its full name."""
    return service(
        "google.firestore.v1.Firestore",
        [
            Method(
                name=call.name,
                request=call.request,
                answer=_ANSWERS[call.shape](getattr(firestore, call.attribute)),
                streams_in=call.shape is Shape.BIDIRECTIONAL,
                streams_out=call.shape is not Shape.UNARY,
            )
            for call in CALLS.values()
        ],
    )


def _unary(answer: Callable[[Message], Message]) -> Callable[..., Any]:
    async def call(request: Message, context: Any) -> Message:
        try:
            return answer(request)
        except StatusError as exc:
            await context.abort(exc.code, exc.message)

    return call


def _streamed(answer: Callable[[Message], Any]) -> Callable[..., Any]:
    async def call(request: Message, context: Any) -> AsyncIterator[Message]:
        try:
            for response in answer(request):
                yield response
        except StatusError as exc:
            await context.abort(exc.code, exc.message)

    return call


def _bidirectional(
    answer: Callable[[Any], AsyncIterator[Message]],
) -> Callable[..., Any]:
    async def call(requests: Any, context: Any) -> AsyncIterator[Message]:
        try:
            async for response in answer(requests):
                yield response
        except StatusError as exc:
            await context.abort(exc.code, exc.message)

    return call


_ANSWERS: dict[Shape, Callable[..., Callable[..., Any]]] = {
    Shape.UNARY: _unary,
    Shape.STREAMED: _streamed,
    Shape.BIDIRECTIONAL: _bidirectional,
}
