"""What Terraform makes in the cloud, made here: buckets, topics, subscriptions."""

from __future__ import annotations

from google.api_core.exceptions import AlreadyExists, Conflict
from google.cloud import pubsub_v1, storage
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1 import types

from infra.local.environment import bucket_name
from infra.local.places import PROJECT, Places
from infra.local.topology import BUCKETS, SUBSCRIPTIONS, TOPICS, Subscription

_BROWSERS_MAY = {
    "origin": ["*"],
    "method": ["GET", "PUT", "POST", "HEAD"],
    "responseHeader": ["Content-Type", "Location", "Range", "x-goog-resumable"],
    "maxAgeSeconds": 3600,
}
_FIRST_BACKOFF = Duration(nanos=200_000_000)
_LONGEST_BACKOFF_S = 10
# Where many tries are wanted, none of them waits for long.
_LONGEST_BACKOFF_OF_MANY_S = 1


def make_topics(places: Places, attempts: int | None = None) -> None:
    """Make topics and subscriptions, or bring those there up to date.

    Args:
        places: Where the functions listen.
        attempts: After how many a message is given up, if not as in the topology;
            they then follow one another within a second.
    """
    publisher = pubsub_v1.PublisherClient()
    subscriber = pubsub_v1.SubscriberClient()
    names = [*TOPICS, *(s.dead_letters for s in SUBSCRIPTIONS)]
    for name in names:
        try:
            publisher.create_topic(name=_topic(name))
        except AlreadyExists:
            continue
    for subscription in SUBSCRIPTIONS:
        pushed = _pushed(subscription, places)
        if attempts:
            pushed.dead_letter_policy.max_delivery_attempts = attempts
            pushed.retry_policy = _backoff(_LONGEST_BACKOFF_OF_MANY_S)
        _subscribe(subscriber, pushed)
        _subscribe(
            subscriber,
            types.Subscription(
                name=_subscription(subscription.dead_letters),
                topic=_topic(subscription.dead_letters),
                ack_deadline_seconds=60,
            ),
        )
    subscriber.close()


def make_buckets() -> None:
    """Make the buckets, and have uploads announced."""
    client = storage.Client(project=PROJECT)
    for name in BUCKETS:
        bucket = client.bucket(bucket_name(name))
        bucket.versioning_enabled = True
        bucket.cors = [_BROWSERS_MAY]
        try:
            bucket.create()
        except Conflict:
            continue
    uploads = client.bucket(bucket_name("uploads"))
    if not list(uploads.list_notifications()):
        uploads.notification(
            "object-uploaded",
            topic_project=PROJECT,
            event_types=["OBJECT_FINALIZE"],
            payload_format="JSON_API_V1",
        ).create()


def _subscribe(
    subscriber: pubsub_v1.SubscriberClient, wanted: types.Subscription
) -> None:
    try:
        subscriber.create_subscription(request=wanted)
    except AlreadyExists:
        if wanted.push_config.push_endpoint:
            subscriber.modify_push_config(
                subscription=wanted.name, push_config=wanted.push_config
            )


def _pushed(subscription: Subscription, places: Places) -> types.Subscription:
    topic = _topic(subscription.topic)
    return types.Subscription(
        name=_subscription(subscription.name),
        topic=topic,
        filter=subscription.filter,
        ack_deadline_seconds=subscription.ack_deadline_seconds,
        retry_policy=_backoff(_LONGEST_BACKOFF_S),
        dead_letter_policy=types.DeadLetterPolicy(
            dead_letter_topic=_topic(subscription.dead_letters),
            max_delivery_attempts=subscription.max_delivery_attempts,
        ),
        # The framework learns the topic from the path (its only way to).
        push_config=types.PushConfig(
            push_endpoint=f"{places.url(subscription.function)}/{topic}"
        ),
    )


def _backoff(longest_s: int) -> types.RetryPolicy:
    return types.RetryPolicy(
        minimum_backoff=_FIRST_BACKOFF, maximum_backoff=Duration(seconds=longest_s)
    )


def _topic(name: str) -> str:
    return f"projects/{PROJECT}/topics/{name}"


def _subscription(name: str) -> str:
    return f"projects/{PROJECT}/subscriptions/{name}"
