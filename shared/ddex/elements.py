"""All elements of a message by name, found once for all rules that ask.

To look at each of 300,000 elements takes Python longer than libxml2 needs to parse
them. So one walk finds all by name, and their texts, children and attributes are kept
for the next rule.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import Final

from .clean_text import is_clean
from .nodes import Node
from .schema.holders import elements_with
from .versions import MessageKind

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
# Of a character, by its number.
_REFERENCE: Final = b"&#"
_NONE: Final[tuple[Node, ...]] = ()


@dataclass(frozen=True)
class Elements:
    """The elements of one message, read only.

    Attributes:
        content: The bytes that it was read from, where there are any.
    """

    root: Node
    kind: MessageKind
    content: bytes = field(default=b"", repr=False, kw_only=True)
    _holders: dict[str, list[Node]] = field(
        default_factory=dict, init=False, repr=False
    )
    _nodes_in: dict[str, dict[Node | None, list[Node]]] = field(
        default_factory=dict, init=False, repr=False
    )
    _text_in: dict[str, dict[Node, str]] = field(
        default_factory=dict, init=False, repr=False
    )
    _texts: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False)

    def all(self, *names: str) -> Iterator[Node]:
        """Yield the elements of these names, at any depth, in order by name."""
        for name in names:
            yield from self._named(name)

    def _named(self, name: str) -> Sequence[Node]:
        return self._by_name.get(name, _NONE)

    @cached_property
    def _by_name(self) -> dict[str, list[Node]]:
        found: defaultdict[str, list[Node]] = defaultdict(list)
        for element in self.root.iter():
            # A call of `str` on each would cost as much as the walk.
            found[element.tag].append(element)  # type: ignore[index]
        return dict(found)

    def count(self, name: str) -> int:
        return len(self._named(name))

    def texts(self, name: str) -> list[str]:
        """Return the texts of all elements of this name, without space around."""
        found = self._texts.get(name)
        if found is None:
            nodes = self._named(name)
            found = [(node.text or "").strip() for node in nodes] if nodes else []
            self._texts[name] = found
        return found

    def texts_and_nodes(self, *names: str) -> Iterator[tuple[str, Node]]:
        """Yield the elements of these names, each with its text, in order by name."""
        for name in names:
            nodes = self._named(name)
            yield from zip(self.texts(name), nodes, strict=True)

    def text_in(self, name: str) -> dict[Node, str]:
        """Return the texts of the first elements of this name, by their parents.

        To be asked for what stands in many small elements: one look for all.
        """
        found = self._text_in.get(name)
        if found is None:
            texts = zip(self.texts(name), self._named(name), strict=True)
            found = {}
            for text, node in texts:
                parent = node.getparent()
                if parent is not None and parent not in found:
                    found[parent] = text
            self._text_in[name] = found
        return found

    def nodes_in(self, name: str) -> dict[Node | None, list[Node]]:
        """Return the elements of this name by their parents, in order."""
        found = self._nodes_in.get(name)
        if found is None:
            found = self._nodes_in[name] = {}
            for node in self._named(name):
                parent = node.getparent()
                if parent in found:
                    found[parent].append(node)
                else:
                    found[parent] = [node]
        return found

    def among_others(self, name: str) -> list[Node]:
        """Return the elements of this name that have siblings of it."""
        nodes = self._named(name)
        parents = [node.getparent() for node in nodes]
        if len(set(parents)) == len(parents):
            return []
        counts = Counter(parents)
        pairs = zip(nodes, parents, strict=True)
        return [node for node, parent in pairs if counts[parent] > 1]

    def holders_of(self, attribute: str) -> list[Node]:
        """Return the elements that have *attribute*, of those that may have it."""
        found = self._holders.get(attribute)
        if found is None:
            found = self._holders[attribute] = self._having(attribute)
        return found

    def _having(self, attribute: str) -> list[Node]:
        allowed = elements_with(attribute, self.kind.version)
        if allowed is None:
            return [e for e in self.root.iter() if e.get(attribute) is not None]
        most = self._most_that_say(attribute)
        is_root = self.root.get(attribute) is not None
        found = [self.root] if is_root else []
        for name in allowed if most > len(found) else ():
            found += [e for e in self._named(name) if e.get(attribute) is not None]
            if len(found) >= most:
                break
        return found

    def _most_that_say(self, word: str) -> float:
        """Return how many elements may have *word*, where the bytes can be asked."""
        if not self.content or self.content.startswith(_WIDE):
            return inf
        return self.content.count(word.encode())

    def values_of(self, attribute: str) -> set[str]:
        """Return what *attribute* says anywhere."""
        if self._is_plain:
            pattern = rb"%b\s*=\s*[\"']([^\"']*)" % attribute.encode()
            return {value.decode() for value in re.findall(pattern, self.content)}
        return {node.get(attribute, "") for node in self.holders_of(attribute)}

    @cached_property
    def _is_plain(self) -> bool:
        """Whether the bytes are ASCII, and each character stands for itself."""
        # To look for one byte is many times faster than for two.
        has_references = b"&" in self.content and _REFERENCE in self.content
        return bool(self.content) and self.content.isascii() and not has_references

    @cached_property
    def has_unusual_text(self) -> bool:
        """Whether some text may be unclean: told from the bytes, for all at once."""
        if self._is_plain:
            return False
        if not self.content or self.content.startswith(_WIDE):
            return True
        if _REFERENCE in self.content:
            return True
        text = self.content.decode("utf-8-sig", errors="replace")
        return not is_clean(text)
