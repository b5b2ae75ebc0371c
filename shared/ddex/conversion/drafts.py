"""A message while it is converted: parts that know where they came from.

Every text and attribute carries the XPaths of the source it was taken from. What is
lost, changed or supplied is therefore not noted by whoever converts, but read off the
result: a conversion cannot forget to report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from shared.ddex.nodes import Node

Origins = frozenset[str]
NOWHERE: Final[Origins] = frozenset()
# Of the root's namespace, in what is written and in the XPaths that point to it.
PREFIX: Final = "ern"
_TRUE: Final = frozenset({"true", "1"})


@dataclass(slots=True)
class Said:
    """A text and the places of the source that said it."""

    text: str
    origins: Origins = NOWHERE


@dataclass(slots=True, eq=False)
class Draft:
    """One element under conversion.

    Attributes:
        origins: Where its text came from; of an empty element, itself.
        implied: What of the source is said by its being there, in its place and under
            its name, such as a `TitleType` that became the name.
    """

    name: str
    text: str = ""
    origins: Origins = NOWHERE
    attributes: dict[str, Said] = field(default_factory=dict)
    parts: list[Draft] = field(default_factory=list)
    implied: Origins = NOWHERE

    def all(self, *names: str) -> list[Draft]:
        """Return the children of these names, in order."""
        return [part for part in self.parts if part.name in names]

    def first(self, path: str) -> Draft | None:
        """Return the first element at *path*, names divided by `/`."""
        name, _, rest = path.partition("/")
        for part in self.parts:
            if part.name == name:
                found = part.first(rest) if rest else part
                if found is not None:
                    return found
        return None

    def value(self, path: str = "") -> str:
        """Return the text at *path*, without space around; empty where none is."""
        found = self.first(path) if path else self
        return found.text.strip() if found else ""

    def get(self, attribute: str) -> str:
        said = self.attributes.get(attribute)
        return said.text.strip() if said else ""

    def set(self, attribute: str, text: str, origins: Origins = NOWHERE) -> None:
        self.attributes[attribute] = Said(text, origins)

    def is_true(self, path: str) -> bool:
        """Tell whether the text at *path* is XML Schema's true."""
        return self.value(path) in _TRUE

    def is_said(self, attribute: str) -> bool:
        """Tell whether *attribute* is XML Schema's true."""
        return self.get(attribute) in _TRUE

    def take(self, *names: str) -> list[Draft]:
        """Remove the children of these names, and return them."""
        taken = self.all(*names)
        if taken:
            self.parts = [part for part in self.parts if part.name not in names]
        return taken

    def add(self, name: str, text: str = "", origins: Origins = NOWHERE) -> Draft:
        """Append a new child, and return it."""
        part = Draft(name, text, origins)
        self.parts.append(part)
        return part

    def within(self) -> Iterator[Draft]:
        """Yield this element and all below it."""
        ahead = [self]
        while ahead:
            part = ahead.pop()
            yield part
            ahead.extend(reversed(part.parts))

    def copy(self) -> Draft:
        """Return a copy that came from the same places."""
        return Draft(
            self.name,
            self.text,
            self.origins,
            {
                name: Said(said.text, said.origins)
                for name, said in self.attributes.items()
            },
            [part.copy() for part in self.parts],
            self.implied,
        )

    def imply(self, *said: Said | Draft | None) -> None:
        """Say by being there what *said* said, and all below it."""
        for one in said:
            if isinstance(one, Said):
                self.implied |= one.origins
            elif one is not None:
                leaves = (leaf.origins for _, leaf in one.leaves())
                self.implied = self.implied.union(one.implied, *leaves)

    def tell(self, other: Draft) -> bool:
        """Say for *other* what both say, territories aside; False if they differ."""
        if not self.says(other):
            return False
        self.origins |= other.origins
        self.implied |= other.implied
        for name, said in other.attributes.items():
            if name in self.attributes and self.attributes[name].text == said.text:
                self.attributes[name].origins |= said.origins
        for mine, theirs in zip(self.parts, other.parts, strict=True):
            mine.tell(theirs)
        return True

    def says(self, other: Draft) -> bool:
        """Tell whether both have the same elements and texts, whatever attributes."""
        return (
            self.name == other.name
            and self.text.strip() == other.text.strip()
            and len(self.parts) == len(other.parts)
            and all(map(Draft.says, self.parts, other.parts))
        )

    def content(self) -> tuple[object, ...]:
        """Return all that it says, to tell whether two say the same."""
        return (
            self.name,
            self.text.strip(),
            tuple(sorted((k, v.text) for k, v in self.attributes.items())),
            tuple(part.content() for part in self.parts),
        )

    def absorb(self, other: Draft) -> None:
        """Take over the origins of *other*, which has the same content."""
        self.origins |= other.origins
        self.implied |= other.implied
        for name, said in other.attributes.items():
            self.attributes[name].origins |= said.origins
        for mine, theirs in zip(self.parts, other.parts, strict=True):
            mine.absorb(theirs)

    def leaves(self) -> Iterator[tuple[str, Said]]:
        """Yield every text (name empty) and attribute, at any depth."""
        for part in self.within():
            if not part.parts or part.text.strip():
                yield "", Said(part.text, part.origins)
            yield from part.attributes.items()


def merged(parts: list[Draft]) -> list[Draft]:
    """Return *parts* without those that say the same as an earlier one."""
    found: dict[tuple[object, ...], Draft] = {}
    for part in parts:
        earlier = found.setdefault(part.content(), part)
        if earlier is not part:
            earlier.absorb(part)
    return list(found.values())


def draft_of(root: Node) -> Draft:
    """Return the message at *root* as a draft whose origins are XPaths."""
    return _draft(root, root.getroottree().getpath(root))


def _draft(node: Node, path: str) -> Draft:
    parts = [_draft(child, place) for child, place in _placed(node, path)]
    text = node.text or ""
    return Draft(
        name=str(node.tag),
        text=text if not parts or text.strip() else "",
        origins=frozenset((path,)) if not parts or text.strip() else NOWHERE,
        attributes={
            str(name): Said(str(value), frozenset((f"{path}/@{_local(str(name))}",)))
            for name, value in node.attrib.items()
        },
        parts=parts,
    )


def _placed(node: Node, path: str) -> Iterator[tuple[Node, str]]:
    """Yield the children with their XPaths, written as lxml writes them."""
    children = list(node.iterchildren("*"))
    names = [str(child.tag) for child in children]
    total = Counter(names)
    counts: Counter[str] = Counter()
    for child, name in zip(children, names, strict=True):
        counts[name] += 1
        index = f"[{counts[name]}]" if total[name] > 1 else ""
        yield child, f"{path}/{_local(name)}{index}"


def _local(name: str) -> str:
    return f"*[local-name()='{name.partition('}')[2]}']" if name[:1] == "{" else name


def node_of(draft: Draft, namespace: str) -> Node:
    """Return *draft* as a tree whose root is in *namespace*."""
    tag = f"{{{namespace}}}{draft.name.rpartition('}')[2]}"
    root = etree.Element(tag, _texts(draft), nsmap={PREFIX: namespace})
    _fill(root, draft)
    return root


def _texts(draft: Draft) -> dict[str, str]:
    return {name: said.text for name, said in draft.attributes.items()}


def _fill(node: Node, draft: Draft) -> None:
    node.text = draft.text or None
    for part in draft.parts:
        _fill(etree.SubElement(node, part.name, _texts(part)), part)


def each(draft: Draft, *names: str) -> list[Draft]:
    """Return all elements of these names, at any depth, the outer ones first."""
    return [part for part in draft.within() if part.name in names]
