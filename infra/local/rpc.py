"""gRPC services built from message classes alone.

Google's client packages ship message classes and client stubs, but no servicers. A
service here is a table of methods: the proto-plus wrappers are unwrapped once
(`Type.pb()`), since wrapping each message costs about five times the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import grpc


@dataclass(frozen=True, slots=True)
class Method:
    """One gRPC method: its name, its request class, and the coroutine that answers.

    *request* is a plain protobuf class. *answer* takes `(request, context)` and
    returns a plain protobuf message; where *streams_in* it takes an iterator of
    requests, and where *streams_out* it is an async generator of messages.
    """

    name: str
    request: type[Any]
    answer: Callable[..., Any]
    streams_in: bool = False
    streams_out: bool = False


def service(name: str, methods: Iterable[Method]) -> grpc.GenericRpcHandler:
    """Return the handler that serves *methods* under the full service *name*."""
    return grpc.method_handlers_generic_handler(
        name, {method.name: _handler(method) for method in methods}
    )


def _handler(method: Method) -> grpc.RpcMethodHandler:
    make = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[method.streams_in, method.streams_out]
    return make(
        method.answer,
        request_deserializer=method.request.FromString,
        response_serializer=_serialize,
    )


def _serialize(message: Any) -> bytes:
    return bytes(message.SerializeToString())
