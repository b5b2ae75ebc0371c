"""JSON Feed (jsonfeed.org, versions 1 and 1.1) as the tree that other feeds are."""

from __future__ import annotations

import json
import re
from typing import Final

from shared.domain.errors import UnreadableFileError
from shared.formats.encodings import encoding_of
from shared.formats.feeds.documents import FeedDocument
from shared.formats.feeds.nodes import Node

_VERSION: Final = re.compile(
    rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org'
)
_CHANNEL: Final = {
    "title": "title",
    "home_page_url": "link",
    "description": "description",
    "language": "language",
    "icon": "atom:logo",
}
_ITEM: Final = {
    "id": "guid",
    "title": "title",
    "url": "link",
    "summary": "description",
    "content_html": "content:encoded",
    "content_text": "atom:content",
    "date_published": "pubDate",
    "date_modified": "atom:updated",
    "image": "itunes:image",
}


def is_json_feed(content: bytes) -> bool:
    """Say whether *content* begins as a JSON Feed."""
    return content.lstrip()[:1] == b"{" and _VERSION.search(content[:65536]) is not None


def json_document(content: bytes) -> FeedDocument:
    """Return the JSON Feed in *content* as a tree.

    Raises:
        UnreadableFileError: It is no JSON.
    """
    encoding = encoding_of(content)
    try:
        told = json.loads(content.decode(encoding.codec, errors="replace"))
    except (ValueError, RecursionError) as exc:
        raise UnreadableFileError("not valid JSON", reason=str(exc)) from exc
    channel = Node("channel")
    _plain(channel, told, _CHANNEL)
    _authors(channel, told)
    if address := told.get("feed_url"):
        href = {"rel": "self", "href": str(address)}
        channel.children.append(Node("atom:link", href))
    items = told.get("items")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            channel.children.append(_item(item))
    root = Node("json", {"version": str(told.get("version", ""))}, [channel])
    return FeedDocument(root, (), is_wellformed=True, encoding=encoding.codec)


def _item(told: dict[str, object]) -> Node:
    node = Node("item")
    _plain(node, told, _ITEM)
    _authors(node, told)
    tags = told.get("tags")
    for tag in tags if isinstance(tags, list) else []:
        node.children.append(Node("category", text=str(tag)))
    files = told.get("attachments")
    for file in files if isinstance(files, list) else []:
        if isinstance(file, dict):
            _attach(node, file)
    return node


def _attach(node: Node, file: dict[str, object]) -> None:
    told = {
        "url": file.get("url"),
        "type": file.get("mime_type"),
        "length": file.get("size_in_bytes"),
    }
    attributes = {name: str(value) for name, value in told.items() if value}
    node.children.append(Node("enclosure", attributes))
    if seconds := file.get("duration_in_seconds"):
        node.children.append(Node("itunes:duration", text=str(seconds)))


def _plain(node: Node, told: dict[str, object], names: dict[str, str]) -> None:
    for name, tag in names.items():
        value = told.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            node.children.append(Node(tag, text=str(value)))


def _authors(node: Node, told: dict[str, object]) -> None:
    listed = told.get("authors")
    authors = listed if isinstance(listed, list) else [told.get("author")]
    for author in authors:
        if isinstance(author, dict) and author.get("name"):
            node.children.append(Node("author", text=str(author["name"])))
