"""A message as neutral, ordered parts: what the typed views stand on.

A part is an element, whatever its name, so nothing is lost that no view knows about.
Space between elements is layout and goes; comments and processing instructions went
when the message was parsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from shared.ddex.nodes import Node

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_INDENT: Final = "  "


@dataclass(frozen=True, slots=True)
class Part:
    """One element.

    Attributes:
        name: As lxml writes it: `{namespace}name`, or `name` without a namespace.
        text: As written, up to the first child; of a part with children, space goes.
        attributes: In their order.
        tail: What follows the end tag, where it is more than space.
    """

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    tail: str = ""

    def get(self, attribute: str) -> str:
        """Return the value of *attribute*, without space around; empty if none."""
        for name, value in self.attributes:
            if name == attribute:
                return value.strip()
        return ""

    def all(self, *names: str) -> Iterator[Part]:
        """Yield the children of these names, in order."""
        return (part for part in self.parts if part.name in names)

    def first(self, path: str) -> Part | None:
        """Return the first part at *path*, names divided by `/`; None if none."""
        name, _, rest = path.partition("/")
        for part in self.all(name):
            found = part.first(rest) if rest else part
            if found is not None:
                return found
        return None

    def value(self, path: str = "") -> str:
        """Return the text at *path*, or of the part, without space around."""
        found = self.first(path) if path else self
        return found.text.strip() if found else ""

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the texts of the children of these names, without space around."""
        return tuple(part.text.strip() for part in self.all(*names))

    def within(self) -> Iterator[Part]:
        """Yield this part and all below it, in the order of the message."""
        yield self
        for part in self.parts:
            yield from part.within()


def part_of(node: Node) -> Part:
    """Return *node* and all below it as parts."""
    children = tuple(part_of(child) for child in node.iterchildren("*"))
    text, tail = node.text or "", node.tail or ""
    return Part(
        name=str(node.tag),
        text=text if not children or text.strip() else "",
        attributes=tuple((str(k), str(v)) for k, v in node.attrib.items()),
        parts=children,
        tail=tail if tail.strip() else "",
    )


def prefixes_of(root: Node) -> dict[str, str]:
    """Return the prefixes declared anywhere below *root*; the outermost ones win."""
    found: dict[str, str] = {}
    for node in root.iter("*"):
        for prefix, namespace in node.nsmap.items():
            if prefix:
                found.setdefault(prefix, namespace)
    return found


def node_of(part: Part, prefixes: Mapping[str, str]) -> Node:
    """Return *part* as an element that declares *prefixes*, and all below it."""
    root = etree.Element(part.name, dict(part.attributes), nsmap=dict(prefixes))
    _fill(root, part)
    return root


def _fill(node: Node, part: Part) -> None:
    node.text = part.text or None
    for child in part.parts:
        inner = etree.SubElement(node, child.name, dict(child.attributes))
        _fill(inner, child)
        inner.tail = child.tail or None


def serialised(root: Node) -> bytes:
    """Return *root* as UTF-8, indented, the same bytes for the same tree."""
    etree.indent(root, space=_INDENT)
    return _DECLARATION + etree.tostring(root, encoding="UTF-8") + b"\n"
