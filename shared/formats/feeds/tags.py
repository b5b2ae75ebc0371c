"""Which tag of a feed is which field: RSS, Atom, Apple's and Podcasting 2.0.

Texts are looked for under several names, the best first. Tags that may stand several
times are lists, and every one of them is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# field → tags whose text it is, the most telling first.
_TEXTS_OF_BOTH: Final = {
    "title": ("title", "atom:title", "itunes:title", "dc:title", "media:title"),
    "subtitle": ("itunes:subtitle", "atom:subtitle"),
    "author": (
        "itunes:author",
        "googleplay:author",
        "atom:author",
        "author",
        "dc:creator",
        "managingEditor",
    ),
    "copyright": ("copyright", "atom:rights", "dc:rights", "atom:copyright"),
}
CHANNEL_TEXTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **_TEXTS_OF_BOTH,
        "description": (
            "description",
            "itunes:summary",
            "googleplay:description",
            "atom:subtitle",
            "atom:tagline",
            "content:encoded",
            "dc:description",
        ),
        "new_feed_url": ("itunes:new-feed-url", "redirect:newLocation"),
        "podcast_type": ("itunes:type",),
        "medium": ("podcast:medium",),
        "podcast_guid": ("podcast:guid",),
        "generator": ("generator", "atom:generator"),
    }
)
EPISODE_TEXTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **_TEXTS_OF_BOTH,
        "description": (
            "description",
            "itunes:summary",
            "atom:summary",
            "googleplay:description",
            "media:description",
            "dc:description",
            "content:encoded",
            "atom:content",
        ),
        "content": ("content:encoded", "atom:content", "xhtml:body", "fullitem"),
        "guid": ("guid", "atom:id"),
        "episode_type": ("itunes:episodeType",),
    }
)
MOMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "published_at": (
            "pubDate",
            "atom:published",
            "atom:issued",
            "dc:date",
            "dcterms:issued",
            "dcterms:created",
            "atom:created",
        ),
        "updated_at": (
            "atom:updated",
            "atom:modified",
            "dcterms:modified",
            "lastBuildDate",
        ),
    }
)
# field → tags that are kept whole, however many there are.
_LISTS_OF_BOTH: Final = {
    "persons": ("podcast:person",),
    "license": ("podcast:license", "creativecommons:license", "cc:license"),
    "locations": ("podcast:location",),
    "value": ("podcast:value",),
    "socials": ("podcast:socialInteract", "podcast:social"),
    "texts": ("podcast:txt",),
    "images": ("podcast:images", "podcast:image", "media:thumbnail"),
}
CHANNEL_LISTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **_LISTS_OF_BOTH,
        "funding": ("podcast:funding",),
        "locked": ("podcast:locked",),
        "trailers": ("podcast:trailer",),
        "live_items": ("podcast:liveItem",),
        "podroll": ("podcast:podroll",),
        "publisher": ("podcast:publisher",),
        "update_frequency": ("podcast:updateFrequency",),
        "blocks": ("podcast:block",),
    }
)
EPISODE_LISTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        **_LISTS_OF_BOTH,
        "transcripts": ("podcast:transcript",),
        "chapters": ("podcast:chapters", "psc:chapters"),
        "soundbites": ("podcast:soundbite",),
        "alternate_enclosures": ("podcast:alternateEnclosure",),
    }
)
# Read by code of their own.
_READ_ELSEWHERE: Final = frozenset(
    {
        *("atom:link", "link", "itunes:link", "enclosure", "language", "dc:language"),
        *("media:content", "media:group", "media:thumbnail", "media:keywords"),
        *("category", "atom:category", "dc:subject", "googleplay:category"),
        *("itunes:category", "itunes:keywords", "itunes:owner", "itunes:image"),
        *("image", "atom:logo", "atom:icon", "googleplay:image"),
        *("itunes:explicit", "googleplay:explicit", "itunes:block"),
        *("googleplay:block", "itunes:complete", "itunes:duration", "itunes:season"),
        *("itunes:episode", "podcast:season", "podcast:episode", "itunes:order"),
        *("item", "atom:entry", "textinput", "textInput", "items", "rdf:Seq"),
    }
)


def _names(*tables: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(n for table in tables for names in table.values() for n in names)


READ_OF_CHANNEL: Final = _names(CHANNEL_TEXTS, MOMENTS, CHANNEL_LISTS) | _READ_ELSEWHERE
READ_OF_EPISODE: Final = _names(EPISODE_TEXTS, MOMENTS, EPISODE_LISTS) | _READ_ELSEWHERE
"""What is read of each; other tags are kept under their own names."""
