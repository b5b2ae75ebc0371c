"""Google Pub/Sub as an event bus."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError, Future

from google.api_core import exceptions as api_errors
from google.cloud import pubsub_v1

from shared.domain.errors import InvalidInputError, NotFoundError, TransientError
from shared.ports.event_bus import Announcement

_WAIT_S = 30


def publisher() -> pubsub_v1.PublisherClient:
    """Return a client that keeps the order of each key and hardly waits to fill up."""
    return pubsub_v1.PublisherClient(
        batch_settings=pubsub_v1.types.BatchSettings(max_latency=0.002),
        publisher_options=pubsub_v1.types.PublisherOptions(
            enable_message_ordering=True
        ),
    )


class PubSubBus:
    """The topics of one project."""

    def __init__(self, client: pubsub_v1.PublisherClient, project: str) -> None:
        self._client = client
        self._project = project

    def publish(self, announcements: Sequence[Announcement]) -> None:
        sent = [(item, self._send(item)) for item in announcements]
        for item, future in sent:
            self._confirm(item, future)

    def _send(self, item: Announcement) -> Future[str]:
        topic = self._client.topic_path(self._project, item.topic)
        try:
            return self._client.publish(  # type: ignore[no-any-return]
                topic,
                item.data,
                ordering_key=item.ordering_key,
                **item.attributes,
            )
        except RuntimeError as exc:
            # The client refuses a key after a failure until told to go on.
            self._client.resume_publish(topic, item.ordering_key)
            raise TransientError("the bus lost a message", topic=item.topic) from exc

    def _confirm(self, item: Announcement, future: Future[str]) -> None:
        try:
            future.result(_WAIT_S)
        except api_errors.NotFound as exc:
            raise NotFoundError("no such topic", topic=item.topic) from exc
        except api_errors.InvalidArgument as exc:
            raise InvalidInputError("the bus refused", topic=item.topic) from exc
        except (api_errors.GoogleAPICallError, TimeoutError, CancelledError) as exc:
            if item.ordering_key:
                topic = self._client.topic_path(self._project, item.topic)
                self._client.resume_publish(topic, item.ordering_key)
            raise TransientError("the bus is away", topic=item.topic) from exc
