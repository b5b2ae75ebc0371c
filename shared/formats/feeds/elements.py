"""Parts of a feed that take more than a name: links, people, pictures, categories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urljoin

from shared.domain.claims import JsonValue
from shared.formats.feeds.nodes import Node

_YES: Final = frozenset({"yes", "true", "explicit", "1"})
_NO: Final = frozenset({"no", "false", "clean", "0"})
_LEVELS: Final = 5
_EMAIL: Final = re.compile(r"\S+@\S+")
# Podcasting 2.0's roles in DDEX's words, where there is one.
_ROLES: Final = {
    "host": "Host",
    "co-host": "Host",
    "cohost": "Host",
    "guest": "Guest",
    "narrator": "Narrator",
    "producer": "Producer",
    "editor": "Editor",
}


def as_object(node: Node, levels: int = _LEVELS) -> dict[str, JsonValue]:
    """Return an element as JSON: its attributes, its text, and lists of what it holds.

    Nothing is told twice, and children of one name stay several.
    """
    found: dict[str, JsonValue] = {
        name: value.strip() for name, value in node.attributes.items() if value.strip()
    }
    own = (node.text if node.children else node.words()).strip()
    if own:
        found["text"] = own
    for child in node.children if levels else ():
        _, _, local = child.name.rpartition(":")
        below = as_object(child, levels - 1)
        listed = found.setdefault(f"{local}s", [])
        if below and isinstance(listed, list):
            listed.append(below)
    return {name: value for name, value in found.items() if value != []}


def tagged(node: Node) -> dict[str, JsonValue]:
    """Return an element as JSON with its name."""
    return {"tag": node.name, **as_object(node)}


def yes_or_no(text: str) -> bool | None:
    """Return what `yes`, `clean`, `true` … say; None where it is neither."""
    shown = text.strip().casefold()
    return True if shown in _YES else False if shown in _NO else None


def link_of(node: Node, base: str) -> str:
    """Return the page that an element is about."""
    for link in node.all("link", "itunes:link"):
        if words := link.words() or link.attributes.get("href", "").strip():
            return absolute(words, base)
    for link in node.all("atom:link"):
        if link.attributes.get("rel", "alternate") in {"alternate", ""}:
            return absolute(link.attributes.get("href", ""), base)
    return ""


def links(node: Node, rel: str) -> Iterator[Node]:
    """Yield the Atom links of relation *rel*."""
    for link in node.all("atom:link", "link"):
        if link.attributes.get("rel", "") == rel:
            yield link


def absolute(address: str, base: str) -> str:
    """Return *address* as seen from *base*; as it is where that cannot be told."""
    address = "".join(address.split()) if "\n" in address else address.strip()
    if not base or not address:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def picture_of(node: Node, base: str) -> str:
    """Return the address of an element's picture, the best there is."""
    return next((absolute(told, base) for told in _pictures(node) if told), "")


def _pictures(node: Node) -> Iterator[str]:
    for picture in node.all("itunes:image", "googleplay:image"):
        told = picture.attributes.get("href") or picture.attributes.get("url")
        yield told or picture.words()
    for picture in node.all("image"):
        url = picture.first("url")
        yield url.words() if url else picture.attributes.get("href", "")
    for picture in node.all("atom:logo", "atom:icon"):
        yield picture.words()
    for picture in _media(node, "media:thumbnail"):
        yield picture.attributes.get("url", "")


def _media(node: Node, name: str) -> Iterator[Node]:
    yield from node.all(name)
    for group in node.all("media:group", "media:content"):
        yield from group.all(name)


def media_of(node: Node, base: str) -> list[JsonValue]:
    """Return the files of an episode, in the order told, each address once."""
    found: dict[str, JsonValue] = {}
    for told in _files(node):
        url = absolute(
            told.attributes.get("url") or told.attributes.get("href", ""), base
        )
        if not url or url in found:
            continue
        size = told.attributes.get("length") or told.attributes.get("fileSize") or ""
        one: dict[str, JsonValue] = {"url": url}
        if kind := told.attributes.get("type", "").strip():
            one["type"] = kind
        if re.fullmatch(r"\d{1,15}", size.strip(), re.ASCII) and int(size):
            one["bytes"] = int(size)
        found[url] = one
    return list(found.values())


def _files(node: Node) -> Iterator[Node]:
    yield from node.all("enclosure")
    yield from links(node, "enclosure")
    for content in _media(node, "media:content"):
        medium = content.attributes.get("medium") or content.attributes.get("type", "")
        if medium.startswith(("audio", "video")) or not medium:
            yield content


def categories_of(node: Node) -> list[str]:
    """Return categories; those of Apple with what they are within: `Arts > Books`."""
    found: list[str] = []
    for child in node.all("itunes:category", "googleplay:category"):
        outer = child.attributes.get("text", "").strip() or child.words()
        inner = [
            below.attributes.get("text", "").strip()
            for below in child.all("itunes:category")
        ]
        found += [f"{outer} > {name}" for name in inner if name] or [outer]
    for child in node.all("category", "atom:category", "dc:subject"):
        label = child.attributes.get("label") or child.words()
        found.append((label or child.attributes.get("term", "")).strip())
    return list(dict.fromkeys(name for name in found if name))


def keywords_of(node: Node) -> list[str]:
    """Return keywords, which are written with commas in between."""
    words = [
        word.strip()
        for child in node.all("itunes:keywords", "media:keywords")
        for word in child.words().split(",")
    ]
    return list(dict.fromkeys(word for word in words if word))


def name_of(node: Node) -> str:
    """Return whom an author's element names: `a@b.c (Name)` is Name."""
    inner = node.first("atom:name", "name")
    if inner is not None:
        return inner.words()
    words = node.words()
    bracket = re.fullmatch(r"(\S+@\S+)\s*\(([^)]+)\)", words)
    if bracket:
        return bracket[2].strip()
    angled = re.fullmatch(r"([^<>]+?)\s*<(\S+@\S+)>", words)
    return angled[1] if angled else words


def credits_of(persons: Iterable[Node]) -> list[JsonValue]:
    """Return `podcast:person` tags as credits, each person once per role."""
    found: dict[tuple[str, str], JsonValue] = {}
    for person in persons:
        name = " ".join(person.words().split())
        told = person.attributes.get("role", "").strip() or "host"
        role = _ROLES.get(told.casefold(), told.title().replace(" ", ""))
        if name:
            found.setdefault((name, role), {"name": name, "role": role})
    return list(found.values())


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None
