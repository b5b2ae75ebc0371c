"""What one source said: claims, and the immutable records that carry them.

A source record is what one source said about one thing at one time. A claim is one
`field → value` of it, with the source's own confidence. Nothing here is ever changed
once staged: a refresh, an edit and an undo are all new records.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID, uuid5

from shared.domain.errors import InvalidInputError

_Scalar = str | int | float | bool | None
JsonValue = _Scalar | list["JsonValue"] | dict[str, "JsonValue"]

_RECORDS = UUID("5f0d6d5e-60a7-5d0c-9d51-0d5c1b6a9f10")


class Kind(StrEnum):
    """The kinds of thing a claim can be about."""

    RECORDING = "recording"
    RELEASE = "release"
    PARTY = "party"
    TRACK_POSITION = "track_position"
    RESOURCE = "resource"
    WORK = "work"
    RELEASE_GROUP = "release_group"
    PODCAST = "podcast"
    EPISODE = "episode"
    PLAYLIST = "playlist"
    DEAL = "deal"
    DELIVERY = "delivery"
    MESSAGE = "message"


def canonical_json(value: object) -> str:
    """Return the one text of *value*: keys sorted, no spaces, no escapes of letters."""
    return json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """One `field → value` that a source states.

    Attributes:
        field: A name from `shared.domain.fields` for the record's kind.
        value: The parsed value, canonical for its field.
        confidence: How sure the source is, from 0 to 1.
        locked: A person's claim that no refresh may override.
        withdrawn: A person takes back what people said of this field, so that it
            follows the other sources again; *value* is then None.
    """

    field: str
    value: JsonValue
    confidence: float = 1.0
    locked: bool = False
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise InvalidInputError(
                "a confidence is from 0 to 1",
                field=self.field,
                confidence=self.confidence,
            )


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What one source said about one thing at one time.

    Attributes:
        kind: What the record is about.
        keys: Evidence of which thing it is, strongest first, each
            `namespace:value` (`isrc:USRC17607839`, `gtin:00036000291452`,
            `object:gs://…`, `id:<uuid>`). At least one.
        source: Who says so: `tags`, `file`, `table`, `ddex:<DPID>`,
            `audio-analysis@v1`, `person:<who>`.
        origin: The address of what was read (`gs://…`, `edit:<uuid>`).
        origin_version: Increases when the origin changes; of one source and origin
            only the records of the highest version stand. 0 for a statement without
            versions, which many files may make alike (a name in their credits): it
            is staged once, and recency does not decide about it.
        claims: What is said, in a fixed order (by field).
        received_at: When the origin came in (not when it was read), aware, UTC.
        raw: The words as received, where they say more than the claims.
        batch: What was read together and is folded together.
    """

    kind: Kind
    keys: tuple[str, ...]
    source: str
    origin: str
    origin_version: int
    claims: tuple[Claim, ...]
    received_at: datetime
    raw: dict[str, JsonValue] = field(default_factory=dict)
    batch: UUID | None = None
    # A hash over all that is said, wanted several times: kept, and never copied.
    _id: UUID | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.keys:
            raise InvalidInputError("a source record needs a key", origin=self.origin)
        if self.received_at.tzinfo is None:
            raise InvalidInputError("a time needs its zone", origin=self.origin)
        if not self.is_by_person and any(c.locked or c.withdrawn for c in self.claims):
            raise InvalidInputError(
                "only a person locks or withdraws", source=self.source
            )

    @property
    def checksum(self) -> str:
        """SHA-256, in hexadecimal, of what is said: kind, keys and claims."""
        said = [self.kind, list(self.keys), claims_to_json(self.claims)]
        return hashlib.sha256(canonical_json(said).encode()).hexdigest()

    @property
    def record_id(self) -> UUID:
        """The same for the same words of the same source about the same origin."""
        if self._id is not None:
            return self._id
        parts = (self.source, self.origin, str(self.origin_version), self.checksum)
        return self._keep(uuid5(_RECORDS, "\x1f".join(parts)))

    def staged_as(self, record_id: UUID) -> Self:
        """Return the record, which was staged under *record_id*."""
        self._keep(record_id)
        return self

    def _keep(self, record_id: UUID) -> UUID:
        object.__setattr__(self, "_id", record_id)
        return record_id

    @property
    def is_timeless(self) -> bool:
        return self.origin_version == 0

    @property
    def is_by_person(self) -> bool:
        return self.source.startswith("person:")


def claims_to_json(claims: tuple[Claim, ...]) -> list[JsonValue]:
    """Return *claims* as JSON: `[field, value, confidence, locked, withdrawn]` each."""
    return [
        [c.field, c.value, float(c.confidence), c.locked, c.withdrawn] for c in claims
    ]


def claims_from_json(rows: list[list[JsonValue]]) -> tuple[Claim, ...]:
    """Return the claims that `claims_to_json` wrote."""
    return tuple(
        Claim(
            field=str(name),
            value=value,
            confidence=float(confidence)
            if isinstance(confidence, int | float)
            else 1.0,
            locked=bool(locked),
            withdrawn=bool(withdrawn),
        )
        for name, value, confidence, locked, withdrawn in rows
    )
