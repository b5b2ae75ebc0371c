"""Elements of a feed under one name each, whatever prefix the feed chose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# Our prefix for each namespace; in lower case and without what ends it, because
# feeds write all of them in many ways. Empty is RSS itself.
_PREFIXES: Final = MappingProxyType(
    {
        "": "",
        "http://backend.userland.com/rss2": "",
        "http://blogs.law.harvard.edu/tech/rss": "",
        "http://purl.org/rss/1.0": "",
        "http://my.netscape.com/rdf/simple/0.9": "",
        "http://channel.netscape.com/rdf/simple/0.9": "",
        "http://www.w3.org/2005/atom": "atom",
        "http://purl.org/atom/ns": "atom",
        "http://example.com/newformat": "atom",
        "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
        "http://www.itunes.com/dtds/podcast-1.0": "itunes",
        "http://example.com/dtds/podcast-1.0.dtd": "itunes",
        "https://podcastindex.org/namespace/1.0": "podcast",
        "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": (
            "podcast"
        ),
        "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
        "http://purl.org/rss/1.0/modules/content": "content",
        "http://purl.org/dc/elements/1.1": "dc",
        "http://purl.org/dc/terms": "dcterms",
        "http://search.yahoo.com/mrss": "media",
        "http://search.yahoo.com/rss": "media",
        "http://tools.search.yahoo.com/mrss": "media",
        "http://podlove.org/simple-chapters": "psc",
        "http://purl.org/rss/1.0/modules/syndication": "sy",
        "http://purl.org/rss/1.0/modules/slash": "slash",
        "http://wellformedweb.org/commentapi": "wfw",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
        "http://www.w3.org/xml/1998/namespace": "xml",
        "http://www.w3.org/1999/xhtml": "xhtml",
        "http://www.rawvoice.com/rawvoicerssmodule": "rawvoice",
        "http://www.spotify.com/ns/rss": "spotify",
        "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
        "http://www.georss.org/georss": "georss",
        "http://web.resource.org/cc": "cc",
        "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    }
)
_KNOWN: Final = frozenset(_PREFIXES.values()) - {""}


@dataclass(slots=True)
class Node:
    """One element: its name in our prefixes (`itunes:author`), and what it holds.

    Attributes:
        line: Where it begins, from 1; 0 where it is not known.
        tail: The text between its end and what follows it in its parent.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""
    tail: str = ""
    line: int = 0

    def all(self, *names: str) -> Iterator[Node]:
        """Yield the children of these names, in the order of the feed."""
        for child in self.children:
            if child.name in names:
                yield child

    def first(self, *names: str) -> Node | None:
        """Return the first child of the first of *names* that there is."""
        for name in names:
            for child in self.children:
                if child.name == name:
                    return child
        return None

    def words(self) -> str:
        """Return all text within, trimmed."""
        if not self.children:
            return self.text.strip()
        parts: list[str] = []
        _gather(self, parts)
        return "".join(parts).strip()

    def markup(self) -> str:
        """Return what is within as markup, as it might have been written."""
        if not self.children:
            return self.text.strip()
        parts = [escape(self.text)]
        for child in self.children:
            _write(child, parts)
        return "".join(parts).strip()


def prefix_of(namespace: str, written: str) -> str:
    """Return our prefix for *namespace*; the feed's own where it is not known here."""
    bare = namespace.strip().rstrip("/#").lower()
    return _PREFIXES.get(bare, written)


def named(prefix: str, local: str) -> str:
    return f"{prefix}:{local}" if prefix else local


def is_known_prefix(prefix: str) -> bool:
    return prefix in _KNOWN


def _gather(node: Node, parts: list[str]) -> None:
    parts.append(node.text)
    for child in node.children:
        _gather(child, parts)
        parts.append(child.tail)


def _write(node: Node, parts: list[str]) -> None:
    name = node.name.removeprefix("xhtml:")
    attributes = "".join(f" {k}={quoteattr(v)}" for k, v in node.attributes.items())
    if node.children or node.text:
        parts.append(f"<{name}{attributes}>{escape(node.text)}")
        for child in node.children:
            _write(child, parts)
        parts.append(f"</{name}>")
    else:
        parts.append(f"<{name}{attributes}/>")
    parts.append(escape(node.tail))
