"""The form every event has: a CloudEvent 1.0 in structured JSON.

A message on a topic carries the event as data, and as attributes what subscriptions
filter by. `type` names event and version: `recording.extracted.v1`.
"""

from __future__ import annotations

import json
from typing import ClassVar, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.domain.errors import InvalidInputError

SOURCE = "//linernotes"


class Event(BaseModel):
    """What happened: to whom, when, and an id that stays on redelivery."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    topic: ClassVar[str]

    event_id: UUID
    tenant_id: str
    occurred_at: AwareDatetime

    @property
    def ordering_key(self) -> str:
        """Events of one key reach a subscriber in order; empty: any order will do."""
        return ""

    @property
    def subject(self) -> str:
        """What the event is about, within the tenant."""
        return ""

    def to_cloud_event(self) -> bytes:
        """Return the event as CloudEvents 1.0 JSON (§3 of its JSON format)."""
        body = {
            "specversion": "1.0",
            "id": str(self.event_id),
            "source": f"{SOURCE}/{self.tenant_id}",
            "type": self.type,
            "subject": self.subject,
            "time": self.occurred_at.isoformat(),
            "datacontenttype": "application/json",
            "tenantid": self.tenant_id,
            "data": self.model_dump(
                mode="json", exclude={"event_id", "tenant_id", "occurred_at"}
            ),
        }
        return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def attributes(self) -> dict[str, str]:
        """What subscriptions filter by."""
        return {
            "type": self.type,
            "tenant": self.tenant_id,
            "event_id": str(self.event_id),
        }

    @classmethod
    def from_cloud_event(cls, body: bytes) -> Self:
        """Return the event in *body*.

        Raises:
            InvalidInputError: It is not an event of this type; facts tell where.
        """
        try:
            outer = json.loads(body)
            if outer.get("type") != cls.type:
                raise InvalidInputError(
                    "an event of another type", expected=cls.type, got=outer.get("type")
                )
            return cls.model_validate(
                {
                    **outer["data"],
                    "event_id": outer["id"],
                    "tenant_id": outer["tenantid"],
                    "occurred_at": outer["time"],
                }
            )
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise InvalidInputError(
                "not an event", type=cls.type, detail=_told(exc)
            ) from exc


def _told(exc: Exception) -> str:
    if isinstance(exc, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in exc.errors()
        )
    return str(exc)
