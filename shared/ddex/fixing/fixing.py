"""Walks a message beside the facts of its schema, and fixes what is safe to fix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from shared.ddex.conversion.simple_types import SimpleTypes
from shared.ddex.nodes import Node
from shared.ddex.reading import Limits, parsed
from shared.ddex.schema.particles import (
    Complex,
    Element,
    SchemaFacts,
    Simple,
    elements_of,
)
from shared.ddex.schema.tables import editions, facts_of, is_carried
from shared.ddex.versions import ERN, recognised
from shared.domain.claims import JsonValue
from shared.domain.errors import NotFoundError

from .forms import clean, identifier, other_ways
from .order import in_due_order, put

_TERRITORIES: Final = ("TerritoryCode", "ExcludedTerritoryCode")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is written otherwise now.

    Attributes:
        xpath: Where it stood before; an attribute with `@`.
        before: As written; of children in another order, their names.
    """

    xpath: str
    before: str
    after: str
    what: str

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "xpath": self.xpath,
            "before": self.before,
            "after": self.after,
            "what": self.what,
        }


@dataclass(frozen=True, slots=True)
class Fixed:
    """A message after its fixes.

    Attributes:
        content: The message; the very bytes that came in where nothing was to fix.
    """

    content: bytes
    changes: tuple[Change, ...]


def fixed(content: bytes, limits: Limits | None = None) -> Fixed:
    """Return the message in *content* with what is safe to fix fixed, and a list of it.

    Raises:
        LimitExceededError: It is beyond a limit.
        UnreadableFileError: It is not well-formed XML.
        InvalidInputError: It is no DDEX message.
        NotFoundError: There are no facts about its version.
    """
    kind = recognised(str(parsed(content, limits).tag))
    if kind.standard != ERN or not is_carried(kind.version):
        raise NotFoundError("nothing is known of this version", version=kind.version)
    # Read once more, now that it is safe, with the comments and spaces in it.
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    facts = facts_of(kind.version)
    sets = editions().get(facts.edition, {})
    walk = _Walk(facts, SimpleTypes(facts, sets))
    changes = tuple(walk.message(root, facts.messages[kind.message]))
    if not changes:
        return Fixed(content, ())
    tree = root.getroottree()
    written = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return Fixed(written, changes)


class _Walk:
    def __init__(self, facts: SchemaFacts, types: SimpleTypes) -> None:
        self._facts = facts
        self._types = types

    def message(self, node: Node, kind: Complex) -> Iterator[Change]:
        """Fix *node* and all below it, and yield what was done."""
        yield from self._attributes(node, kind)
        if kind.content is None:
            yield from self._text(node, Simple(kind.text))
            return
        known = {each.name: each for each in elements_of(kind.content)}
        for child in list(node.iterchildren("*")):
            if str(child.tag) in known:
                yield from self._child(child, known[str(child.tag)])
        yield from _once(node)
        yield from _ordered(node, kind)

    def _child(self, node: Node, element: Element) -> Iterator[Change]:
        kind = self._facts.types.get(element.type.base)
        is_plain = not (element.type.pattern or element.type.values)
        if isinstance(kind, Complex) and is_plain:
            yield from self.message(node, kind)
        elif not len(node):
            yield from self._text(node, element.type)

    def _attributes(self, node: Node, kind: Complex) -> Iterator[Change]:
        known = {each.name: each.type for each in kind.attributes}
        for name in node.keys() & known.keys():
            before = node.get(name, "")
            after = self._written(known[name], str(name), before)
            if after != before:
                node.set(name, after)
                yield Change(f"{_path(node)}/@{name}", before, after, _FORM)

    def _text(self, node: Node, simple: Simple) -> Iterator[Change]:
        before = node.text or ""
        after = self._written(simple, str(node.tag), before)
        if after != before and len(node) == 0:
            node.text = after
            yield Change(_path(node), before, after, _FORM)

    def _written(self, simple: Simple, name: str, text: str) -> str:
        cleaned = identifier(name, clean(text))
        if not cleaned:
            return text
        if self._types.accepts(simple, cleaned):
            return cleaned
        folded = {value.casefold(): value for value in self._types.values(simple)}
        named = folded.get(cleaned.casefold())
        if named is not None:
            return named
        ways = (way for way in other_ways(cleaned) if self._types.accepts(simple, way))
        return next(ways, cleaned)


_FORM: Final = "written as the version wants it"
_ORDER: Final = "children put in the order of the schema"
_ONCE: Final = "named twice, and now once"


def _ordered(node: Node, kind: Complex) -> Iterator[Change]:
    children = list(node.iterchildren("*"))
    due = children if kind.content is None else in_due_order(children, kind.content)
    if due != children:
        before = " ".join(str(child.tag) for child in children)
        put(node, due)
        yield Change(
            _path(node), before, " ".join(str(each.tag) for each in due), _ORDER
        )


def _once(node: Node) -> Iterator[Change]:
    """Leave a territory out that the same terms have named before."""
    if node.tag != "DealTerms":
        return
    for name in _TERRITORIES:
        seen: set[str] = set()
        for child in list(node.iterchildren(name)):
            text = child.text or ""
            if text in seen:
                yield Change(_path(child), text, "", _ONCE)
                node.remove(child)
            seen.add(text)


def _path(node: Node) -> str:
    return node.getroottree().getpath(node)
