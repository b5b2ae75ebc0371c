"""Holds a message against requirements: XPath 1.0 and what it lacks.

What two lists have in common is asked of sets that are made once, so that a message of
5,000 tracks takes its time once and not 5,000 times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from shared.ddex.nodes import Node
from shared.domain.isrc_prefixes import ISRC_PREFIXES

from .notation import Requirement

_NAMES: Final = "urn:linernotes:conformance"
_LIKE: Final = "like "
_UNLISTED: Final = re.compile(r"unlisted @(\S+) (.+)")
_IN: Final = re.compile(r"(\.|[\w/]+) (once )?in (//.+?)(?= or |$)")
_AFTER: Final = re.compile(r"(\S+) after (\S+)")
_ONE_OF: Final = re.compile(r"\{([^}]*)\}")
_FILLED: Final = re.compile(r"(?<=\w)!(?!=)")
_OWN: Final = re.compile(r"(?<![\w:-])(isrc-prefix|ends-with|lower-case|differing)\(")

_Test = Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class Breach:
    """An element that does not meet a requirement."""

    requirement: Requirement
    node: Node


def breaches(root: Node, requirements: Sequence[Requirement]) -> Iterator[Breach]:
    """Yield what in the message below *root* breaks which requirement, in order."""
    words = _Words(root)
    found: dict[str, list[Node]] = {}
    for requirement in requirements:
        nodes = found.get(requirement.where)
        if nodes is None:
            nodes = found[requirement.where] = words.found(requirement.where)
        if not nodes:
            continue
        test = words.test(requirement.what)
        for node in nodes:
            if test(node) is not requirement.is_must:
                yield Breach(requirement, node)


class _Words:
    """What the tables' own words mean in one message."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._counts: dict[str, Counter[str]] = {}
        self._referred: dict[str, set[str]] = {}
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {
            (_NAMES, "among"): self._among,
            (_NAMES, "times"): self._times,
            (_NAMES, "pointed-to"): self._pointed_to,
            (_NAMES, "after"): _after,
            (_NAMES, "ends-with"): _ends_with,
            (_NAMES, "lower-case"): _lower_case,
            (_NAMES, "differing"): _differing,
            (_NAMES, "isrc-prefix"): _isrc_prefix,
        }

    def found(self, where: str) -> list[Node]:
        """Return the elements at a place, in order."""
        found = self._path(_as_xpath(where))(self._root)
        return [node for node in found if isinstance(node, Node)]

    def test(self, what: str) -> _Test:
        """Return what tells whether *what* is so of an element."""
        if what.startswith(_LIKE):
            form = re.compile(what.removeprefix(_LIKE))
            return lambda node: form.search("".join(node.itertext())) is not None
        unlisted = _UNLISTED.fullmatch(what)
        if unlisted:
            name, listed = unlisted.groups()
            return lambda node: any(
                each not in listed for each in node.get(name, "").split()
            )
        path = self._path(f"boolean({_as_xpath(what)})")
        if "$it" not in what:
            return lambda node: bool(path(node))
        return lambda node: bool(path(node, it=[node]))

    def _path(self, path: str) -> etree.XPath:
        return etree.XPath(path, namespaces={"r": _NAMES}, extensions=self._functions)

    def _counted(self, path: str) -> Counter[str]:
        counts = self._counts.get(path)
        if counts is None:
            counts = Counter(map(_text, self._path(_as_xpath(path))(self._root)))
            self._counts[path] = counts
        return counts

    def _among(self, _context: Any, nodes: list[Any], path: str) -> bool:
        counts = self._counted(path)
        return any(_text(node) in counts for node in nodes)

    def _times(self, _context: Any, nodes: list[Any], path: str) -> int:
        counts = self._counted(path)
        return sum(counts[text] for text in {_text(node) for node in nodes})

    def _pointed_to(self, _context: Any, nodes: list[Any]) -> bool:
        return any(_text(node) in self._references(str(node.tag)) for node in nodes)

    def _references(self, name: str) -> set[str]:
        found = self._referred.get(name)
        if found is None:
            found = self._referred[name] = {
                _text(node)
                for node in self._root.iter()
                if str(node.tag).endswith("Reference") and node.tag != name
            }
        return found


def _as_xpath(path: str) -> str:
    found = _IN.sub(_looked_up, path.replace("pointed-to", "r:pointed-to(.)"))
    found = _AFTER.sub(r"r:after(string(\1), string(\2))", found)
    found = _ONE_OF.sub(_listed, found)
    found = _FILLED.sub("[normalize-space(text()) != '']", found)
    return _OWN.sub(r"r:\1(", found.replace("$message", "/*"))


def _looked_up(found: re.Match[str]) -> str:
    node, is_once, path = found.groups()
    if is_once:
        return f'r:times({node}, "{path}") = 1'
    return f'r:among({node}, "{path}")'


def _listed(found: re.Match[str]) -> str:
    values = found[1].split("|")
    return "[" + " or ".join(f"text() = '{value}'" for value in values) + "]"


def _text(node: Any) -> str:
    # A value is compared as it is written, with the space around it.
    return "".join(node.itertext()) if isinstance(node, Node) else str(node)


def _after(_context: Any, one: str, other: str) -> bool:
    first, second = one.replace("-", ""), other.replace("-", "")
    return first.isdecimal() and second.isdecimal() and int(first) > int(second)


def _ends_with(_context: Any, texts: list[Any], end: str) -> bool:
    return any(str(text).endswith(end) for text in texts)


def _lower_case(_context: Any, texts: list[Any]) -> str:
    return str(texts[0]).lower() if texts else ""


def _differing(_context: Any, nodes: list[Any]) -> int:
    return len({_text(node) for node in nodes})


def _isrc_prefix(_context: Any, nodes: list[Any]) -> bool:
    return all(_text(node)[:2] in ISRC_PREFIXES for node in nodes)
