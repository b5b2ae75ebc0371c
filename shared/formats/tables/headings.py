"""Which column a heading means: known words, scopes before them, numbers within."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from shared.formats.tables.columns import CARRIED, Column
from shared.formats.tables.heading_words import (
    CARRIED_WORDS,
    HEADINGS,
    NOISE,
    ROLES,
    SCOPES,
    WHOLE,
)

_SIGNS: Final = str.maketrans(
    {"℗": " p ", "©": " c ", "#": " number ", "№": " number "}
)
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_UNITS: Final = frozenset({"ms", "milliseconds", "s", "sec", "seconds", "secs"})
# Parts of what is numbered: `Writer 2 Last`, `Recording 1 ISRC`.
_PARTS: Final = {
    "last": "last_name",
    "lastname": "last_name",
    "first": "first_name",
    "firstname": "first_name",
    "name": "name",
    "": "name",
    "ipi": "ipi",
    "isni": "isni",
    "pro": "pro",
    "mro": "mro",
    "sro": "sro",
    "role": "role",
    "manuscriptshare": "share",
    "share": "share",
    "split": "share",
    "prshare": "pr_share",
    "mrshare": "mr_share",
    "srshare": "sr_share",
    "controlled": "controlled",
    "saan": "saan",
    "publishername": "publisher_name",
    "publisher": "publisher_name",
    "publisheripi": "publisher_ipi",
    "publisherpro": "publisher_pro",
    "publishermro": "publisher_mro",
    "publishersro": "publisher_sro",
    "publisherprshare": "publisher_pr_share",
    "publishermrshare": "publisher_mr_share",
    "publishersrshare": "publisher_sr_share",
    "id": "id",
    "cmo": "society",
    "isrc": "isrc",
    "recordingtitle": "title",
    "title": "title",
    "versiontitle": "version",
    "releasedate": "release_date",
    "duration": "duration",
    "recordlabel": "label",
    "artistlast": "artist_last_name",
    "artistfirst": "artist_first_name",
    "artistisni": "artist_isni",
}
_NUMBERED: Final = {
    "writer": "writer",
    "songwriter": "writer",
    "composer": "writer",
    "artist": "artist_of_work",
    "recording": "recording_of_work",
    "reference": "reference",
    "alttitle": "alternate_title",
    "alternatetitle": "alternate_title",
}
_ON_TRACKS: Final = ("ontracks", "ontrack")
_LISTED_ROLES: Final = {
    "mainartist": "MainArtist",
    "artist": "MainArtist",
    "primaryartist": "MainArtist",
    "featuring": "FeaturedArtist",
    "featuredartist": "FeaturedArtist",
    "publisher": "MusicPublisher",
}


def recognised(heading: str) -> bool:
    """Say whether a column is one that is known here."""
    return column(heading) is not None


@lru_cache(maxsize=4096)
def column(heading: str) -> Column | None:
    """Return the column that *heading* means, or None where nobody can tell."""
    words = _words(heading)
    if not words or len(words) > 12:
        return None
    bare = _words(_BRACKETS.sub(" ", heading))
    for tried in (words, bare, _told(bare)):
        found = _by_name(tried) or _on_tracks(tried) or _numbered(tried)
        if found is not None:
            return found
    return _scoped(bare) or _scoped(_told(bare)) or _carried(bare)


def _words(heading: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", heading.translate(_SIGNS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return [word.casefold() for word in _WORD.findall(plain)]


def _told(words: list[str]) -> list[str]:
    return [word for word in words if word not in NOISE] or words


def _by_name(words: list[str]) -> Column | None:
    joined = "".join(words)
    if joined in WHOLE:
        return Column.parse(WHOLE[joined])
    if joined in HEADINGS:
        return Column(HEADINGS[joined])
    if joined in ROLES:
        return Column("role", part=ROLES[joined])
    return None


def _scoped(words: list[str]) -> Column | None:
    """Read `Track P line`, `Album artist`, `Title of the release`."""
    for place in (0, len(words) - 1):
        scope = SCOPES.get(words[place]) if words else None
        if scope is None or len(words) < 2:
            continue
        rest = words[1:] if place == 0 else words[:-1]
        found = _by_name(rest) or _by_name(_told(rest))
        if found is not None:
            return Column(found.name, found.scope or scope, found.index, found.part)
    return None


def _on_tracks(words: list[str]) -> Column | None:
    """Read `Composer on tracks`: a list of places such as `1.1;1.2`."""
    if len(words) < 3 or "".join(words[-2:]) not in _ON_TRACKS:
        return None
    who = "".join(words[:-2])
    role = _LISTED_ROLES.get(who) or ROLES.get(who)
    return Column("on_tracks", part=role) if role else None


def _numbered(words: list[str]) -> Column | None:
    """Read `Writer 2 Last`, `Alt Title 1`, `Genre 3`, `Composer 2`."""
    places = [n for n, word in enumerate(words) if word.isdigit() and n]
    if len(places) != 1 or len(words[places[0]]) > 3:
        return None
    index = int(words[places[0]])
    who, rest = "".join(words[: places[0]]), "".join(words[places[0] + 1 :])
    name = _NUMBERED.get(who)
    if name and rest in _PARTS and (rest or name == "alternate_title"):
        return Column(name, index=index, part=_PARTS[rest])
    found = _by_name(words[: places[0]]) if not rest else None
    if found is None:
        return None
    return Column(found.name, found.scope, index, found.part)


def _carried(words: list[str]) -> Column | None:
    told = _told(words)
    for tried in (words, told, _without_scope(words), _without_scope(told)):
        if "".join(tried) in CARRIED_WORDS:
            return Column(CARRIED)
    return None


def _without_scope(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] in SCOPES else words
