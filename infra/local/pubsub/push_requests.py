"""The HTTP requests that push a message, in the three shapes it may have.

* wrapped: the service's JSON around the message (the default);
* unwrapped: the data as it is (`no_wrapper`), with metadata in headers if asked for;
* CloudEvents, as Eventarc makes them of a push subscription of its own. Here the push
  attribute `x-local-eventarc` asks for it: ``"pubsub"`` for messages, ``"storage"``
  for the notifications of a bucket.

Sources: Pub/Sub, "Push subscriptions" and "Payload unwrapping"; CloudEvents 1.0, HTTP
binding, binary mode; google.cloud.storage.object.v1.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass

from infra.local.pubsub.wire import Proto

EVENTARC = "x-local-eventarc"

_STORAGE_EVENTS = {
    "OBJECT_FINALIZE": "finalized",
    "OBJECT_DELETE": "deleted",
    "OBJECT_ARCHIVE": "archived",
    "OBJECT_METADATA_UPDATE": "metadataUpdated",
}
# RFC 9110, 5.6.2 and 5.5: what else an attribute may hold cannot be a header.
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


@dataclass(frozen=True, slots=True)
class PushRequest:
    body: bytes
    headers: dict[str, str]


def push_request(subscription: Proto, message: Proto, attempt: int) -> PushRequest:
    """Return what pushes *message* to *subscription*, for the *attempt*-th time."""
    config = subscription.push_config
    if not subscription.dead_letter_policy.dead_letter_topic:
        attempt = 0
    if config.HasField("no_wrapper"):
        return _unwrapped(subscription, message, attempt)
    eventarc = config.attributes.get(EVENTARC, "")
    if eventarc == "storage" and "eventType" in message.attributes:
        return _storage_event(message)
    wrapped = _wrapped(subscription, message, attempt)
    if eventarc == "pubsub":
        return PushRequest(
            wrapped.body,
            wrapped.headers | _message_published(subscription.topic, message),
        )
    return wrapped


def _wrapped(subscription: Proto, message: Proto, attempt: int) -> PushRequest:
    published = message.publish_time.ToJsonString()
    inner = {
        "data": base64.b64encode(message.data).decode(),
        "attributes": dict(message.attributes),
        "messageId": message.message_id,
        "message_id": message.message_id,
        "publishTime": published,
        "publish_time": published,
    }
    if message.ordering_key:
        inner["orderingKey"] = message.ordering_key
    outer = {"message": inner, "subscription": subscription.name}
    if attempt:
        outer["deliveryAttempt"] = attempt
    return PushRequest(
        json.dumps(outer, separators=(",", ":")).encode(),
        {"Content-Type": "application/json"},
    )


def _unwrapped(subscription: Proto, message: Proto, attempt: int) -> PushRequest:
    headers = {"Content-Type": "application/octet-stream"}
    if subscription.push_config.no_wrapper.write_metadata:
        metadata = {
            "subscription-name": subscription.name,
            "message-id": message.message_id,
            "publish-time": message.publish_time.ToJsonString(),
            "ordering-key": message.ordering_key,
            "delivery-attempt": str(attempt or ""),
        }
        headers |= {f"x-goog-pubsub-{name}": v for name, v in metadata.items() if v}
        headers |= {
            name: value
            for name, value in message.attributes.items()
            if _HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)
        }
    return PushRequest(message.data, headers)


def _message_published(topic: str, message: Proto) -> dict[str, str]:
    return {
        "ce-specversion": "1.0",
        "ce-id": message.message_id,
        "ce-time": message.publish_time.ToJsonString(),
        "ce-type": "google.cloud.pubsub.topic.v1.messagePublished",
        "ce-source": f"//pubsub.googleapis.com/{topic}",
    }


def _storage_event(message: Proto) -> PushRequest:
    facts = message.attributes
    kind = _STORAGE_EVENTS.get(facts["eventType"], facts["eventType"])
    bucket = facts.get("bucketId", "")
    headers = {
        "Content-Type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": message.message_id,
        "ce-time": facts.get("eventTime", "") or message.publish_time.ToJsonString(),
        "ce-type": f"google.cloud.storage.object.v1.{kind}",
        "ce-source": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "ce-subject": _escaped(f"objects/{facts.get('objectId', '')}"),
        "ce-bucket": bucket,
    }
    return PushRequest(message.data, headers)


def _escaped(text: str) -> str:
    """Percent-encode what a header cannot hold (CloudEvents 1.0 HTTP, 3.1.3.2)."""
    return "".join(
        character
        if "\x21" <= character <= "\x7e" and character not in '"%'
        else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in text
    )
