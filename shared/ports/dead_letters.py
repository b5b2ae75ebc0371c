"""Messages that a consumer could not handle: to be looked at, and driven again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that was given up after too many tries.

    Attributes:
        subscription: The one that gave up, `<topic>.<consumer>`.
        attributes: As its publisher set them.
        delivery_attempts: How often it was tried; 0 where the bus does not tell.
    """

    message_id: str
    subscription: str
    data: bytes
    attributes: Mapping[str, str]
    published_at: datetime
    delivery_attempts: int = 0

    @property
    def tenant_id(self) -> str:
        """Whose message it is; empty where it does not tell.

        Storage notifications name an object, whose first segment is the tenant.
        """
        return (
            self.attributes.get("tenant")
            or self.attributes.get("objectId", "/").partition("/")[0]
        )


class DeadLetters(Protocol):
    """All subscriptions' dead letters. Everything raises TransientError when away."""

    def subscriptions(self) -> Sequence[str]:
        """Return the subscriptions that have a place for dead letters, sorted."""
        ...

    def peek(
        self, subscription: str, *, tenant_id: str | None, limit: int
    ) -> Sequence[DeadLetter]:
        """Return up to *limit* messages of a tenant (of all if None); they stay.

        Raises:
            NotFoundError: There is no such subscription.
        """
        ...

    def redrive(self, subscription: str, *, tenant_id: str | None, limit: int) -> int:
        """Publish up to *limit* messages again; return how many.

        A message goes to its topic with its attributes and ordering key, with
        `redrive_of` and `target` (the consumer that gave up) beside them. Others who
        are subscribed know its event by the id, and do nothing. A message leaves the
        dead letters only once the topic has it.

        Raises:
            NotFoundError: There is no such subscription.
        """
        ...
