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
    anchors: dict[str, str] = {}
    yield from _duplicates(message, known, anchors)
    for name, letter in known.pointers.items():
        missed: set[str] = set()
        for node in _texts(message, name):
            value = _value(node)
            if value in missed:
                continue
            aimed = known.anchors.get(anchors.get(value, ""))
            if aimed is None or (letter and aimed != letter):
                missed.add(value)
                yield node, _dangling(node, value, letter, is_there=aimed is not None)


def _duplicates(
    message: Message, known: _References, anchors: dict[str, str]
) -> Iterator[tuple[Node, MessageFinding]]:
    """Yield what is named twice, and note in *anchors* which element names what."""
    for name in known.anchors:
        for node in _texts(message, name):
            value = _value(node)
            if value in anchors:
                yield node, _duplicate(node, value)
            elif value:
                anchors[value] = name


def _texts(message: Message, name: str) -> Iterator[Node]:
    """Yield the elements of *name* that hold text: a list may have the same name."""
    return (node for node in message.all(name) if not len(node))


def _value(node: Node) -> str:
    return (node.text or "").strip()


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
