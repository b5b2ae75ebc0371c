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
    takes_turns: bool = False

    @property
    def request(self) -> Any:
        """Return the plain protobuf class of the request."""
        return request_class(self.name)


CALLS = {
    call.name: call
    for call in (
        Call("GetDocument", "get_document", takes_turns=True),
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
        Call(
            "BatchGetDocuments",
            "batch_get_documents",
            Shape.STREAMED,
            takes_turns=True,
        ),
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
                answer=_ANSWERS[call.shape](firestore, call),
                streams_in=call.shape is Shape.BIDIRECTIONAL,
                streams_out=call.shape is not Shape.UNARY,
            )
            for call in CALLS.values()
        ],
    )


def _unary(firestore: FirestoreService, call: Call) -> Callable[..., Any]:
    method = getattr(firestore, call.attribute)

    async def answer(request: Message, context: Any) -> Message:
        try:
            if call.takes_turns:
                await firestore.take_turn(request)
            return method(request)
        except StatusError as exc:
            await context.abort(exc.code, exc.message)

    return answer


def _streamed(firestore: FirestoreService, call: Call) -> Callable[..., Any]:
    method = getattr(firestore, call.attribute)

    async def answer(request: Message, context: Any) -> AsyncIterator[Message]:
        try:
            if call.takes_turns:
                await firestore.take_turn(request)
            for response in method(request):
                yield response
        except StatusError as exc:
            await context.abort(exc.code, exc.message)

    return answer


def _bidirectional(firestore: FirestoreService, call: Call) -> Callable[..., Any]:
    method = getattr(firestore, call.attribute)

    async def answer(requests: Any, context: Any) -> AsyncIterator[Message]:
        try:
            async for response in method(requests):
                yield response
        except StatusError as exc:
            await context.abort(exc.code, exc.message)

    return answer


_ANSWERS: dict[Shape, Callable[[FirestoreService, Call], Callable[..., Any]]] = {
    Shape.UNARY: _unary,
    Shape.STREAMED: _streamed,
    Shape.BIDIRECTIONAL: _bidirectional,
}
