"""Other ways to write one and the same text: dates, identifiers, words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

_DATE: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]+(.+))?")
_SOLID_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH: Final = re.compile(r"(\d{4})[-/.](\d{1,2})")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(.*)")
_ZONE: Final = re.compile(r"([+-])(\d{2}):?(\d{2})")
_LENGTH: Final = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")
_INVISIBLE: Final = re.compile("[\u200b\u2060\ufeff]")
# What stays when an identifier is stripped of the hyphens, dots and spaces in it.
_BARE: Final = MappingProxyType(
    {
        "ISRC": re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}"),
        "ISWC": re.compile(r"T\d{10}"),
        "ISNI": re.compile(r"\d{15}[\dX]"),
        "GRid": re.compile(r"A1[A-Z0-9]{16}"),
        "ICPN": re.compile(r"\d{8}|\d{12,14}"),
        "IpiNameNumber": re.compile(r"\d{11}"),
    }
)
_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015]+")
_PREFIX: Final = re.compile(
    r"(?:ISRC|ISWC|ISNI|GRID|UPC|EAN|ICPN)[:\s]+", re.IGNORECASE
)
_ADDRESSES: Final = frozenset({"URI", "FileName", "FilePath"})


def clean(text: str) -> str:
    """Return *text* in Unicode's form C, without space around or invisible marks."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()


def identifier(name: str, text: str) -> str:
    """Return an identifier as its element *name* wants it; else *text* as it is."""
    form = _BARE.get(name)
    if form is not None and not form.fullmatch(text):
        bare = _SEPARATORS.sub("", _PREFIX.sub("", text)).upper()
        return bare if form.fullmatch(bare) else text
    if name in _ADDRESSES and "\\" in text:
        return text.replace("\\", "/")
    return text


def other_ways(text: str) -> Iterator[str]:
    """Yield how else *text* may be written, the likeliest first."""
    yield text.lower()
    yield text.upper()
    yield text.replace("_", "-")
    yield from _dates(text)
    length = _LENGTH.fullmatch(text)
    if length:
        hours, minutes, seconds = length.groups()
        yield f"PT{f'{int(hours)}H' if hours else ''}{int(minutes)}M{int(seconds)}S"


def _dates(text: str) -> Iterator[str]:
    # Of 03/06/2026 nobody can say which is the day: years come first, or not at all.
    found = _DATE.fullmatch(text)
    if found:
        year, _, month, day, clock = found.groups()
        date = f"{year}-{int(month):02}-{int(day):02}"
        yield f"{date}T{_clock(clock)}" if clock else date
    solid = _SOLID_DATE.fullmatch(text)
    if solid:
        yield "-".join(solid.groups())
    month_of = _MONTH.fullmatch(text)
    if month_of:
        yield f"{month_of[1]}-{int(month_of[2]):02}"


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return text
    hours, minutes, seconds, zone = found.groups()
    named = _ZONE.fullmatch(zone)
    zone = f"{named[1]}{named[2]}:{named[3]}" if named else zone.upper()
    return f"{int(hours):02}:{minutes}:{seconds or '00'}{zone}"
