"""A feed read: what it says of itself, and of each of its episodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.formats.feeds import elements
from shared.formats.feeds.documents import FeedDocument, document
from shared.formats.feeds.json_feed import is_json_feed, json_document
from shared.formats.feeds.moments import moment
from shared.formats.feeds.nodes import Node
from shared.formats.feeds.tags import (
    CHANNEL_LISTS,
    CHANNEL_TEXTS,
    EPISODE_LISTS,
    EPISODE_TEXTS,
    MOMENTS,
    READ_OF_CHANNEL,
    READ_OF_EPISODE,
)
from shared.formats.languages import language_tag
from shared.formats.statements import FileFinding, Statements
from shared.formats.values import duration_ms

_MARKED_UP: Final = frozenset(
    {"description", "content", "title", "subtitle", "copyright"}
)
_ITEMS: Final = frozenset({"item", "atom:entry"})
_WEEK_MS: Final = 7 * 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class FeedItem:
    """What a feed says of one episode, or of itself.

    Attributes:
        values: By field of podcast or episode, canonical.
        line: Where its element begins.
    """

    values: Mapping[str, JsonValue]
    findings: tuple[FileFinding, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, read.

    Attributes:
        format: `rss 2.0`, `rdf`, `atom`, `json` …; as far as it tells.
        podcast: What it says of itself.
        findings: What was odd about the document as such.
    """

    format: str
    podcast: FeedItem
    findings: tuple[FileFinding, ...]
    is_wellformed: bool
    encoding: str
    _items: tuple[Node, ...]
    _base: str

    def __len__(self) -> int:
        return len(self._items)

    def episodes(self) -> Iterator[FeedItem]:
        """Yield the episodes in the order of the feed."""
        for node in self._items:
            yield _read(node, Kind.EPISODE, self._base)


def read_feed(content: bytes) -> Feed:
    """Read the feed in *content*, damaged or not.

    Raises:
        LimitExceededError: It is larger than a feed may be.
        UnreadableFileError: There is no feed in it.
    """
    found = json_document(content) if is_json_feed(content) else document(content)
    root = found.root
    channel = root if root.name == "channel" else root.first("channel") or root
    items = [*channel.all("item", "atom:entry")]
    if channel is not root:
        # RSS 1.0 has its items beside the channel; some feeds have other tags there.
        items += root.all("item", "atom:entry")
        beside = [child for child in root.children if child.name not in _ITEMS]
        channel.children += [child for child in beside if child is not channel]
    base = elements.link_of(channel, root.attributes.get("xml:base", ""))
    podcast = _read(channel, Kind.PODCAST, base)
    podcast.values["episode_count"] = len(items)  # type: ignore[index]
    return Feed(
        format=_format(root),
        podcast=podcast,
        findings=found.findings + _not_a_feed(found, channel),
        is_wellformed=found.is_wellformed,
        encoding=found.encoding,
        _items=tuple(items),
        _base=base,
    )


def _format(root: Node) -> str:
    local = root.name.rpartition(":")[2].lower()
    version = root.attributes.get("version", "").strip()
    known = {"feed": "atom", "rdf": "rss 1.0", "json": "json"}
    return known.get(local) or f"{local} {version}".strip()


def _not_a_feed(found: FeedDocument, channel: Node) -> tuple[FileFinding, ...]:
    local = found.root.name.rpartition(":")[2].lower()
    if local in {"rss", "feed", "rdf", "channel", "json"} or channel is not found.root:
        return ()
    message = "the root is none that feeds have"
    return (
        FileFinding("feed-root", "", message, found.root.name, channel.line or None),
    )


def _read(node: Node, kind: Kind, base: str) -> FeedItem:
    said = Statements(line=node.line or None)
    texts = CHANNEL_TEXTS if kind is Kind.PODCAST else EPISODE_TEXTS
    lists = CHANNEL_LISTS if kind is Kind.PODCAST else EPISODE_LISTS
    for field, names in texts.items():
        _say_text(said, kind, field, node, names)
    for field, names in lists.items():
        told = [elements.as_object(child) for child in node.all(*names)]
        _say(said, kind, field, [one for one in told if one])
    _say_moments(said, kind, node)
    _say(said, kind, "link", elements.link_of(node, base))
    _say(said, kind, "image_url", elements.picture_of(node, base))
    _say(said, kind, "categories", elements.categories_of(node))
    _say(said, kind, "keywords", elements.keywords_of(node))
    _say(said, kind, "contributors", elements.credits_of(node.all("podcast:person")))
    _say_flags(said, kind, node)
    if kind is Kind.PODCAST:
        _say_channel(said, node, base)
    else:
        _say_episode(said, node, base)
    _say_rest(said, kind, node)
    values = {claim.field: claim.value for claim in said.claims}
    return FeedItem(values, tuple(said.findings), node.line)


def _say(said: Statements, kind: Kind, field: str, value: object) -> None:
    if value is not None and value not in ("", []):
        said.say(kind, field, value)


def _say_text(
    said: Statements, kind: Kind, field: str, node: Node, names: tuple[str, ...]
) -> None:
    """Say the first of *names* that has words, of all tags of that name."""
    for name in names:
        for child in node.all(name):
            words = _words(child, field)
            if words:
                said.say(kind, field, words)
                return


def _words(child: Node, field: str) -> str:
    if field == "author":
        return elements.name_of(child)
    if field in _MARKED_UP:
        return child.markup()
    return child.words() or child.attributes.get("href", "").strip()


def _say_moments(said: Statements, kind: Kind, node: Node) -> None:
    for field, names in MOMENTS.items():
        if kind is Kind.PODCAST and field == "published_at":
            continue
        for child in node.all(*names):
            if _parsed(said, kind, field, child.words(), moment):
                break


def _parsed(
    said: Statements,
    kind: Kind,
    field: str,
    text: str,
    parse: Callable[[str], JsonValue],
) -> bool:
    try:
        value = parse(text) if text else None
    except InvalidInputError as exc:
        said.doubt(f"invalid-{field.replace('_', '-')}", field, exc.message, text)
        return False
    return value is not None and said.say(kind, field, value)


def _say_flags(said: Statements, kind: Kind, node: Node) -> None:
    for field, names in (
        ("explicit", ("itunes:explicit", "googleplay:explicit")),
        ("blocked", ("itunes:block", "googleplay:block")),
        ("complete", ("itunes:complete",)),
    ):
        child = node.first(*names)
        if child is None or (kind is Kind.EPISODE and field == "complete"):
            continue
        told = elements.yes_or_no(child.words())
        if told is None and child.words():
            said.doubt(f"invalid-{field}", field, "neither yes nor no", child.words())
        _say(said, kind, field, told)


def _say_channel(said: Statements, node: Node, base: str) -> None:
    kind = Kind.PODCAST
    language = node.first("language", "dc:language")
    told = language.words() if language else node.attributes.get("xml:lang", "")
    _say(said, kind, "language", language_tag(told) if told else "")
    owner = node.first("itunes:owner")
    if owner is not None:
        name, email = owner.first("itunes:name"), owner.first("itunes:email")
        _say(said, kind, "owner_name", name.words() if name else owner.text.strip())
        _say(said, kind, "owner_email", email.words() if email else "")
    own = next(elements.links(node, "self"), None)
    if own is not None:
        address = elements.absolute(own.attributes.get("href", ""), base)
        _say(said, kind, "feed_url", address)
    payments: list[JsonValue] = [
        {"url": elements.absolute(link.attributes["href"], base)}
        for link in elements.links(node, "payment")
        if link.attributes.get("href")
    ]
    if payments and said.said(kind, "funding") is None:
        _say(said, kind, "funding", payments)


def _say_episode(said: Statements, node: Node, base: str) -> None:
    kind = Kind.EPISODE
    files = elements.media_of(node, base)
    _say(said, kind, "enclosures", files)
    if files and isinstance(files[0], dict):
        for field, part in (("url", "url"), ("type", "type"), ("bytes", "bytes")):
            _say(said, kind, f"enclosure_{field}", files[0].get(part))
    duration = node.first("itunes:duration")
    if duration is not None:
        _parsed(said, kind, "duration_ms", duration.words(), _duration_ms)
    for field, names in (
        ("season_number", ("podcast:season", "itunes:season")),
        ("episode_number", ("podcast:episode", "itunes:episode")),
    ):
        child = node.first(*names)
        if child is not None:
            _parsed(said, kind, field, child.words(), _number)
            _say(said, kind, "season_name", child.attributes.get("name", "").strip())
            _say(said, kind, "episode_display", child.attributes.get("display", ""))


def _duration_ms(text: str) -> JsonValue:
    found = duration_ms(re.sub(r"\s+", "", text))
    # A feed's bare number is in seconds, however many they are.
    if text.strip().isdigit():
        found = int(text) * 1000 or None
    if found is not None and found > _WEEK_MS:
        raise InvalidInputError("longer than a week", value=text)
    return found


def _number(text: str) -> JsonValue:
    if re.fullmatch(r"\d{1,7}(?:\.\d{1,3})?", text.strip(), re.ASCII) is None:
        raise InvalidInputError("not a number", value=text)
    number = float(text)
    return int(number) if number.is_integer() else number


def _say_rest(said: Statements, kind: Kind, node: Node) -> None:
    """Keep the tags that nothing here reads, all of them, under their names."""
    read = READ_OF_CHANNEL if kind is Kind.PODCAST else READ_OF_EPISODE
    rest = [
        elements.tagged(child)
        for child in node.children
        if child.name not in read
        and (child.words() or child.attributes or child.children)
    ]
    _say(said, kind, "extensions", rest)
