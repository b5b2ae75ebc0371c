"""Titles as written: the title itself, its version, and who is featured."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from shared.domain.credit_lines import MARKER, Credit, closing_place, split_guests
from shared.domain.name_keys import folded_words

# Words that name a version wherever they end a bracket or what follows a dash.
_VERSION_WORDS = (
    r"remix(?:ed)?|mix|re-?edit|edit|version|remaster(?:ed)?|instrumental|karaoke"
    r"|acoustic|unplugged|demo|rework(?:ed)?|bootleg|flip|dub|a ?cappella|acapella"
    r"|extended|sped up|slowed(?: ?(?:\+|and|&) ?reverb)?|nightcore|reprise|vip"
    r"|re-?record(?:ed|ing)|sessions?|outtake|(?:alternate|alternative) take"
    r"|bonus track|(?:anniversary|deluxe|expanded|special) edition"
)
# "Babylon: The USA in Dub" and "Lost in the Mix" are titles.
_NO_PHRASE = r"(?<!\sin\s)(?<!\sof\s)(?<!\s(?:my|to)\s)(?<!\sthe\s)(?<!\syour\s)"
_YEAR = r"(?:19|20)\d\d"
_VERSION = re.compile(
    rf"(?:[^()\[\]]*\s)?{_NO_PHRASE}(?:{_VERSION_WORDS})(?:\s+(?:{_YEAR}|\d|[ivx]+|by\s[^()\[\]]+))?"
    rf"|live(?:\s+(?:at|in|from|on|@|{_YEAR})(?:\s[^()\[\]]+)?)?"
    rf"|recorded\s(?:live\s)?(?:at|in)\s[^()\[\]]+"
    r"|explicit|clean|censored|mono|stereo|original|single|radio|club|deluxe",
    re.IGNORECASE,
)
_WITH = re.compile(r"with\s+(?=[^\Wa-z\d_])")
# "Dancing (with Myself)" features nobody.
_NOT_A_GUEST = re.compile(
    r"(?:a|an|all|her|him|it|love|me|my|myself|no|our|out|that|the|them|this|u|us|you"
    r"|your|yourself)\b",
    re.IGNORECASE,
)
_DASH = re.compile(r"(?<!\s)\s+[-\u2013\u2014]\s+")
_OPENING = {")": "(", "]": "["}
# What is longer, or goes on, was not written to be read.
_LONGEST_VERSION = 200
_MOST_ENDINGS = 8
_ABBREVIATIONS = {"pt": "part", "pts": "parts", "vol": "volume"}


class TitleParts(NamedTuple):
    """A title taken apart; the words as written stay with whoever has the raw text."""

    title: str
    version: str | None
    featured: list[Credit]


def split_title(text: str, known: Iterable[str] = ()) -> TitleParts:
    """Return the title, version and guests of "Song (feat. X) [Radio Edit]".

    Brackets that open with a featuring word come out wherever they stand. Else only
    what ends the title is taken off it: a bracket, or what follows ` - `, where it
    consists of words that name a version, and plain "feat. X". Several versions are
    joined by a comma, in the order written.

    Args:
        text: The title as written.
        known: Names of artists, as for `split_credit`.
    """
    names = list(known)
    title, featured = _without_bracketed_guests(text.strip(), names)
    versions: list[str] = []
    trailing: list[Credit] = []
    for _ in range(_MOST_ENDINGS):
        head, ending = _ending(title)
        guests = _guests(ending, names)
        if not head or not (guests or _is_version(ending)):
            break
        if guests:
            trailing = guests + trailing
        else:
            versions.insert(0, ending)
        title = head
    return TitleParts(title, ", ".join(versions) or None, featured + trailing)


def title_key(text: str) -> str:
    """Return what titles are compared by; never empty where *text* has a character.

    As for names, but a leading "The" counts, guests do not, and "Pt." is "Part".
    The version counts, however it is set off: "Song - Live" is "Song (Live)".
    """
    title, version, _ = split_title(text)
    words = folded_words(f"{title} {version}" if version else title).split(" ")
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def _ending(title: str) -> tuple[str, str]:
    """Return *title* without what ends it, and that: empty where nothing does."""
    if title.endswith((")", "]")):
        opening = _matching(title)
        if opening > 0:
            return title[:opening].rstrip(), title[opening + 1 : -1].strip()
        return title, ""
    dash = _last(_DASH, title)
    marker = _last(MARKER, title)
    if marker and (dash is None or marker.start() >= dash.end()):
        return _unless_a_measure(title, marker)
    if dash is None:
        return title, ""
    return title[: dash.start()], title[dash.end() :]


def _unless_a_measure(title: str, marker: re.Match[str]) -> tuple[str, str]:
    """Part *title* before *marker*, which in "20 ft Tall" says how tall."""
    head = title[: marker.start()]
    is_measure = head[-1:].isdigit() and "ft" in marker.group().casefold()
    return (title, "") if is_measure else (head, title[marker.start() :].strip())


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


def _matching(title: str) -> int:
    """Return where the bracket that ends *title* opens, or -1."""
    closing = title[-1]
    opening = _OPENING[closing]
    depth = 0
    for place in range(len(title) - 1, -1, -1):
        depth += (title[place] == closing) - (title[place] == opening)
        if depth == 0:
            return place
    return -1


def _without_bracketed_guests(title: str, known: list[str]) -> tuple[str, list[Credit]]:
    """Take "(feat. X)" out of *title*, wherever it stands and is not all there is."""
    featured: list[Credit] = []
    for _ in range(_MOST_ENDINGS):
        marker = next((m for m in MARKER.finditer(title) if m["open"]), None)
        if marker is None:
            break
        rest = title[marker.end() :]
        close = closing_place(rest, marker["open"])
        left = (title[: marker.start()] + rest[close + 1 :]).strip()
        if not left:
            break
        featured += split_guests(rest[:close], known)
        title = left
    return title, featured


def _is_version(ending: str) -> bool:
    return len(ending) <= _LONGEST_VERSION and _VERSION.fullmatch(ending) is not None


def _guests(ending: str, known: list[str]) -> list[Credit]:
    marker = MARKER.match(ending)
    if marker is None:
        marker = _WITH.match(ending)
        if marker is None or _NOT_A_GUEST.match(ending, marker.end()):
            return []
    return split_guests(ending[marker.end() :], known)
