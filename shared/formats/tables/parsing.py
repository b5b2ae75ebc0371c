"""Cells to values: what each column holds, whose field it is, how it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.formats.languages import language_tag
from shared.formats.values import (
    calendar_date,
    duration_ms,
    music_key,
    number_of,
    tempo_bpm,
    truth,
)

# Names in one cell, parted by their punctuation.
SPLIT: Final = 0.8
# A column that says nothing of whether it means the track or the release.
OF_EITHER: Final = 0.9

BLANK: Final = frozenset(
    {"", "-", "n/a", "na", "none", "null", "auto", "tbd", "?", "#n/a"}
)

_RECORDING: Final = Kind.RECORDING
_RELEASE: Final = Kind.RELEASE
_POSITION: Final = Kind.TRACK_POSITION
_BOTH: Final = (_RECORDING, _RELEASE)

Parse = Callable[[str], JsonValue]
Target = tuple[Kind, str, float]


def _same(text: str) -> JsonValue:
    return text


def _number(text: str) -> JsonValue:
    # "A1" is the first track of side A; "1.0" is how spreadsheets write 1.
    found = re.fullmatch(r"[A-Z](\d{1,2})|(\d{1,4})\.0+", text.strip())
    return number_of((found[1] or found[2]) if found else text)[0]


def _key_name(text: str) -> JsonValue:
    key = music_key(text)
    return key.name if key else None


def _camelot(text: str) -> JsonValue:
    key = music_key(text)
    return key.camelot if key else None


def _milliseconds(text: str) -> JsonValue:
    is_number = re.fullmatch(r"\d{1,10}(?:\.\d+)?", text) is not None
    return duration_ms(str(float(text) / 1000)) if is_number else duration_ms(text)


def _explicit(text: str) -> JsonValue:
    lowered = re.sub(r"[\W_]", "", text.casefold())
    if lowered in {"notexplicit", "nonexplicit", "noadvisory", "cleaned", "edited"}:
        return False
    return truth(lowered)


def _date(text: str) -> JsonValue:
    return calendar_date(text)


def _day_first_date(text: str) -> JsonValue:
    return calendar_date(text, day_first=True)


def _month_first_date(text: str) -> JsonValue:
    return calendar_date(text, day_first=False)


def _upper(text: str) -> JsonValue:
    return text.upper()


DATES: Final = MappingProxyType(
    {None: _date, True: _day_first_date, False: _month_first_date}
)
_DATED: Final = (
    ("release_date", tuple((kind, "release_date", 1.0) for kind in _BOTH)),
    ("original_date", tuple((kind, "original_release_date", 1.0) for kind in _BOTH)),
    ("recorded_on", ((_RECORDING, "recorded_on", 1.0),)),
)
_TEXTS: Final = (
    ("isrc", ((_RECORDING, "isrc", 1.0),)),
    ("iswc", ((_RECORDING, "iswc", 1.0),)),
    ("gtin", ((_RELEASE, "gtin", 1.0),)),
    ("grid", ((_RELEASE, "grid", 1.0),)),
    ("catalog_number", ((_RELEASE, "catalog_number", 1.0),)),
    ("label", tuple((kind, "label", 1.0) for kind in _BOTH)),
    ("publisher", ((_RECORDING, "publisher", 1.0),)),
    ("copyright", tuple((kind, "copyright", 1.0) for kind in _BOTH)),
    ("comment", ((_RECORDING, "comment", 1.0),)),
    ("release_type", ((_RELEASE, "release_type", 1.0),)),
    ("recording_mbid", ((_RECORDING, "musicbrainz_id", 1.0),)),
    ("release_mbid", ((_RELEASE, "musicbrainz_id", 1.0),)),
)


def _either(parse: Parse, field: str) -> tuple[Parse, tuple[Target, ...]]:
    return parse, ((_RECORDING, field, 1.0),)


PLAIN: Final = MappingProxyType(
    {
        **{name: (_same, targets) for name, targets in _TEXTS},
        **{name: (_date, targets) for name, targets in _DATED},
        "language": (
            language_tag,
            ((_RECORDING, "language", 1.0), (_RELEASE, "language", OF_EITHER)),
        ),
        "explicit": _either(_explicit, "explicit"),
        "bpm": _either(tempo_bpm, "bpm"),
        "key": _either(_key_name, "key"),
        "duration_ms": _either(_milliseconds, "duration_ms"),
        "duration_s": _either(duration_ms, "duration_ms"),
        "duration": _either(duration_ms, "duration_ms"),
        "track_number": (_number, ((_POSITION, "track_number", 1.0),)),
        "medium_number": (_number, ((_POSITION, "medium_number", 1.0),)),
        "track_count": (_number, ((_RELEASE, "track_count", 1.0),)),
        "medium_count": (_number, ((_RELEASE, "medium_count", 1.0),)),
    }
)
"""Column → how its cells are read, and which fields they are."""

CAMELOT: Final[Parse] = _camelot
DATED: Final = frozenset(name for name, _ in _DATED)
_NUMERIC: Final = frozenset({"bpm", "duration_ms", "duration_s", "duration"})


def parser_of(name: str, *, day_first: bool | None, decimal: str) -> Parse:
    """Return how cells of the column *name* are read in one table; remembers answers.

    Tables say the same dates, labels and languages over and over.
    """
    parse = DATES[day_first] if name in DATED else PLAIN[name][0]
    if decimal == "," and name in _NUMERIC:
        inner = parse

        def parse(text: str) -> JsonValue:
            return inner(text.replace(".", "").replace(",", "."))

    return lru_cache(maxsize=4096)(parse) if parse is not _same else parse
