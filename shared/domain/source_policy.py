"""What a tenant decides about its sources: whom to believe, and how to read tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError
from shared.domain.trust import DEFAULT_TRUST, Trust, source_family

PEOPLE: Final = "person"


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """One tenant's decisions.

    Attributes:
        priorities: Families of sources, the most believed first. People come before
            all; families that are not named follow in the usual order.
        per_field: The same for single fields, by name.
        mappings: Saved mappings of tables as JSON, by the fingerprint of their
            headings (`formats.tables.mapping`).
    """

    priorities: tuple[str, ...] = ()
    per_field: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mappings: Mapping[str, Mapping[str, JsonValue]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for order in (self.priorities, *self.per_field.values()):
            if len(set(order)) != len(order):
                raise InvalidInputError("a source is named twice", order=list(order))
            if any(not name or source_family(name) != name for name in order):
                raise InvalidInputError("expected families", order=list(order))

    def trust(self) -> Trust:
        """Return whom to believe: as decided, and as usual where nothing was."""
        usual = dict(DEFAULT_TRUST.per_field)
        decided = {name: _order(o, DEFAULT_TRUST) for name, o in self.per_field.items()}
        # What was measured beats words, unless the tenant decides about that field.
        return Trust(
            general=_order(self.priorities, DEFAULT_TRUST),
            per_field=MappingProxyType({**usual, **decided}),
        )

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "priorities": list(self.priorities),
            "per_field": {name: list(o) for name, o in sorted(self.per_field.items())},
            "mappings": {name: dict(m) for name, m in sorted(self.mappings.items())},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, JsonValue]) -> SourcePolicy:
        """Return the policy that `to_json` wrote.

        Raises:
            InvalidInputError: It is of another form, or names a source twice.
        """
        per_field = _object(told.get("per_field"))
        mappings = _object(told.get("mappings"))
        return cls(
            priorities=_names(told.get("priorities")),
            per_field={name: _names(order) for name, order in per_field.items()},
            mappings={name: _object(mapping) for name, mapping in mappings.items()},
        )


def _order(first: tuple[str, ...], usual: Trust) -> tuple[str, ...]:
    named = (PEOPLE, *(name for name in first if name != PEOPLE))
    return (*named, *(name for name in usual.general if name not in named))


def _names(value: JsonValue) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InvalidInputError("expected a list of sources", value=value)
    return tuple(str(name) for name in value)


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidInputError("expected an object", value=value)
    return value
