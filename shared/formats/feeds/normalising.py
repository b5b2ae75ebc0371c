"""Feeds as entries: the podcast first, then its episodes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.keys import episode_keys, podcast_keys
from shared.formats.entries import SourceEntry, Thing
from shared.formats.feeds.documents import LARGEST_FEED_BYTES
from shared.formats.feeds.reading import Feed, FeedItem, read_feed
from shared.formats.opening import open_bytes
from shared.formats.statements import FieldClaim, FileFinding

SOURCE: Final = "feed"


def read_feed_file(path: Path) -> Iterator[SourceEntry]:
    """Yield what the feed at *path* says of itself, and of each episode.

    An episode that a later version of the feed no longer lists is not taken back:
    feeds show their newest episodes only.

    Raises:
        LimitExceededError: It is larger than a feed may be.
        UnreadableFileError: There is no feed in it.
    """
    with open_bytes(path) as stream:
        feed = read_feed(stream.read(LARGEST_FEED_BYTES + 1))
    keys = podcast_keys(feed.podcast.values)
    yield _podcast(feed, keys)
    for episode in feed.episodes():
        yield _episode(episode, keys[0])


def _podcast(feed: Feed, keys: tuple[str, ...]) -> SourceEntry:
    item = feed.podcast
    findings = feed.findings + item.findings
    if "title" not in item.values:
        findings += (_lacking(item, "title", "the feed has no title"),)
    claims = _claims(Kind.PODCAST, item)
    thing = Thing(Kind.PODCAST, keys, claims, f"{SOURCE}:{keys[0]}")
    raw: dict[str, JsonValue] = {"line": item.line, "format": feed.format}
    # The number of its episodes alone says nothing.
    things = (thing,) if len(claims) > 1 else ()
    return SourceEntry(item.line, (), things, findings, raw)


def _episode(item: FeedItem, podcast: str) -> SourceEntry:
    findings = item.findings
    if "enclosure_url" not in item.values:
        findings += (_lacking(item, "enclosure_url", "the episode has no sound"),)
    if not item.values:
        return SourceEntry(item.line, findings=findings)
    own = episode_keys(podcast, item.values)
    link = FieldClaim(Kind.EPISODE, "podcast", podcast)
    claims = (link, *_claims(Kind.EPISODE, item))
    thing = Thing(Kind.EPISODE, own, claims, f"{SOURCE}:{own[0]}")
    return SourceEntry(item.line, (), (thing,), findings, {"line": item.line})


def _claims(kind: Kind, item: FeedItem) -> tuple[FieldClaim, ...]:
    return tuple(FieldClaim(kind, name, value) for name, value in item.values.items())


def _lacking(item: FeedItem, field: str, message: str) -> FileFinding:
    return FileFinding(
        f"feed-no-{field.partition('_')[0]}", field, message, "", item.line
    )
