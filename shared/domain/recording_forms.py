"""The form in which recordings are compared: made once for each, then kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from shared.domain.messy_values import told
from shared.domain.romanised import native_words, romanised_words
from shared.domain.title_readings import (
    Reading,
    readings_of,
    without_brackets,
    without_number,
)
from shared.domain.version_words import NO_VERSION, Version, version_in

_JOINING: Final = frozenset(
    ("and", "feat", "ft", "featuring", "with", "vs", "x", "the")
)
_GUESTS = re.compile(r"\s[(\[]?\s*(?:feat|ft|featuring)\b.*", re.IGNORECASE | re.DOTALL)
_YEAR_AT_END = re.compile(r"\s*\(\s*((?:18|19|20)\d\d|unknown|null)?\s*\)\s*$")
_LIVE_RELEASE = re.compile(
    r"\blive$|^live (?:at|in|from)\b|\bunplugged\b|\bin concert\b"
)
_EDITION = re.compile(
    r"[(\[][^()\[\]]*\b(?:deluxe|edition|version|explicit|clean|edited|amended|bonus"
    r"|remaster(?:ed)?|expanded|anniversary|video|booklet|exclusive|feat|single|ep"
    r")\b[^()\[\]]*[)\]]|\s-\s(?:EP|Single)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Names:
    """Artists or a release, to compare: letters without spaces, and words.

    Attributes:
        main: The letters without guests; of a release, without its edition.
    """

    letters: str
    main: str
    native: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """A recording's facts, ready to be compared.

    Attributes:
        readings: Of the title, the likeliest first; none where it says nothing.
        is_on_live_release: Its release says so, where its title may not.
        title_words: Words of the title field, but for those in brackets.
        words: These, and those of artists and release.
    """

    readings: tuple[Reading, ...]
    artists: Names | None
    release: Names | None
    number: str
    year: int | None
    version: Version
    is_on_live_release: bool
    title_words: frozenset[str]
    words: frozenset[str]


def form_of(
    title: str,
    artists: tuple[str, ...],
    release: str,
    *,
    number: str = "",
    year: int | None = None,
    version: str = "",
) -> Form:
    """Return the form of a recording's facts; a year that ends the release counts."""
    album, year = _release_and_year(release, year)
    line = "; ".join(artists)
    said = version_in(romanised_words(version)) if version else None
    artist_words, album_words = romanised_words(line), romanised_words(album)
    spoken, _ = without_brackets(without_number(title, number))
    title_words = frozenset(romanised_words(spoken).split())
    return Form(
        readings=readings_of(title, artist_words, album_words, number),
        artists=artist_names(line),
        release=release_names(album),
        number=number,
        year=year,
        version=said or NO_VERSION,
        is_on_live_release=_LIVE_RELEASE.search(album_words) is not None,
        title_words=title_words - _JOINING,
        words=(title_words | set(f"{artist_words} {album_words}".split())) - _JOINING,
    )


@lru_cache(maxsize=16_384)
def artist_names(line: str) -> Names | None:
    """Return *line* (or the words of a reading) as artists; None where it is blank."""
    words = _significant(line)
    native = native_words(line).replace(" ", "")
    if not words and not native:
        return None
    main = _significant(_GUESTS.sub("", line).partition(";")[0]) or words
    return Names("".join(words), "".join(main), native, frozenset(words))


@lru_cache(maxsize=16_384)
def release_names(title: str) -> Names | None:
    """Return *title* (or the words of a reading) as a release; None where blank."""
    words = romanised_words(title).split()
    native = native_words(title).replace(" ", "")
    if not words and not native:
        return None
    main = romanised_words(_EDITION.sub(" ", title)).replace(" ", "")
    letters = "".join(words)
    return Names(letters, main or letters, native, frozenset(words))


def _significant(line: str) -> list[str]:
    words = romanised_words(line).split()
    return [word for word in words if word not in _JOINING] or words


def _release_and_year(release: str, year: int | None) -> tuple[str, int | None]:
    ending = _YEAR_AT_END.search(release)
    if ending is None:
        return release, year
    said = ending.group(1) or ""
    rest = told(release[: ending.start()])
    if not said.isdigit():
        return rest, year
    return rest, year or int(said)
