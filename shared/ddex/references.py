"""References between the parts of a message: XML Schema's ID and IDREF.

libxml2 does not hold elements to `xs:ID` and `xs:IDREF` (XML Schema part 2, 3.3.8 and
3.3.9), so it is done here. Which elements these are is told by the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from shared.domain.findings import Level

from .findings import MessageFinding
from .message import Message
from .nodes import Node
from .schema.particles import Complex, Element, SchemaFacts, elements_of
from .schema.tables import facts_of, is_carried

_OLDEST: Final = "3.7"
_UNIQUE: Final = {
    "ResourceReference": "I01",
    "ReleaseReference": "I02",
    "PartyReference": "I03",
    "TechnicalResourceDetailsReference": "I04",
    "VisibilityReference": "I09",
}
_EXISTS: Final = {"A": "I05", "R": "I06", "P": "I07", "V": "I09"}
_BY_NAME: Final = {"ReleaseLabelReference": "I08"}
_OTHER: Final = "I13"
_SOURCE: Final = "XSD xs:ID, xs:IDREF"


@dataclass(frozen=True, slots=True)
class _References:
    """The elements that name things, and those that point; with their first letter."""

    anchors: dict[str, str]
    pointers: dict[str, str]


@cache
def _references(version: str) -> _References:
    facts = facts_of(version if is_carried(version) else _OLDEST)
    anchors: dict[str, str] = {}
    pointers: dict[str, str] = {}
    for element in _elements(facts):
        base, letter = _kind(element, facts)
        if base == "xs:ID":
            anchors[element.name] = letter
        elif base == "xs:IDREF":
            pointers[element.name] = letter
    return _References(anchors, pointers)


def _elements(facts: SchemaFacts) -> Iterator[Element]:
    for kind in (*facts.messages.values(), *facts.types.values()):
        if isinstance(kind, Complex):
            yield from elements_of(kind.content)


def _kind(element: Element, facts: SchemaFacts) -> tuple[str, str]:
    """Return the built-in type of *element*'s text and its pattern's first letter."""
    base, pattern = element.type.base, element.type.pattern
    while base in facts.types:
        named = facts.types[base]
        if isinstance(named, Complex):
            base = named.text
        else:
            base, pattern = named.base, named.pattern or pattern
    return base, pattern[:1]


def reference_findings(message: Message) -> Iterator[tuple[Node, MessageFinding]]:
    """Yield what names two things, and what points to nothing or the wrong kind."""
    known = _references(message.kind.version)
    letters: dict[str, str] = {}
    yield from _duplicates(message, known, letters)
    for name, letter in known.pointers.items():
        missed = {
            value
            for value in set(message.texts(name))
            if value not in letters or (letter and letters[value] != letter)
        }
        for value, node in message.texts_and_nodes(name) if missed else ():
            # A list may have the name of what it lists.
            if value in missed and not len(node):
                missed.remove(value)
                is_there = value in letters
                yield node, _dangling(node, value, letter, is_there=is_there)


def _duplicates(
    message: Message, known: _References, letters: dict[str, str]
) -> Iterator[tuple[Node, MessageFinding]]:
    """Yield what is named twice, and note in *letters* which kind each value names."""
    for name, letter in known.anchors.items():
        texts = message.texts(name)
        values = set(texts)
        if len(values) == len(texts) and values.isdisjoint(letters):
            letters.update(dict.fromkeys(values - {""}, letter))
            continue
        for value, node in message.texts_and_nodes(name):
            if value in letters and not len(node):
                yield node, _duplicate(node, value)
            elif value and not len(node):
                letters[value] = letter


def _duplicate(node: Node, value: str) -> MessageFinding:
    return _finding(
        node,
        _UNIQUE.get(str(node.tag), _OTHER),
        "the reference names two things",
        "Give each its own reference, and point to the one that is meant.",
        value,
    )


def _dangling(node: Node, value: str, letter: str, *, is_there: bool) -> MessageFinding:
    if is_there or (letter and not value.startswith(letter)):
        return _finding(
            node,
            _OTHER,
            "the reference points to the wrong kind of thing",
            "Point to what the element's name says.",
            value,
        )
    return _finding(
        node,
        _BY_NAME.get(str(node.tag)) or _EXISTS.get(letter, _OTHER),
        "the reference points to nothing in this message",
        "Point to what is there, or add what is missing.",
        value,
    )


def _finding(
    node: Node, rule_id: str, message: str, fix: str, value: str
) -> MessageFinding:
    return MessageFinding(
        code=f"ERN-{rule_id}",
        level=Level.FATAL,
        message=message,
        fix=fix,
        source=_SOURCE,
        xpath=node.getroottree().getpath(node),
        value=value,
        status="NewReleaseMessageInvalid",
    )
