"""What a title field may mean, where artist, release and number have run into it.

"001-Deja Vu", "Artist - Title", "Title - Album" and "Title (Album)" are read with the
help of the other fields; where these are silent, a title has several readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance.OSA import normalized_similarity

from shared.domain.romanised import native_words, romanised_words
from shared.domain.version_words import (
    NO_VERSION,
    Version,
    ending_version,
    version_in,
)

_NUMBERED = re.compile(
    r"\s*(0?[A-Z]?\d{1,3}|\d{2,3})\s*(?:-(?!\s*$)|\.\s|_|\)\s)\s*(?=\S|$)"
)
_ONLY_NUMBER = re.compile(r"\s*0?[A-Z]?\d{1,3}\s*[-.]?\s*")
_DASH = re.compile(
    r"\s+[-\u2013\u2014]\s+|-{3,}|\s+[-\u2013\u2014](?=\S)|(?<=\S)[\u2013\u2014]\s+"
)
_OPENING: Final = {")": "(", "]": "[", "}": "{"}
_BRACKETS = re.compile(r"[()\[\]{}]")
_GUEST_WORDS = re.compile(r"(?:featuring|feat|ft)\s*\.?\s+|(?:f/|w/)\s*", re.IGNORECASE)
# "20 ft Tall" and "6 ft. Under" measure; "Draft" has no word "ft" at all.
_TRAILING_GUESTS = re.compile(
    r"(?<!\d)(?<=\S)\s+(?:featuring|feat\s*\.?|ft\s*\.|ft)\s+(?=\S)", re.IGNORECASE
)
_WITH = re.compile(
    r"with\s+(?!(?:a|an|all|her|him|it|love|me|my|myself|no|our|out|that|the|them|this"
    r"|u|us|you|your|yourself)\b)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"live (?:at|in|from|on)\b|.* live$")
_ALIKE: Final = 0.75
_MOST_READINGS: Final = 4
_LONGEST_TITLE: Final = 400
_NUMBER_WORDS: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7",
    "viii": "8", "ix": "9", "x": "10", "xi": "11", "xii": "12", "one": "1",
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "first": "1", "second": "2", "third": "3",
}  # fmt: skip
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a title field.

    Attributes:
        letters: The title's letters and digits, romanised, without a space.
        ordered: The same, its words sorted.
        native: Its letters in their own script; empty where that is Latin.
        numbers: Numbers in it, Roman or spelt ones too, in order.
        version: What it says of the version.
        artist: Romanised words of an artist that the field held; mostly empty.
        release: Romanised words of a release that the field held; mostly empty.
    """

    letters: str
    ordered: str
    native: str
    numbers: tuple[str, ...]
    version: Version
    artist: str = ""
    release: str = ""


def alike(one: str, other: str) -> bool:
    """Whether two texts, as romanised words, are the same but for errors."""
    return normalized_similarity(one, other, score_cutoff=_ALIKE) > 0


@lru_cache(maxsize=16_384)
def readings_of(
    title: str, artist: str, release: str, number: str
) -> tuple[Reading, ...]:
    """Return how the field *title* may be read, the likeliest first; none if blank.

    Args:
        title: As written.
        artist: Romanised words of the artist field.
        release: Romanised words of the release field.
        number: Of the track, without leading zeros.
    """
    text = without_number(title[:_LONGEST_TITLE], number)
    found = [_reading(*parts) for parts in _partings(text, artist, release)]
    return tuple({one: None for one in found if one.letters or one.native})[
        :_MOST_READINGS
    ]


def without_number(title: str, number: str) -> str:
    """Take "001-" off, and "9. " where 9 is the track's number."""
    text = title.replace("_", " ") if " " not in title else title
    if _ONLY_NUMBER.fullmatch(text):
        bare = text.strip(" -.").lstrip("0").upper()
        return "" if bare == number and text.strip()[:1] == "0" else text
    leading = _NUMBERED.match(text)
    if leading is None:
        return text
    written = leading.group(1)
    is_padded = written.startswith("0") and len(written) > 1
    if is_padded or written.lstrip("0").upper() == number:
        return text[leading.end() :]
    return text


def _partings(text: str, artist: str, release: str) -> list[tuple[str, str, str]]:
    """Return (title, artist, release) for each way to read *text*."""
    head, tail = _last_bracket(text)
    if head and tail:
        words = romanised_words(tail)
        if release and alike(words, release):
            return _dashed(head, artist, release)
        if not release and _is_no_version(tail, words):
            return [*_dashed(text, artist, release), (head, "", words)]
    return _dashed(text, artist, release)


def _dashed(text: str, artist: str, release: str) -> list[tuple[str, str, str]]:
    dashes = list(_DASH.finditer(text))
    if not dashes:
        return [(text, "", "")]
    first, rest = text[: dashes[0].start()], text[dashes[0].end() :]
    before, last = text[: dashes[-1].start()], text[dashes[-1].end() :]
    first_words, last_words = romanised_words(first), romanised_words(last)
    if artist and alike(first_words, artist):
        return [(rest, "", "")]
    if release and alike(last_words, release):
        # "Artist - Title", of the single of that title, or "Title - Album".
        named = [] if artist else [(rest, first_words, "")]
        return [*named, (before, "", "")]
    # "Song - Live at Leeds" has a version, or is on a release of that name.
    if version_in(last_words) is not None and not _PLACE.match(last_words):
        before = ""
    found = [(text, "", "")]
    if not release and before:
        found.insert(0, (before, "", last_words))
    if not artist:
        found.insert(0, (rest, first_words, ""))
    if artist and release and alike(last_words, artist):
        found.insert(0, (before, "", ""))
    return [one for one in found if one[0].strip()]


def _last_bracket(text: str) -> tuple[str, str]:
    """Return what is before the bracket that ends *text*, and what it holds."""
    stripped = text.rstrip()
    opening = _OPENING.get(stripped[-1:])
    if opening is None:
        return "", ""
    closing, depth = stripped[-1], 0
    for place in range(len(stripped) - 1, -1, -1):
        depth += (stripped[place] == closing) - (stripped[place] == opening)
        if depth == 0:
            return stripped[:place].rstrip(), stripped[place + 1 : -1]
    return "", ""


def _is_no_version(tail: str, words: str) -> bool:
    is_guest = _GUEST_WORDS.match(tail.strip()) or _WITH.match(tail.strip())
    return is_guest is None and version_in(words) is None


def _reading(title: str, artist: str, release: str) -> Reading:
    version = NO_VERSION
    kept, held = without_brackets(title)
    for tail in held:
        words = romanised_words(tail)
        found = version_in(words)
        if _GUEST_WORDS.match(tail.strip()) or _WITH.match(tail.strip()):
            continue
        if found is None:
            kept += " " + tail
        else:
            version = version.joined(found)
    kept, dashed = _without_dashed_version(kept)
    guests = _TRAILING_GUESTS.search(kept)
    words, ending = ending_version(
        romanised_words(kept[: guests.start()] if guests else kept)
    )
    return Reading(
        letters=words.replace(" ", ""),
        ordered="".join(sorted(words.split())),
        native=native_words(kept).replace(" ", ""),
        numbers=_numbers(words),
        version=version.joined(dashed).joined(ending),
        artist=artist,
        release=release,
    )


def without_brackets(title: str) -> tuple[str, list[str]]:
    """Return *title* without its brackets, and what they hold, nested ones apart."""
    if not _BRACKETS.search(title):
        return title, []
    kept: list[str] = []
    held: list[str] = []
    depth = 0
    for piece in re.split(r"([()\[\]{}])", title):
        if piece in "([{" and piece:
            depth += 1
            held.append("")
        elif piece in ")]}" and piece:
            depth = max(0, depth - 1)
        elif depth and held:
            held[-1] += piece
        else:
            kept.append(piece)
    outside = " ".join(kept)
    if outside.strip():
        return outside, [one for one in held if one.strip()]
    return " ".join(held), []


def _without_dashed_version(title: str) -> tuple[str, Version]:
    dashes = list(_DASH.finditer(title))
    if not dashes or not title[: dashes[-1].start()].strip():
        return title, NO_VERSION
    found = version_in(romanised_words(title[dashes[-1].end() :]))
    return (
        (title, NO_VERSION) if found is None else (title[: dashes[-1].start()], found)
    )


def _numbers(words: str) -> tuple[str, ...]:
    found: list[str] = []
    for word in words.split():
        if word in _NUMBER_WORDS:
            found.append(_NUMBER_WORDS[word])
        else:
            found += (digits.lstrip("0") for digits in _DIGITS.findall(word))
    return tuple(found)
