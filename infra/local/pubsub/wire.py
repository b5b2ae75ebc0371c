"""Google's message classes as plain protobuf, and the table entries that use them."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import grpc
from google.protobuf import empty_pb2
from google.pubsub_v1 import types

from infra.local import rpc
from infra.local.pubsub.errors import StatusError

# The protobuf runtime makes its classes as it starts: no checker sees their fields.
Proto: TypeAlias = Any

PubsubMessage: Proto = types.PubsubMessage.pb()
Topic: Proto = types.Topic.pb()
Subscription: Proto = types.Subscription.pb()
Snapshot: Proto = types.Snapshot.pb()
Schema: Proto = types.Schema.pb()
Encoding: Proto = types.Encoding
SchemaType: Proto = types.Schema.Type
SchemaView: Proto = types.SchemaView

Context: TypeAlias = grpc.aio.ServicerContext
Answer: TypeAlias = Callable[[Proto, Context], Awaitable[Proto]]


def message_class(name: str) -> Proto:
    """Return the plain protobuf class of `google.pubsub.v1.<name>`."""
    return getattr(types, name).pb()


def nothing() -> Proto:
    return empty_pb2.Empty()


def method(name: str, answer: Answer, request: Proto = None) -> rpc.Method:
    """Return the table entry of a unary method.

    *request* is its message class, by default `<name>Request` of google.pubsub.v1.
    """

    @functools.wraps(answer)
    async def answered(message: Proto, context: Context) -> Proto:
        try:
            return await answer(message, context)
        except StatusError as exc:
            await context.abort(exc.status, str(exc), exc.trailing_metadata)

    return rpc.Method(name, request or message_class(f"{name}Request"), answered)


def stream_method(
    name: str,
    answer: Callable[[AsyncIterator[Proto]], AsyncIterator[Proto]],
) -> rpc.Method:
    """Return the table entry of a method that streams both ways."""

    async def answered(
        requests: AsyncIterator[Proto], context: Context
    ) -> AsyncIterator[Proto]:
        try:
            async for response in answer(requests):
                yield response
        except StatusError as exc:
            await context.abort(exc.status, str(exc), exc.trailing_metadata)

    return rpc.Method(
        name,
        message_class(f"{name}Request"),
        answered,
        streams_in=True,
        streams_out=True,
    )
