"""The parts a schema is made of: the few that ERN's schemas use.

XML Schema 1.0, part 1, clauses 3.2 (attributes), 3.4 (complex types), 3.8 (groups).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Occurs(StrEnum):
    """How often a part may stand: XML Schema's minOccurs and maxOccurs."""

    ONCE = ""
    OPTIONAL = "?"
    ANY = "*"
    SOME = "+"

    @classmethod
    def between(cls, least: str | None, most: str | None) -> Occurs:
        """Return the one for minOccurs and maxOccurs as written."""
        is_optional, is_many = least == "0", most == "unbounded"
        if is_many:
            return cls.ANY if is_optional else cls.SOME
        return cls.OPTIONAL if is_optional else cls.ONCE

    @property
    def is_optional(self) -> bool:
        return self in {Occurs.OPTIONAL, Occurs.ANY}

    @property
    def is_many(self) -> bool:
        return self in {Occurs.ANY, Occurs.SOME}


@dataclass(frozen=True, slots=True)
class Simple:
    """A text type: *base* narrowed by patterns or to values.

    Attributes:
        base: `xs:string` …, `avs:Name` for a set of allowed values, or a name of
            the same schema.
    """

    base: str
    pattern: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    name: str
    occurs: Occurs
    type: Simple


@dataclass(frozen=True, slots=True)
class Group:
    """Parts one after the other, or one of them."""

    is_choice: bool
    occurs: Occurs
    parts: tuple[Element | Group, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    is_required: bool
    type: Simple


@dataclass(frozen=True, slots=True)
class Complex:
    """An element's type: child elements, or text, and attributes."""

    content: Group | None
    text: str = ""
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class SchemaFacts:
    """What one version's schema says.

    Attributes:
        edition: Which column of the allowed values it takes.
        messages: The root elements, by name.
        types: The named types, by name.
    """

    edition: str
    messages: dict[str, Complex] = field(default_factory=dict)
    types: dict[str, Complex | Simple] = field(default_factory=dict)

    def value_sets(self) -> set[str]:
        """Return the names of the sets of allowed values that the schema uses."""
        bases = {simple.base for simple in self._simple_types()}
        return {base[4:] for base in bases if base.startswith("avs:")}

    def _simple_types(self) -> list[Simple]:
        found: list[Simple] = []
        for kind in (*self.messages.values(), *self.types.values()):
            if isinstance(kind, Simple):
                found.append(kind)
            else:
                found.append(Simple(kind.text))
                found.extend(attribute.type for attribute in kind.attributes)
                found.extend(element.type for element in elements_of(kind.content))
        return found


def elements_of(group: Group | None) -> list[Element]:
    """Return the elements that *group* names, in order, at any depth of groups."""
    found: list[Element] = []
    for part in group.parts if group else ():
        found.extend([part] if isinstance(part, Element) else elements_of(part))
    return found
