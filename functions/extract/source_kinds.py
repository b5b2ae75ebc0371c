"""Texts of known sources, by their shape: feeds, dumps, libraries and playlists."""

from __future__ import annotations

import json
import re
from typing import Final

from .file_kinds import FileKind, Sniffed

_NOT_A_ROOT: Final = re.compile(r"<!--.*?(?:-->|\Z)|<[?!][^>]*>", re.DOTALL)
_ROOT: Final = re.compile(r"<(?:([\w.-]+):)?([\w.-]+)([^>]*)", re.ASCII)
_FEEDS: Final = frozenset({"rss", "feed", "channel", "rdf"})
_DISCOGS: Final = frozenset(
    {"artist", "artists", "label", "labels", "master", "masters"}
)
_DISCOGS_ONLY: Final = re.compile(
    r"<(?:data_quality|main_release|namevariations|extraartists|contactinfo|sublabels"
    r"|parentLabel|realname|anv)\b|\buri150="
)
_JSON_FEED: Final = re.compile(
    r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org'
)
_JSPF: Final = re.compile(r'\{\s*"playlist"\s*:\s*\{')
_RULES: Final = re.compile(r'"(?:all|any)"\s*:\s*\[')
_PLAYLIST_NAMES: Final = (".m3u", ".m3u8", ".pls")
# Members that MusicBrainz has; no other catalog has two of them.
_MUSICBRAINZ: Final = frozenset(
    {
        *("disambiguation", "artist-credit", "sort-name", "life-span", "type-id"),
        *("primary-type", "secondary-types", "iswcs", "isrcs", "label-code"),
        *("text-representation", "first-release-date", "release-events", "status-id"),
    }
)
_MEMBER: Final = re.compile(r'"([a-z_-]{5,24})"\s*:')


def by_source(text: str, name: str) -> Sniffed | None:
    """Return what source a text is of; None where it is of none that is known.

    Args:
        text: Its beginning, without a mark and spaces before it.
        name: Decides for playlists that are lists of files and no more.
    """
    if text[0] == "<":
        return _by_markup(text)
    if text[0] == "{":
        return _by_object(text, name)
    lowered = text[:64].lower()
    is_named = name.lower().endswith(_PLAYLIST_NAMES)
    if is_named or lowered.startswith(("#extm3u", "[playlist]")):
        return Sniffed(FileKind.PLAYLIST, "audio/x-mpegurl")
    if name.lower().endswith(".nsp"):
        return Sniffed(FileKind.PLAYLIST, "application/json")
    return None


def _by_markup(text: str) -> Sniffed | None:
    bare = _NOT_A_ROOT.sub(" ", text)
    root = _ROOT.search(bare)
    if root is None:
        return None
    local = root[2].lower()
    if local == "plist" and "<key>Tracks</key>" in text:
        return Sniffed(FileKind.ITUNES_LIBRARY, "application/xml")
    if local == "playlist" and "xspf" in root[3]:
        return Sniffed(FileKind.PLAYLIST, "application/xspf+xml")
    if local in _FEEDS:
        kind = "application/atom+xml" if local == "feed" else "application/rss+xml"
        return Sniffed(FileKind.FEED, kind)
    is_discogs = local in _DISCOGS or local in {"release", "releases"}
    if is_discogs and _DISCOGS_ONLY.search(text):
        return Sniffed(FileKind.DISCOGS, "application/xml")
    return None


def _by_object(text: str, name: str) -> Sniffed | None:
    if _JSON_FEED.search(text[:4096]):
        return Sniffed(FileKind.FEED, "application/feed+json")
    if _JSPF.match(text):
        return Sniffed(FileKind.PLAYLIST, "application/jspf+json")
    if name.lower().endswith(".nsp") and _RULES.search(text):
        return Sniffed(FileKind.PLAYLIST, "application/json")
    first = text.partition("\n")[0]
    if '"id"' in first and _is_musicbrainz(first):
        return Sniffed(FileKind.MUSICBRAINZ, "application/x-ndjson")
    return None


def _is_musicbrainz(line: str) -> bool:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        # A line longer than what was looked at.
        names = set(_MEMBER.findall(line))
    else:
        names = set(told) if isinstance(told, dict) else set()
    # Clients in Python write "artist_credit".
    written = {str(name).replace("_", "-") for name in names}
    return len(_MUSICBRAINZ & written) >= 2
