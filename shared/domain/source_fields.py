"""The fields that catalogs, dumps and feeds bring: release groups, podcasts, playlists.

The names follow RSS 2.0, Apple's podcast tags and Podcasting 2.0
(podcastindex.org/namespace/1.0). What may be said several times is a list.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.field_forms import (
    Field,
    credit_list,
    date,
    flag,
    integer,
    number,
    text,
    texts,
)

_WEEK_MS: Final = 7 * 24 * 3_600_000
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
# A podcast's people, a playlist's entries: long, and not without end.
_MOST_OBJECTS: Final = 100_000
_MOST_LEVELS: Final = 8


def instant(value: object) -> str:
    """Return a moment as `YYYY-MM-DDThh:mm:ssZ` (RFC 3339, UTC, whole seconds)."""
    found = text(value)
    if _INSTANT.fullmatch(found) is None:
        raise InvalidInputError("expected YYYY-MM-DDThh:mm:ssZ", value=value)
    try:
        datetime.fromisoformat(found)
    except ValueError as exc:
        raise InvalidInputError("no such moment", value=value) from exc
    return found


def objects(value: object) -> JsonValue:
    """Return a list of JSON objects that are not empty, in the order given."""
    if not isinstance(value, list | tuple) or len(value) > _MOST_OBJECTS:
        raise InvalidInputError("expected a list of objects", value=type(value))
    for item in value:
        if not isinstance(item, dict) or not item or not _is_json(item, _MOST_LEVELS):
            raise InvalidInputError("expected objects of JSON values", value=item)
    return [dict(item) for item in value]


def _is_json(value: object, levels: int) -> bool:
    if levels == 0:
        return False
    if isinstance(value, dict):
        return all(
            isinstance(name, str) and _is_json(part, levels - 1)
            for name, part in value.items()
        )
    if isinstance(value, list):
        return all(_is_json(part, levels - 1) for part in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int)


_SPOKEN: Final = {
    "title": Field(text, "Title", "text", 3),
    "subtitle": Field(text, "Subtitle", "text"),
    "description": Field(text, "Description", "text", 1),
    "link": Field(text, "Page", "text", 0.5),
    "author": Field(text, "Author", "text", 1),
    "explicit": Field(flag, "Explicit", "flag", 1),
    "image_url": Field(text, "Picture", "text", 1),
    "images": Field(objects, "Pictures", "objects"),
    "contributors": Field(credit_list, "People", "credits"),
    "persons": Field(objects, "People as told", "objects"),
    "keywords": Field(texts, "Keywords", "texts"),
    "categories": Field(texts, "Categories", "texts", 1),
    "copyright": Field(text, "Copyright notice", "text"),
    "license": Field(objects, "Licence", "objects"),
    "locations": Field(objects, "Places", "objects"),
    "value": Field(objects, "Payments", "objects"),
    "socials": Field(objects, "Social pages", "objects"),
    "texts": Field(objects, "Notes for programs", "objects"),
    "links": Field(objects, "Further links", "objects"),
    "blocked": Field(flag, "Not to be listed", "flag"),
    "extensions": Field(objects, "Further tags", "objects"),
}

_PODCAST: Final = MappingProxyType(
    {
        **_SPOKEN,
        "podcast_guid": Field(text, "Podcast GUID", "text", 1),
        "feed_url": Field(text, "Feed", "text", 1),
        "new_feed_url": Field(text, "New feed", "text"),
        "language": Field(text, "Language", "text", 1),
        "podcast_type": Field(text, "Type", "text"),
        "medium": Field(text, "Medium", "text"),
        "owner_name": Field(text, "Owner", "text"),
        "owner_email": Field(text, "Owner's e-mail", "text"),
        "locked": Field(objects, "Locked against import", "objects"),
        "complete": Field(flag, "Complete", "flag"),
        "funding": Field(objects, "Funding", "objects"),
        "trailers": Field(objects, "Trailers", "objects"),
        "live_items": Field(objects, "Live items", "objects"),
        "podroll": Field(objects, "Recommended", "objects"),
        "publisher": Field(objects, "Publisher", "objects"),
        "update_frequency": Field(objects, "How often", "objects"),
        "blocks": Field(objects, "Not to be listed by", "objects"),
        "generator": Field(text, "Made with", "text"),
        "updated_at": Field(instant, "Said to be updated", "instant"),
        "episode_count": Field(integer(0, 1_000_000), "Episodes in the feed", "count"),
    }
)

_EPISODE: Final = MappingProxyType(
    {
        **_SPOKEN,
        "podcast": Field(text, "Podcast", "key", 1, False),
        "guid": Field(text, "GUID", "text", 1),
        "published_at": Field(instant, "Published", "instant", 2),
        "updated_at": Field(instant, "Updated", "instant"),
        "duration_ms": Field(integer(1, _WEEK_MS), "Duration", "duration_ms", 1),
        "enclosure_url": Field(text, "Sound", "text", 3),
        "enclosure_type": Field(text, "Media type", "text", 0.5),
        "enclosure_bytes": Field(integer(0, 2**53), "Size", "bytes", 0.5),
        "enclosures": Field(objects, "Files", "objects"),
        "alternate_enclosures": Field(objects, "Other editions", "objects"),
        "season_number": Field(integer(0, 1_000_000), "Season", "count"),
        "season_name": Field(text, "Name of the season", "text"),
        "episode_number": Field(number(0, 10_000_000, 3), "Episode", "number"),
        "episode_display": Field(text, "Episode as shown", "text"),
        "episode_type": Field(text, "Type", "text"),
        "content": Field(text, "Show notes", "text"),
        "transcripts": Field(objects, "Transcripts", "objects"),
        "chapters": Field(objects, "Chapters", "objects"),
        "soundbites": Field(objects, "Soundbites", "objects"),
    }
)

_PLAYLIST: Final = MappingProxyType(
    {
        "title": Field(text, "Title", "text", 3),
        "creator": Field(text, "By", "text", 1),
        "description": Field(text, "Description", "text"),
        "image_url": Field(text, "Picture", "text"),
        "link": Field(text, "Page", "text"),
        "created_at": Field(instant, "Said to be made", "instant"),
        "format": Field(text, "Format", "text", 0, False),
        "items": Field(objects, "Entries", "objects", 2),
        "item_count": Field(integer(0, 1_000_000), "Number of entries", "count", 1),
        "rules": Field(objects, "Rules", "objects"),
        "external_id": Field(text, "Id where it came from", "text"),
    }
)

_RELEASE_GROUP: Final = MappingProxyType(
    {
        "title": Field(text, "Title", "text", 3),
        "artists": Field(credit_list, "Artists", "credits", 3),
        "type": Field(text, "Type", "text", 1),
        "secondary_types": Field(texts, "Further types", "texts"),
        "first_release_date": Field(date, "First released", "date", 1),
        "genres": Field(texts, "Genres", "texts", 0.5),
        "disambiguation": Field(text, "Told apart by", "text"),
        "main_release": Field(text, "Main release", "key", 0, False),
        "musicbrainz_id": Field(text, "MusicBrainz id", "text"),
        "discogs_id": Field(text, "Discogs id", "text"),
        "links": Field(texts, "Pages", "texts"),
    }
)

SOURCE_FIELDS: Final[Mapping[Kind, Mapping[str, Field]]] = MappingProxyType(
    {
        Kind.RELEASE_GROUP: _RELEASE_GROUP,
        Kind.PODCAST: _PODCAST,
        Kind.EPISODE: _EPISODE,
        Kind.PLAYLIST: _PLAYLIST,
    }
)

FURTHER_FIELDS: Final[Mapping[Kind, Mapping[str, Field]]] = MappingProxyType(
    {
        Kind.RELEASE: {
            "release_group": Field(text, "Release group", "key", 0, False),
            "status": Field(text, "Status", "text"),
            "country": Field(text, "Country", "text"),
            "formats": Field(texts, "Formats", "texts"),
            "discogs_id": Field(text, "Discogs id", "text"),
        },
        Kind.PARTY: {
            "type": Field(text, "Type", "text"),
            "disambiguation": Field(text, "Told apart by", "text"),
            "aliases": Field(texts, "Also known as", "texts"),
            "country": Field(text, "Country", "text"),
            "begin_on": Field(date, "Began", "date"),
            "end_on": Field(date, "Ended", "date"),
            "label_code": Field(text, "Label code", "text"),
            "society_code": Field(text, "CISAC society code", "text"),
            "discogs_id": Field(text, "Discogs id", "text"),
            "spotify_id": Field(text, "Spotify id", "text"),
            "apple_music_id": Field(text, "Apple Music id", "text"),
            "links": Field(texts, "Pages", "texts"),
        },
        Kind.WORK: {
            "alternate_titles": Field(texts, "Other titles", "texts"),
            "original_title": Field(text, "Original title", "text"),
            "type": Field(text, "Type", "text"),
            "languages": Field(texts, "Languages", "texts"),
            "shares": Field(objects, "Shares", "objects"),
            "publishers": Field(texts, "Publishers", "texts"),
            "territories": Field(texts, "Territories", "texts"),
            "excluded_territories": Field(texts, "Except in", "texts"),
            "society": Field(text, "Society", "text"),
            "references": Field(objects, "Ids at societies", "objects"),
            "work_id": Field(text, "Own work id", "text"),
            "library": Field(text, "Library", "text"),
            "catalog_number": Field(text, "Catalogue number", "text"),
            "musicbrainz_id": Field(text, "MusicBrainz id", "text"),
        },
    }
)
"""What these sources say beside the fields that a kind has anyway."""
