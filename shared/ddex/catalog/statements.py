"""Statements: good values as claims about a thing, bad ones as doubts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from shared.ddex.model import Territories
from shared.domain.claims import Claim, JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.fields import parsed

_QUOTED_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Statement:
    """What a message says of one thing.

    Attributes:
        keys: As `shared.domain.keys` makes them, strongest first.
        is_timeless: It holds whatever else the sender says later, such as a name.
    """

    kind: Kind
    keys: tuple[str, ...]
    claims: tuple[Claim, ...]
    is_timeless: bool = False

    def value(self, name: str) -> JsonValue:
        """Return what is claimed of field *name*, or None."""
        return next((c.value for c in self.claims if c.field == name), None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that was not claimed, because it is none of its field's."""

    kind: Kind
    field: str
    message: str
    value: str


@dataclass(slots=True)
class Saying:
    """Gathers what is said of one thing."""

    kind: Kind
    claims: list[Claim] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def say(self, name: str, value: object, confidence: float = 1.0) -> None:
        """Claim *value*; None, an empty text and an empty list say nothing."""
        if value in (None, "", [], ()):
            return
        try:
            canonical = parsed(self.kind, name, value)
        except InvalidInputError as exc:
            quoted = str(value)[:_QUOTED_CHARACTERS]
            self.doubts.append(Doubt(self.kind, name, exc.message, quoted))
            return
        self.claims.append(Claim(name, canonical, confidence))

    @property
    def values(self) -> dict[str, JsonValue]:
        return {claim.field: claim.value for claim in self.claims}


class _Territorial(Protocol):
    @property
    def territories(self) -> Territories: ...


T = TypeVar("T", bound=_Territorial)


def widest(values: Iterable[T]) -> list[T]:
    """Return those *values* that hold everywhere; where none does, the first's.

    A catalog keeps one value of a field. What a message says for some territories
    alone stays in the message.
    """
    found = list(values)
    everywhere = [value for value in found if value.territories.are_everywhere]
    if everywhere or not found:
        return everywhere
    return [value for value in found if value.territories == found[0].territories]
