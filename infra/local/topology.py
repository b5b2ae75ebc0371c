"""The pipeline's buckets, topics, subscriptions and functions on this machine.

Terraform declares the same for Google Cloud; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """A push subscription named `<topic>.<function>`, with dead letters of its own.

    Attributes:
        filter: In Pub/Sub's filter language; empty for all messages.
        ack_deadline_seconds: How long one delivery may take before it comes again.
    """

    topic: str
    function: str
    filter: str = ""
    ack_deadline_seconds: int = 60
    max_delivery_attempts: int = 8

    @property
    def name(self) -> str:
        return f"{self.topic}.{self.function}"

    @property
    def dead_letters(self) -> str:
        """The name of both the dead-letter topic and its pull subscription."""
        return f"{self.name}.dead"


@dataclass(frozen=True, slots=True)
class Function:
    """A deploy unit: a directory whose `main.py` has an entry point of its name."""

    name: str
    signature: str = "cloudevent"


BUCKETS = ("uploads", "resources", "exports")

TOPICS = (
    "object-uploaded",
    "entity-extracted",
    "catalog-events",
    "export-requested",
    "schedule",
)

SUBSCRIPTIONS = (
    Subscription("object-uploaded", "extract", ack_deadline_seconds=540),
    Subscription(
        "entity-extracted",
        "enrich",
        filter=(
            'attributes.type = "recording.extracted.v1"'
            ' OR attributes.type = "analysis.requested.v1"'
        ),
        ack_deadline_seconds=540,
    ),
    Subscription(
        "entity-extracted",
        "validate",
        filter=(
            'attributes.type = "recording.extracted.v1"'
            ' OR attributes.type = "release.extracted.v1"'
            ' OR attributes.type = "message.extracted.v1"'
            ' OR attributes.type = "validation.requested.v1"'
        ),
    ),
    # What people change is checked again; what came in was checked on its way.
    Subscription("catalog-events", "validate", filter='attributes.cause = "person"'),
    Subscription("export-requested", "export", ack_deadline_seconds=540),
    Subscription("schedule", "sync"),
)

FUNCTIONS = (
    Function("extract"),
    Function("enrich"),
    Function("validate"),
    Function("export"),
    Function("sync"),
    Function("api", signature="http"),
)
