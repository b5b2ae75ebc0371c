"""Elements, made in any order and put into that of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from shared.ddex.model import Part
from shared.ddex.schema.particles import Complex, SchemaFacts, elements_of
from shared.ddex.schema.tables import editions, facts_of

VERSION: Final = "4.3"
WORLDWIDE: Final = "Worldwide"


def element(
    name: str,
    *parts: Part | None,
    text: str = "",
    **attributes: str,
) -> Part:
    """Return an element; parts that are None and attributes that are empty go."""
    return Part(
        name=name,
        text=text,
        attributes=tuple((key, value) for key, value in attributes.items() if value),
        parts=tuple(part for part in parts if part is not None),
    )


def optional(name: str, text: object, **attributes: str) -> Part | None:
    """Return an element of *text*, or None where there is none."""
    shown = "" if text is None else str(text).strip()
    return element(name, text=shown, **attributes) if shown else None


def every(name: str, texts: Iterable[str], **attributes: str) -> list[Part]:
    return [element(name, text=text, **attributes) for text in texts if text]


def flagged(name: str, value: object) -> Part | None:
    """Return an element that is true or false, or None where it is neither."""
    return optional(name, str(value).lower()) if isinstance(value, bool) else None


def own_word(
    name: str, word: str, values: str, namespace: str, **attributes: str
) -> Part:
    """Return *word* as an element; as the sender's own where it is not of the set.

    Args:
        values: The name of the set of allowed values.
    """
    if word in _allowed(values):
        return element(name, text=word, **attributes)
    return element(
        name,
        text="UserDefined",
        Namespace=namespace,
        UserDefinedValue=word,
        **attributes,
    )


def is_allowed(values: str, word: str) -> bool:
    """Tell whether *word* is of the set of allowed values."""
    return word in _allowed(values)


def in_order(root: Part) -> Part:
    """Return the message with every element's children in the schema's order."""
    facts = facts_of(VERSION)
    local = root.name.rpartition("}")[2]
    return _ordered(root, facts.messages[local], facts)


def _ordered(part: Part, kind: Complex | None, facts: SchemaFacts) -> Part:
    if not part.parts or kind is None:
        return part
    places, kinds = _children(_Key(kind), facts)
    ordered = sorted(part.parts, key=lambda each: places.get(each.name, len(places)))
    return replace(
        part,
        parts=tuple(_ordered(each, kinds.get(each.name), facts) for each in ordered),
    )


class _Key:
    """A complex type by identity: the tables' types are made once."""

    def __init__(self, kind: Complex) -> None:
        self.kind = kind

    def __hash__(self) -> int:
        return id(self.kind)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.kind is self.kind


def _children(
    key: _Key, facts: SchemaFacts
) -> tuple[Mapping[str, int], Mapping[str, Complex]]:
    places: dict[str, int] = {}
    kinds: dict[str, Complex] = {}
    for place, child in enumerate(elements_of(key.kind.content)):
        places.setdefault(child.name, place)
        kind = facts.types.get(child.type.base)
        if isinstance(kind, Complex):
            kinds.setdefault(child.name, kind)
    return places, kinds


@cache
def _allowed(values: str) -> frozenset[str]:
    return frozenset(editions()[facts_of(VERSION).edition][values])


@cache
def edition_number() -> str:
    """Return the `AvsVersionId` of the allowed values that are written."""
    return facts_of(VERSION).edition.removeprefix("avs")
