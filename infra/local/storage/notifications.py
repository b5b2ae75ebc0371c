"""Notification configurations, and the outbox their messages wait in.

A message is written in the same transaction as the change it tells of, and leaves the
outbox once Pub/Sub has taken it ("Pub/Sub notifications for Cloud Storage").
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from .database import Database
from .errors import InvalidError, NotFoundError
from .resources import Resource, StoredObject, now_text

_TOPIC = re.compile(
    r"(?://pubsub\.googleapis\.com/)?(projects/[^/]+/topics/[^/]+)", re.ASCII
)
_PAYLOAD_FORMATS = {"JSON_API_V1", "NONE"}


class EventType(StrEnum):
    FINALIZE = "OBJECT_FINALIZE"
    DELETE = "OBJECT_DELETE"
    ARCHIVE = "OBJECT_ARCHIVE"
    METADATA_UPDATE = "OBJECT_METADATA_UPDATE"


@dataclass(frozen=True, slots=True)
class Message:
    """A message in the outbox; *topic* is `projects/P/topics/T`."""

    sequence: int
    topic: str
    data: bytes
    attributes: dict[str, str]


@dataclass(slots=True)
class Notifications:
    """The configurations of all buckets, and the outbox.

    `on_recorded` is called with each transaction that may have left something in the
    outbox. `base_url` is where the links inside payloads lead.
    """

    database: Database
    base_url: str = ""
    on_recorded: Callable[[], None] = field(default=lambda: None)

    def create(self, bucket: str, config: Resource) -> Resource:
        """Add *config* to *bucket*, and return it as stored.

        Raises:
            InvalidError: topic, payload format or event types are malformed.
        """
        stored = _checked(config)
        with self.database.transaction():
            number = 1 + self.database.value(
                "SELECT coalesce(max(id), 0) FROM notification WHERE bucket = ?", bucket
            )
            stored |= {
                "kind": "storage#notification",
                "id": str(number),
                "etag": str(number),
                "selfLink": f"{self.base_url}/storage/v1/b/{bucket}"
                f"/notificationConfigs/{number}",
            }
            self.database.execute(
                "INSERT INTO notification (bucket, id, config) VALUES (?, ?, ?)",
                bucket,
                number,
                json.dumps(stored),
            )
        return stored

    def of_bucket(self, bucket: str) -> list[Resource]:
        found = self.database.rows(
            "SELECT config FROM notification WHERE bucket = ? ORDER BY id", bucket
        )
        return [json.loads(row["config"]) for row in found]

    def get(self, bucket: str, number: str) -> Resource:
        """Return one configuration.

        Raises:
            NotFoundError: *bucket* has no such configuration.
        """
        for config in self.of_bucket(bucket):
            if config["id"] == number:
                return config
        raise NotFoundError("no such notification", bucket=bucket, id=number)

    def delete(self, bucket: str, number: str) -> None:
        """Remove one configuration; what it has already recorded is still delivered.

        Raises:
            NotFoundError: *bucket* has no such configuration.
        """
        self.get(bucket, number)
        self.database.execute(
            "DELETE FROM notification WHERE bucket = ? AND id = ?", bucket, int(number)
        )

    def record(self, event: EventType, item: StoredObject, **details: int) -> None:
        """Put a message into the outbox for each configuration that *event* concerns.

        Belongs inside the transaction that changes *item*. *details* are further
        attributes, such as `overwroteGeneration`.
        """
        configs = [c for c in self.of_bucket(item.bucket) if _concerns(c, event, item)]
        for config in configs:
            attributes = _attributes(config, event, item)
            attributes |= {name: str(value) for name, value in details.items()}
            has_payload = config["payload_format"] == "JSON_API_V1"
            payload = json.dumps(item.view(self.base_url), indent=2)
            self.database.execute(
                "INSERT INTO outbox (topic, data, attributes) VALUES (?, ?, ?)",
                _topic(config["topic"]),
                payload.encode() if has_payload else b"",
                json.dumps(attributes),
            )
        if configs:
            self.on_recorded()

    def waiting_topics(self) -> list[str]:
        rows = self.database.rows("SELECT DISTINCT topic FROM outbox ORDER BY topic")
        return [row["topic"] for row in rows]

    def waiting(self, topic: str, limit: int) -> list[Message]:
        """Return the oldest *limit* messages that *topic* has not taken yet."""
        rows = self.database.rows(
            "SELECT * FROM outbox WHERE topic = ? ORDER BY sequence LIMIT ?",
            topic,
            limit,
        )
        return [
            Message(row["sequence"], topic, row["data"], json.loads(row["attributes"]))
            for row in rows
        ]

    def remove(self, messages: list[Message]) -> None:
        """Forget *messages*: Pub/Sub has them."""
        with self.database.transaction():
            for message in messages:
                self.database.execute(
                    "DELETE FROM outbox WHERE sequence = ?", message.sequence
                )

    def waiting_count(self) -> int:
        return int(self.database.value("SELECT count(*) FROM outbox"))


def _checked(config: Resource) -> Resource:
    stored = {name: value for name, value in config.items() if value is not None}
    stored.setdefault("payload_format", "JSON_API_V1")
    if stored["payload_format"] not in _PAYLOAD_FORMATS:
        raise InvalidError(
            "unknown payload format", payload_format=stored["payload_format"]
        )
    _topic(str(stored.get("topic", "")))
    unknown = set(stored.get("event_types", [])) - set(EventType)
    if unknown:
        raise InvalidError("unknown event types", event_types=sorted(unknown))
    return stored


def _topic(text: str) -> str:
    match = _TOPIC.fullmatch(text)
    if match is None:
        raise InvalidError(
            "a topic is //pubsub.googleapis.com/projects/P/topics/T", topic=text
        )
    return match[1]


def _concerns(config: Resource, event: EventType, item: StoredObject) -> bool:
    wanted = config.get("event_types")
    if wanted and event not in wanted:
        return False
    return item.name.startswith(config.get("object_name_prefix", ""))


def _attributes(
    config: Resource, event: EventType, item: StoredObject
) -> dict[str, str]:
    number = config["id"]
    return {
        **config.get("custom_attributes", {}),
        "notificationConfig": (
            f"projects/_/buckets/{item.bucket}/notificationConfigs/{number}"
        ),
        "eventType": event,
        "payloadFormat": config["payload_format"],
        "bucketId": item.bucket,
        "objectId": item.name,
        "objectGeneration": str(item.generation),
        "eventTime": now_text(),
    }
