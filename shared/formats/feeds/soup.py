"""A feed that is no XML, read anyway: what can be told is told, nothing is expanded.

Tags are taken as they come: without quotes, without ends, with prefixes that nobody
declared. An end tag closes the nearest element of its name; what was not closed ends
where its parent does.
"""

from __future__ import annotations

import html
import re
from typing import Final

from shared.formats.feeds.nodes import Node, named, prefix_of

_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)"
    r"|<!\[[^>]*\Z"
    r"|<[?!][^>]*(?:>|\Z)"
    r"|</\s*(?P<end>[A-Za-z_][\w.:-]*)[^<>]*(?:>|(?=<)|\Z)"
    r"|<(?P<start>[A-Za-z_][\w.:-]*)(?P<rest>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*'|[\"'])*)"
    r"(?:>|(?=<)|\Z)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"([A-Za-z_][\w.:-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?"
)
_DEPTH: Final = 60
_MOST_NODES: Final = 2_000_000
# These lie within others of few names: where they begin, all else has ended.
_WITHIN: Final = {
    "item": frozenset({"channel", "rss", "rdf:RDF"}),
    "atom:entry": frozenset({"atom:feed"}),
    "channel": frozenset({"rss", "rdf:RDF"}),
}
_ROOTS: Final = frozenset({"rss", "rdf:RDF", "atom:feed"})


class Soup:
    """Builds a tree from tags as they come.

    Attributes:
        repairs: What was put right, each as words and a line, in order.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = _Lines(text)
        self.repairs: list[tuple[str, int]] = []
        self._root = Node("")
        self._open: list[tuple[Node, str]] = [(self._root, "")]
        self._namespaces: dict[str, str] = {}
        self._nodes = 0

    def tree(self) -> Node:
        """Return a node that holds whatever the text holds."""
        at = 0
        for token in _TOKEN.finditer(self._text):
            self._say(self._text[at : token.start()], token.start())
            at = token.end()
            self._take(token)
            if self._nodes > _MOST_NODES:
                self._repair("more elements than are read", token.start())
                break
        else:
            self._say(self._text[at:], at)
        for node, _ in self._open[1:]:
            self.repairs.append((f"<{node.name}> is never closed", node.line))
        return self._root

    def _take(self, token: re.Match[str]) -> None:
        if (cdata := token["cdata"]) is not None:
            self._append(cdata)
            if not token.group().endswith("]]>"):
                self._repair("a CDATA section is never closed", token.start())
        elif token["start"] is not None:
            self._begin(token)
        elif token["end"] is not None:
            self._end(token)
        elif token.group().startswith("<!["):
            self._repair("a CDATA section is cut off", token.start())

    def _begin(self, token: re.Match[str]) -> None:
        attributes = self._attributes(token["rest"], token.start())
        if not token.group().endswith(">"):
            self._repair(f"the tag <{token['start']}> is cut off", token.start())
        name = self._name(token["start"])
        if name in _WITHIN:
            self._close_within(_WITHIN[name])
        node = Node(name, attributes, line=self._lines.at(token.start()))
        self._open[-1][0].children.append(node)
        self._nodes += 1
        if not token["rest"].rstrip().endswith("/") and len(self._open) < _DEPTH:
            self._open.append((node, token["start"]))

    def _attributes(self, rest: str, at: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, double, single, bare in _ATTRIBUTE.findall(rest.rstrip("/ \t\r\n")):
            if bare:
                self._repair(f"the value of {name} is without quotes", at)
            value = html.unescape(double or single or bare)
            if name == "xmlns" or name.startswith("xmlns:"):
                self._namespaces[name.partition(":")[2]] = value
            else:
                prefix, _, local = name.rpartition(":")
                found[named(prefix_of(self._uri(prefix), prefix), local)] = value
        return found

    def _uri(self, prefix: str) -> str:
        return self._namespaces.get(prefix, "\0" if prefix else "")

    def _name(self, written: str) -> str:
        prefix, _, local = written.rpartition(":")
        uri = self._namespaces.get(prefix)
        if uri is None and prefix in {"rss", "rss2"}:
            prefix = ""
        if uri is None and not prefix and local in {"feed", "entry"}:
            return f"atom:{local}"
        if uri is None and prefix and prefix != "xml":
            self.repairs.append((f"the prefix {prefix} is not declared", 0))
            self._namespaces[prefix] = "\0"
        return named(prefix_of(uri or ("\0" if prefix else ""), prefix), local)

    def _end(self, token: re.Match[str]) -> None:
        names = [written for _, written in self._open]
        if not token.group().endswith(">"):
            self._repair(f"the tag </{token['end']}> is cut off", token.start())
        if token["end"] not in names[1:]:
            self._repair(f"</{token['end']}> closes nothing", token.start())
            return
        while True:
            node, written = self._open.pop()
            if written == token["end"]:
                return
            self.repairs.append((f"<{node.name}> is never closed", node.line))

    def _close_within(self, parents: frozenset[str]) -> None:
        """Close what is open up to the nearest of *parents*, if there is one."""
        names = [node.name for node, _ in self._open]
        at = max((n for n, name in enumerate(names) if name in parents), default=None)
        if at is not None:
            for node, _ in self._open[at + 1 :]:
                self.repairs.append((f"<{node.name}> is never closed", node.line))
            del self._open[at + 1 :]

    def _say(self, raw: str, at: int) -> None:
        if "<" in raw:
            self._repair("a < that begins no tag", at)
        if raw:
            self._append(html.unescape(raw))

    def _append(self, words: str) -> None:
        node = self._open[-1][0]
        if node.children:
            node.children[-1].tail += words
        else:
            node.text += words

    def _repair(self, words: str, at: int) -> None:
        self.repairs.append((words, self._lines.at(at)))


class _Lines:
    """Counts lines up to places that only grow."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def at(self, place: int) -> int:
        if place > self._at:
            self._line += self._text.count("\n", self._at, place)
            self._at = place
        return self._line


def feed_of(tree: Node) -> Node | None:
    """Return the feed's root within *tree*, or what may stand for it."""
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        if node.name in _ROOTS or node.name == "channel":
            return node
        waiting.extend(node.children)
    return None
