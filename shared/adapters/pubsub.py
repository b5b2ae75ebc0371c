"""Google Pub/Sub as an event bus.

Straight to the wire: a commit leaves a dozen messages, nearly each with an ordering key
of its own, and Pub/Sub takes one key per request (`PubsubMessage.ordering_key`). The
client's own batching starts a thread for each; here all requests go out at once, on the
caller's thread, over the client's channel.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import grpc
from google.api_core.gapic_v1 import routing_header
from google.cloud import pubsub_v1
from google.pubsub_v1.types import PublishRequest, PublishResponse

from shared.domain.errors import (
    CatalogError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TransientError,
)
from shared.ports.event_bus import Announcement

_METHOD: Final = "/google.pubsub.v1.Publisher/Publish"
_Request = PublishRequest.pb()
_Response = PublishResponse.pb()

# Pub/Sub takes 1,000 messages and 10 MB in a request.
_MOST_MESSAGES = 1000
_MOST_BYTES = 9_000_000
_PAUSE_S = 0.1
_PERMANENT: dict[grpc.StatusCode, type[CatalogError]] = {
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidInputError,
    grpc.StatusCode.PERMISSION_DENIED: ForbiddenError,
}


def publisher() -> pubsub_v1.PublisherClient:
    """Return a client, whose channel and credentials the bus uses."""
    return pubsub_v1.PublisherClient()


@dataclass(slots=True)
class _Sending:
    """One request under way."""

    topic: str
    request: Any
    metadata: Any
    answer: Any = None


class PubSubBus:
    """The topics of one project.

    Args:
        patience_s: How long to try while the bus is away; then it is the caller's to
            come back.
    """

    def __init__(
        self,
        client: pubsub_v1.PublisherClient,
        project: str,
        *,
        patience_s: float = 10.0,
    ) -> None:
        self._publish = client.transport.grpc_channel.unary_unary(
            _METHOD,
            request_serializer=_Request.SerializeToString,
            response_deserializer=_Response.FromString,
        )
        self._project = project
        self._patience_s = patience_s

    def publish(self, announcements: Sequence[Announcement]) -> None:
        deadline_s = time.monotonic() + self._patience_s
        for wave in _waves(announcements):
            self._deliver([self._sending(items) for items in wave], deadline_s)

    def _sending(self, items: Sequence[Announcement]) -> _Sending:
        topic = f"projects/{self._project}/topics/{items[0].topic}"
        request = _Request(topic=topic)
        for item in items:
            request.messages.add(
                data=item.data,
                attributes=item.attributes,
                ordering_key=item.ordering_key,
            )
        route = routing_header.to_grpc_metadata((("topic", topic),))
        return _Sending(items[0].topic, request, (route,))

    def _deliver(self, under_way: list[_Sending], deadline_s: float) -> None:
        pause_s = _PAUSE_S
        while True:
            under_way = self._try(under_way, deadline_s)
            if not under_way:
                return
            if time.monotonic() + pause_s >= deadline_s:
                raise TransientError("the bus is away", topic=under_way[0].topic)
            time.sleep(pause_s)
            pause_s *= 2

    def _try(self, under_way: list[_Sending], deadline_s: float) -> list[_Sending]:
        """Send all at once; return those that may succeed another time."""
        timeout_s = max(deadline_s - time.monotonic(), _PAUSE_S)
        for sending in under_way:
            sending.answer = self._publish.future(
                sending.request, timeout=timeout_s, metadata=sending.metadata
            )
        return [sending for sending in under_way if not _accepted(sending)]


def _accepted(sending: _Sending) -> bool:
    try:
        sending.answer.result()
    except grpc.RpcError as exc:
        refusal = _PERMANENT.get(exc.code())
        if refusal is not None:
            raise refusal(
                "the bus refused", topic=sending.topic, detail=exc.details()
            ) from exc
        return False
    return True


def _waves(
    announcements: Sequence[Announcement],
) -> Iterator[list[list[Announcement]]]:
    """Yield what may be sent at once: of each topic and key, one request at a time."""
    by_key: dict[tuple[str, str], list[Announcement]] = {}
    for item in announcements:
        by_key.setdefault((item.topic, item.ordering_key), []).append(item)
    parts = [_parts(items) for items in by_key.values()]
    while wave := [part for part in (next(each, None) for each in parts) if part]:
        yield wave


def _parts(items: list[Announcement]) -> Iterator[list[Announcement]]:
    part: list[Announcement] = []
    size_bytes = 0
    for item in items:
        if part and (
            len(part) == _MOST_MESSAGES or size_bytes + len(item.data) > _MOST_BYTES
        ):
            yield part
            part, size_bytes = [], 0
        part.append(item)
        size_bytes += len(item.data)
    yield part
