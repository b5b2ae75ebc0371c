"""Bytes to the tree of a feed: strictly where it is XML, as soup where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats.encodings import encoding_of
from shared.formats.feeds.nodes import Node, named, prefix_of
from shared.formats.feeds.soup import Soup, feed_of
from shared.formats.statements import FileFinding
from shared.formats.xml_text import (
    has_document_type,
    without_control_characters,
    without_declaration,
    without_document_type,
)

LARGEST_FEED_BYTES: Final = 48 * 1024 * 1024
_MOST_REPAIRS_TOLD: Final = 20
_FIX: Final = "The feed was read anyway; have whoever publishes it put this right."


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed as a tree.

    Attributes:
        is_wellformed: It was XML as it came.
    """

    root: Node
    findings: tuple[FileFinding, ...]
    is_wellformed: bool
    encoding: str


def document(content: bytes) -> FeedDocument:
    """Return the tree of the feed in *content*.

    Raises:
        LimitExceededError: It is larger than a feed may be.
        UnreadableFileError: There is no feed in it, not even a damaged one.
    """
    if len(content) > LARGEST_FEED_BYTES:
        raise LimitExceededError(
            "larger than a feed may be",
            size_bytes=len(content),
            limit_bytes=LARGEST_FEED_BYTES,
        )
    encoding = encoding_of(content)
    findings: list[FileFinding] = []
    if not encoding.is_certain:
        findings.append(
            _found("guessed-encoding", f"the encoding was guessed: {encoding.codec}", 1)
        )
    text = content.decode(encoding.codec, errors="replace")
    text, document_type = without_document_type(text)
    if document_type:
        told = document_type[:80]
        findings.append(
            _found("document-type", "a document type was left out", 1, told)
        )
    root = _strict(text)
    if root is not None:
        return FeedDocument(
            root, tuple(findings), encoding.is_certain, encoding=encoding.codec
        )
    root, repairs = _soup(text)
    findings.append(_found("not-well-formed", "the feed is not well-formed XML", 1))
    findings += repairs
    return FeedDocument(root, tuple(findings), False, encoding=encoding.codec)


def _strict(text: str) -> Node | None:
    if has_document_type(text):
        return None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        strip_cdata=True,
    )
    try:
        found = etree.fromstring(
            without_declaration(text).encode("utf-8", "replace"), parser
        )
    except etree.XMLSyntaxError:
        return None
    return _node(found)


def _node(root: etree._Element) -> Node:
    """Return *root* and all within as nodes, without recursion."""
    made = _bare(root)
    waiting = [(root, made)]
    while waiting:
        element, node = waiting.pop()
        for child in element:
            if isinstance(child.tag, str):
                below = _bare(child)
                node.children.append(below)
                waiting.append((child, below))
    return made


def _bare(element: etree._Element) -> Node:
    return Node(
        name=_name(str(element.tag), element.prefix or ""),
        attributes={
            _name(str(name), ""): str(value) for name, value in element.attrib.items()
        },
        text=element.text or "",
        tail=element.tail or "",
        line=element.sourceline or 0,
    )


def _name(tag: str, written: str) -> str:
    if not tag.startswith("{"):
        return tag
    namespace, _, local = tag[1:].partition("}")
    return named(prefix_of(namespace, written), local)


def _soup(text: str) -> tuple[Node, list[FileFinding]]:
    text, removed = without_control_characters(text)
    soup = Soup(text)
    tree = soup.tree()
    root = feed_of(tree)
    if root is None and not tree.children and not tree.text.strip():
        return Node("rss"), [_found("empty", "there is nothing in it", 1)]
    if root is None:
        raise UnreadableFileError(
            "there is no feed in it", fix="Send RSS, Atom or JSON Feed."
        )
    repairs = list(dict.fromkeys(soup.repairs))
    found = [_found("repaired", words, line) for words, line in repairs]
    if removed:
        found.append(
            _found("control-characters", "characters that XML forbids", 1, str(removed))
        )
    return root, found[:_MOST_REPAIRS_TOLD]


def _found(code: str, message: str, line: int, value: str = "") -> FileFinding:
    return FileFinding(f"feed-{code}", "", message, value, line or None, _FIX)
