"""Lengths, numbers, years and languages as sources write them.

Every reader returns None, or the empty string, for what says nothing: a blank, "null",
"[unknown]", or a text of another column that slipped into this one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_NOTHING = frozenset(
    (
        "",
        "null",
        "none",
        "nan",
        "n/a",
        "n.a.",
        "na",
        "nil",
        "undefined",
        "-",
        "--",
        "?",
        "???",
    )
)
_UNKNOWN = re.compile(r"[\[(<]?(?:unk(?:nown|n)?|uknown)\.?[\])>]?", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d+)?)")
_SPELT = re.compile(
    r"(?:P?T?)?(?:(\d+)h(?:ours?|rs?)?)?(?:(\d+)m(?:in(?:ute)?s?)?)?"
    r"(?:(\d+(?:[.,]\d+)?)s(?:ec(?:ond)?s?)?)?\.?",
    re.IGNORECASE,
)
_MILLISECONDS = re.compile(r"(\d+)ms(?:ec)?", re.IGNORECASE)
_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_LONGEST_MS: Final = 48 * 3_600_000
_FULL_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_SHORT_YEAR = re.compile(r"(?:.*[-/. ])?['\u2019]?\s*(\d{1,2})", re.DOTALL)
_TURN_OF_CENTURY: Final = 30
_EARLIEST_YEAR: Final = 1860
_LATEST_YEAR: Final = 2100
_NUMBER = re.compile(r"(?:[a-z]{0,2})\d{1,4}", re.IGNORECASE)

# What the names of languages begin with, to the code of ISO 639-2.
_LANGUAGES = {
    "chi": "zho", "zho": "zho", "man": "zho", "ger": "deu", "deu": "deu", "dut": "nld",
    "nld": "nld", "fre": "fra", "fra": "fra", "gre": "ell", "ell": "ell", "spa": "spa",
    "eng": "eng", "jap": "jpn", "jpn": "jpn", "por": "por", "ita": "ita", "heb": "heb",
    "rus": "rus", "fin": "fin", "swe": "swe", "nor": "nor", "dan": "dan", "pol": "pol",
    "kor": "kor", "lat": "lat", "est": "est", "cze": "ces", "ces": "ces", "hun": "hun",
    "tur": "tur", "ara": "ara", "ice": "isl", "isl": "isl", "cat": "cat", "wel": "cym",
}  # fmt: skip
_TWO_LETTERS = {
    "zh": "zho", "de": "deu", "nl": "nld", "fr": "fra", "el": "ell", "es": "spa",
    "en": "eng", "ja": "jpn", "pt": "por", "it": "ita", "he": "heb", "ru": "rus",
    "fi": "fin", "sv": "swe", "no": "nor", "da": "dan", "pl": "pol", "ko": "kor",
    "la": "lat", "et": "est", "cs": "ces", "hu": "hun", "tr": "tur", "ar": "ara",
    "is": "isl", "ca": "cat", "cy": "cym",
}  # fmt: skip


def told(text: str) -> str:
    """Return *text* without the spaces around it; empty where it says nothing."""
    found = text.strip()
    if len(found) <= 10 and (
        found.casefold() in _NOTHING or _UNKNOWN.fullmatch(found) is not None
    ):
        return ""
    return found


@lru_cache(maxsize=16_384)
def length_ms_of(value: str | float | None) -> int | None:
    """Return a length in milliseconds, from whatever unit it is written in.

    "4:02", "4m 2sec", "PT4M2S" and "242000 ms" say their unit. Of bare numbers, a
    decimal fraction below 60 is minutes, what is below 2,000 seconds (as text, below
    10,000), and the rest milliseconds. Zero is a length that nobody knows.
    """
    if isinstance(value, str):
        found = _written_length_ms(re.sub(r"\s+", "", value))
    else:
        found = None if value is None else _bare_ms(float(value), 2_000)
    return round(found) if found and 0.5 < found <= _LONGEST_MS else None


def year_of(value: str | float | None) -> int | None:
    """Return the year of "2009", "20-Jun-14", "August 21, 2009" or "'94"."""
    if isinstance(value, int | float):
        year = int(value)
    elif value:
        year = _written_year(value.strip())
    else:
        return None
    if 0 <= year < 100:
        year += 2000 if year < _TURN_OF_CENTURY else 1900
    return year if _EARLIEST_YEAR <= year <= _LATEST_YEAR else None


def number_of(value: str | float | None) -> str:
    """Return a track's number without leading zeros: "011" is "11", "0A3" is "A3"."""
    if isinstance(value, int | float):
        return str(int(value)) if value > 0 else ""
    text = re.sub(r"\s+", "", value or "").partition("/")[0].lstrip("0")
    return text.upper() if _NUMBER.fullmatch(text) else ""


def language_of(value: str | None) -> str:
    """Return the code (ISO 639-2) of a language by name or code; empty if unknown."""
    text = re.sub(r"[^a-z]", "", (value or "").casefold())
    if len(text) == 2:
        return _TWO_LETTERS.get(text, "")
    return _LANGUAGES.get(text[:3], "")


def _written_length_ms(text: str) -> float | None:
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds = clock.groups()
        return _of_parts(hours, minutes, seconds)
    if _BARE.fullmatch(text):
        return _bare_ms(float(text.replace(",", ".")), 10_000, is_whole=text.isdigit())
    spelt_ms = _MILLISECONDS.fullmatch(text)
    if spelt_ms:
        return float(spelt_ms.group(1))
    spelt = _SPELT.fullmatch(text)
    return _of_parts(*spelt.groups()) if spelt else None


def _of_parts(hours: str | None, minutes: str | None, seconds: str | None) -> float:
    rest = float((seconds or "0").replace(",", "."))
    return (int(hours or 0) * 3600 + int(minutes or 0) * 60 + rest) * 1000


def _bare_ms(value: float, first_ms: int, *, is_whole: bool | None = None) -> float:
    whole = value.is_integer() if is_whole is None else is_whole
    if not whole and value < 60:
        return value * 60_000
    return value * 1000 if value < first_ms else value


def _written_year(text: str) -> int:
    full = _FULL_YEAR.search(text)
    if full:
        return int(full.group(1))
    short = _SHORT_YEAR.fullmatch(text)
    return int(short.group(1)) if short else -1
