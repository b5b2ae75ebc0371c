"""Messages made from the tables of facts: anything that a version's schema allows."""

from __future__ import annotations

import random
from typing import Final

from hypothesis import strategies as st
from lxml import etree

from shared.ddex.schema.particles import Complex, Element, Group, Simple
from shared.ddex.schema.tables import editions, facts_of

# Beyond this many levels only what must be there is there.
_RICH_LEVELS: Final = 5
_DEEPEST: Final = 14
_TEXTS: Final = ("Tide", "Ebb & Flow", "x<y", "42", "é", " spaced ", "")
_BASES: Final = {
    "xs:boolean": ("true", "false", "1"),
    "xs:integer": ("1", "12"),
    "xs:decimal": ("1.5", "30"),
    "xs:duration": ("PT3M", "PT1M30.5S"),
    "xs:dateTime": ("2026-03-06T00:00:00Z", "2026-03-06T10:30:00+01:00"),
    "xs:gYear": ("2026",),
}
_PATTERNS: Final = {
    "[0-9]{4}(-": ("2026", "2026-03-06"),
    "[a-zA-Z]{2,3}": ("en", "de-Latn"),
    "PADPIDA": ("PADPIDA2013042401U",),
    "[0-9]+,": ("1,2",),
    "[0-9]{11}": ("00014107338",),
    "AudioFile": ("AudioFile",),
}


class _Maker:
    """Draws one message of a version."""

    def __init__(self, seed: int, version: str) -> None:
        self._dice = random.Random(seed)
        self._facts = facts_of(version)
        self._sets = editions()[self._facts.edition]
        self._count = 0

    def message(self, name: str, namespace: str) -> etree._Element:
        root = etree.Element(f"{{{namespace}}}{name}", nsmap={"ern": namespace})
        self._fill(root, self._facts.messages[name], 0)
        return root

    def _fill(self, node: etree._Element, kind: Complex, level: int) -> None:
        for attribute in kind.attributes:
            if attribute.is_required or (level < _RICH_LEVELS and self._chance(3)):
                node.set(attribute.name, self._text(attribute.type))
        if kind.text:
            node.text = self._text(Simple(kind.text))
        else:
            self._add_group(node, kind.content, level)

    def _chance(self, one_in: int) -> bool:
        return self._dice.randrange(one_in) == 0

    def _add_group(self, node: etree._Element, group: Group, level: int) -> None:
        if group.occurs.is_optional and (level >= _RICH_LEVELS or self._chance(2)):
            return
        parts = group.parts
        if group.is_choice:
            parts = (parts[0 if level >= _DEEPEST else self._index(len(parts))],)
        for part in parts:
            if isinstance(part, Group):
                self._add_group(node, part, level)
            else:
                self._add_element(node, part, level)

    def _index(self, count: int) -> int:
        return self._dice.randrange(count)

    def _add_element(self, node: etree._Element, element: Element, level: int) -> None:
        is_wanted = level < _RICH_LEVELS and self._chance(4)
        count = int(not element.occurs.is_optional or is_wanted)
        if count and element.occurs.is_many and is_wanted:
            count = 2
        for _ in range(count):
            inner = etree.SubElement(node, element.name)
            kind = self._facts.types.get(element.type.base)
            if isinstance(kind, Complex):
                self._fill(inner, kind, level + 1)
            else:
                inner.text = self._text(element.type)

    def _text(self, simple: Simple) -> str:
        chain = [simple]
        while (named := self._facts.types.get(chain[-1].base)) is not None:
            chain.append(Simple(named.text) if isinstance(named, Complex) else named)
        values = next((each.values for each in chain if each.values), ())
        base = chain[-1].base
        values = values or self._sets.get(base.removeprefix("avs:"), ())
        if values:
            return values[self._index(len(values))]
        pattern = next((each.pattern for each in chain if each.pattern), "")
        if base in {"xs:ID", "xs:IDREF"}:
            self._count += base == "xs:ID"
            return f"{pattern[:1]}{self._count}"
        for start, texts in _PATTERNS.items():
            if pattern.startswith(start):
                return texts[self._index(len(texts))]
        texts = _BASES.get(base, _TEXTS)
        return texts[self._index(len(texts))]


def message_of(seed: int, version: str) -> bytes:
    """Return the message that *seed* makes, which the schema of *version* allows."""
    namespace = f"http://ddex.net/xml/ern/{version.replace('.', '')}"
    root = _Maker(seed, version).message("NewReleaseMessage", namespace)
    return etree.tostring(root, encoding="UTF-8")


def messages(version: str) -> st.SearchStrategy[bytes]:
    """Draw a message that the schema of *version* allows.

    Of a seed, and not choice by choice: a message takes thousands of choices.
    """
    return st.integers(0, 2**32 - 1).map(lambda seed: message_of(seed, version))
