"""The notation of the tables: one part a line, nested by a space each.

    edition avs9                     the column of the allowed values
    pattern p1 [a-z]{2,3}            a pattern that several parts share
    message NewReleaseMessage        a root element
     MessageHeader MessageHeader     an element and its type; * + ? as in patterns
     choice ?                        one of the lines further in
      TerritoryCode+ CurrentTerritoryCode
      ExcludedTerritoryCode+ CurrentTerritoryCode
     @AvsVersionId! xs:string        an attribute; ! where it must be there
    type … / text NAME BASE / simple NAME TYPE

A type is `xs:…`, `avs:…` (a set of allowed values) or a name of the same table; then,
where it narrows that: `/pattern`, `~p1` for a shared one, or `=A|B` for values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from shared.domain.errors import InvalidInputError

from .particles import (
    Attribute,
    Complex,
    Element,
    Group,
    Occurs,
    SchemaFacts,
    Simple,
    elements_of,
)

_GROUPS: Final = ("sequence", "choice")
_SHARED_FROM_LENGTH: Final = 30


def written(facts: SchemaFacts) -> str:
    """Return *facts* in the notation."""
    names = {pattern: f"p{n}" for n, pattern in enumerate(_shared_patterns(facts), 1)}
    lines = [f"edition {facts.edition}"]
    lines += [f"pattern {name} {pattern}" for pattern, name in names.items()]
    for name, message in facts.messages.items():
        lines += [f"message {name}", *_complex_lines(message, names)]
    for name, kind in sorted(facts.types.items()):
        if isinstance(kind, Simple):
            lines.append(f"simple {name} {_type_text(kind, names)}")
        else:
            head = f"text {name} {kind.text}" if kind.text else f"type {name}"
            lines += [head, *_complex_lines(kind, names)]
    return "\n".join(lines) + "\n"


def _shared_patterns(facts: SchemaFacts) -> list[str]:
    used: Counter[str] = Counter()
    for kind in (*facts.messages.values(), *facts.types.values()):
        parts = [kind] if isinstance(kind, Simple) else _narrowed(kind)
        used.update(simple.pattern for simple in parts)
    return sorted(pattern for pattern in used if len(pattern) >= _SHARED_FROM_LENGTH)


def _narrowed(kind: Complex) -> list[Simple]:
    parts: list[Element | Attribute] = [*elements_of(kind.content), *kind.attributes]
    return [part.type for part in parts]


def _type_text(simple: Simple, names: dict[str, str]) -> str:
    if simple.pattern in names:
        return f"{simple.base} ~{names[simple.pattern]}"
    if simple.pattern:
        return f"{simple.base} /{simple.pattern}"
    if simple.values:
        return f"{simple.base} ={'|'.join(simple.values)}"
    return simple.base


def _complex_lines(kind: Complex, names: dict[str, str]) -> Iterator[str]:
    if kind.content:
        yield from _part_lines(kind.content.parts, names, depth=1)
    for attribute in kind.attributes:
        mark = "!" if attribute.is_required else ""
        yield f" @{attribute.name}{mark} {_type_text(attribute.type, names)}"


def _part_lines(
    parts: Iterable[Element | Group], names: dict[str, str], depth: int
) -> Iterator[str]:
    indent = " " * depth
    for part in parts:
        if isinstance(part, Element):
            yield f"{indent}{part.name}{part.occurs} {_type_text(part.type, names)}"
        else:
            yield f"{indent}{_GROUPS[part.is_choice]} {part.occurs}".rstrip()
            yield from _part_lines(part.parts, names, depth + 1)


def read(text: str) -> SchemaFacts:
    """Return the facts that `written` wrote; lines that open with # are remarks.

    Raises:
        InvalidInputError: A line is not in the notation; the facts give it.
    """
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return _Reader(lines).facts()


class _Reader:
    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._place = 0
        self._patterns: dict[str, str] = {}

    def facts(self) -> SchemaFacts:
        facts = SchemaFacts(edition=self._taken().removeprefix("edition "))
        while self._place < len(self._lines):
            keyword, _, rest = self._taken().partition(" ")
            name, _, kind = rest.partition(" ")
            if keyword == "pattern":
                self._patterns[name] = kind
            elif keyword == "message":
                facts.messages[name] = self._complex()
            elif keyword == "simple":
                facts.types[name] = self._simple(kind)
            elif keyword in {"type", "text"}:
                facts.types[name] = self._complex(text=kind)
            else:
                raise InvalidInputError("not a line of a schema table", line=keyword)
        return facts

    def _taken(self) -> str:
        line = self._lines[self._place]
        self._place += 1
        return line

    def _complex(self, text: str = "") -> Complex:
        parts = self._parts(depth=1)
        attributes = []
        while self._next_is(" @"):
            name, _, kind = self._taken()[2:].partition(" ")
            attributes.append(
                Attribute(name.rstrip("!"), name.endswith("!"), self._simple(kind))
            )
        content = None if text else Group(False, Occurs.ONCE, tuple(parts))
        return Complex(content, text, tuple(attributes))

    def _next_is(self, start: str) -> bool:
        return self._place < len(self._lines) and self._lines[self._place].startswith(
            start
        )

    def _parts(self, depth: int) -> list[Element | Group]:
        indent = " " * depth
        parts: list[Element | Group] = []
        while self._next_is(indent) and not self._next_is(indent + "@"):
            name, _, kind = self._taken().strip().partition(" ")
            if name in _GROUPS:
                inner = tuple(self._parts(depth + 1))
                parts.append(Group(name == "choice", Occurs(kind), inner))
            else:
                mark = name[-1] if name[-1] in "?*+" else ""
                named = name.rstrip("?*+")
                parts.append(Element(named, Occurs(mark), self._simple(kind)))
        return parts

    def _simple(self, text: str) -> Simple:
        base, _, narrowing = text.partition(" ")
        if narrowing.startswith("~"):
            return Simple(base, self._patterns[narrowing[1:]])
        if narrowing.startswith("/"):
            return Simple(base, narrowing[1:])
        if narrowing.startswith("="):
            return Simple(base, values=tuple(narrowing[1:].split("|")))
        return Simple(base)
