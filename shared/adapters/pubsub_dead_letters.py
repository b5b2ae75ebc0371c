"""Dead letters of Google Pub/Sub: `<topic>.<consumer>.dead`, a topic and what pulls it.

The low-level clients are used on purpose: a message is published with its ordering key
and acknowledged only once the topic has it, with no batching in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from google.api_core import exceptions as api_errors
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.types import PubsubMessage, ReceivedMessage

from shared.domain.errors import InvalidInputError, NotFoundError, TransientError
from shared.ports.dead_letters import DeadLetter

_SUFFIX = ".dead"
_ADDED_BY_PUBSUB = "CloudPubSubDeadLetterSource"
_ATTEMPTS = f"{_ADDED_BY_PUBSUB}DeliveryCount"
_AT_ONCE = 1000
# Whoever asks is waiting for the answer, and can ask again: no retries in between.
_PATIENCE = {"timeout": 10.0, "retry": None}
# An empty pull may be a slow one: asked again this often before it is believed.
_EMPTY_PULLS = 2


class PubSubDeadLetters:
    """The dead letters of one project."""

    def __init__(
        self,
        publisher: PublisherClient,
        subscriber: SubscriberClient,
        project: str,
        known: Collection[str] = (),
    ) -> None:
        self._publisher = publisher
        self._subscriber = subscriber
        self._project = project
        self._known = frozenset(known)

    def subscriptions(self) -> Sequence[str]:
        if self._known:
            return sorted(self._known)
        with _translated(self._project):
            found = self._subscriber.list_subscriptions(
                project=f"projects/{self._project}", **_PATIENCE
            )
            names = [item.name.rpartition("/")[2] for item in found]
        return sorted(
            name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX)
        )

    def peek(
        self, subscription: str, *, tenant_id: str | None, limit: int
    ) -> Sequence[DeadLetter]:
        pulled = self._pull(subscription)
        self._release(subscription, pulled)
        letters = [_letter(subscription, received) for received in pulled]
        wanted = (item for item in letters if tenant_id in (None, item.tenant_id))
        return sorted(wanted, key=lambda item: item.published_at)[:limit]

    def redrive(self, subscription: str, *, tenant_id: str | None, limit: int) -> int:
        pulled = self._pull(subscription)
        wanted = [
            received
            for received in sorted(pulled, key=lambda r: r.message.publish_time)
            if tenant_id in (None, _letter(subscription, received).tenant_id)
        ][:limit]
        done: list[ReceivedMessage] = []
        try:
            for received in wanted:
                self._publish_again(subscription, received.message)
                done.append(received)
        finally:
            self._acknowledge(subscription, done)
            self._release(subscription, [r for r in pulled if r not in done])
        return len(done)

    def _publish_again(self, subscription: str, message: PubsubMessage) -> None:
        topic, _, consumer = subscription.rpartition(".")
        again = PubsubMessage(
            data=message.data,
            attributes={
                **_own_attributes(message),
                "redrive_of": message.message_id,
                "target": consumer,
            },
            ordering_key=message.ordering_key,
        )
        with _translated(subscription):
            self._publisher.publish(
                topic=f"projects/{self._project}/topics/{topic}",
                messages=[again],
                **_PATIENCE,
            )

    def _pull(self, subscription: str) -> list[ReceivedMessage]:
        found: dict[str, ReceivedMessage] = {}
        empty = 0
        while len(found) < _AT_ONCE and empty < _EMPTY_PULLS:
            with _translated(subscription):
                answer = self._subscriber.pull(
                    subscription=self._path(subscription),
                    max_messages=_AT_ONCE - len(found),
                    return_immediately=True,
                    **_PATIENCE,
                )
            empty += not answer.received_messages
            found |= {r.message.message_id: r for r in answer.received_messages}
        return list(found.values())

    def _release(self, subscription: str, pulled: Sequence[ReceivedMessage]) -> None:
        if not pulled:
            return
        with _translated(subscription):
            self._subscriber.modify_ack_deadline(
                subscription=self._path(subscription),
                ack_ids=[received.ack_id for received in pulled],
                ack_deadline_seconds=0,
                **_PATIENCE,
            )

    def _acknowledge(self, subscription: str, done: Sequence[ReceivedMessage]) -> None:
        if not done:
            return
        with _translated(subscription):
            self._subscriber.acknowledge(
                subscription=self._path(subscription),
                ack_ids=[received.ack_id for received in done],
                **_PATIENCE,
            )

    def _path(self, subscription: str) -> str:
        if self._known and subscription not in self._known:
            raise NotFoundError("no such subscription", subscription=subscription)
        return f"projects/{self._project}/subscriptions/{subscription}{_SUFFIX}"


def open_dead_letters(url: str, known: Collection[str] = ()) -> PubSubDeadLetters:
    """Return the dead letters of the bus at *url*: `pubsub://project`.

    Where the *known* subscriptions are given, there are no others, and the right to
    list all of the project's is not needed.
    """
    parts = urlsplit(url)
    if parts.scheme != "pubsub":
        raise InvalidInputError("no bus with dead letters has such an address", url=url)
    from google.cloud import pubsub_v1

    # The wrappers know where an emulator listens; what they wrap does the work.
    publisher = pubsub_v1.PublisherClient()
    subscriber = pubsub_v1.SubscriberClient()
    return PubSubDeadLetters(
        PublisherClient(transport=publisher.transport),
        SubscriberClient(transport=subscriber.transport),
        parts.netloc,
        known,
    )


def _letter(subscription: str, received: ReceivedMessage) -> DeadLetter:
    message = received.message
    attempts = message.attributes.get(_ATTEMPTS, "")
    return DeadLetter(
        message_id=message.message_id,
        subscription=subscription,
        data=bytes(message.data),
        attributes=_own_attributes(message),
        published_at=message.publish_time,
        delivery_attempts=int(attempts) if attempts.isdigit() else 0,
    )


def _own_attributes(message: PubsubMessage) -> dict[str, str]:
    return {
        name: value
        for name, value in message.attributes.items()
        if not name.startswith(_ADDED_BY_PUBSUB)
    }


@contextmanager
def _translated(subscription: str) -> Iterator[None]:
    try:
        yield
    except api_errors.NotFound as exc:
        raise NotFoundError("no such subscription", subscription=subscription) from exc
    except (api_errors.GoogleAPICallError, api_errors.RetryError) as exc:
        raise TransientError("the bus is away", subscription=subscription) from exc
