"""Values as people and programs write them, in the catalog's canonical forms.

Each function returns None where the text says "nothing" (`0`, `unknown`), and raises
InvalidInputError where it says something that cannot be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.errors import InvalidInputError

_NOTES: Final = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_STEPS: Final = MappingProxyType(
    {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11, "H": 11}
)
_WHEEL: Final = re.compile(r"0?([1-9]|1[0-2])\s*([ABDMabdm])")
_KEY: Final = re.compile(
    r"([A-H])\s*([#♯b♭]|-?(?:sharp|flat)|(?:is|e?s)(?=-?\s*(?:dur|moll)))?\s*-?\s*"
    r"(maj(?:or)?|dur|min(?:or)?|moll|m)?",
    re.IGNORECASE,
)
_MINOR: Final = frozenset({"min", "minor", "moll"})
_ISO_DATE: Final = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ].*|Z|[+-]\d\d:\d\d)?",
    re.DOTALL,
)
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_REVERSED_DATE: Final = re.compile(
    r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ].*)?"
)
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_WORDED_DATE: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?,?\s+"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
)
_PAIR: Final = re.compile(r"(\d{1,6})(?:\s*(?:/|of|-)\s*(\d{1,6})?)?", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,3}))?")
_ISO_DURATION: Final = re.compile(
    r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?"
)
_P_SIGN: Final = r"(?:℗|\([Pp]\))"
_C_SIGN: Final = r"(?:©|\([Cc]\))"
_NOTICE: Final = re.compile(rf"((?:{_P_SIGN}|{_C_SIGN}|[\s&+,/]|and\b)*)")
_SIGN: Final = re.compile(rf"{_P_SIGN}|{_C_SIGN}")


@dataclass(frozen=True, slots=True)
class MusicalKey:
    """A key by its usual name (`Eb minor`) and its place on the Camelot wheel."""

    name: str
    camelot: str


def music_key(text: str) -> MusicalKey | None:
    """Read a key in traditional (`Ebm`, `D# min`, `es-Moll`), Camelot or Open notation.

    Camelot counts `1A`…`12A` (minor) and `1B`…`12B` (major) in fifths from Ab minor
    and B major; Open Key `1m`…`12m`, `1d`…`12d` from A minor and C major. An ID3
    `o` means "off key" (ID3v2.4 §4.2.3, TKEY).
    """
    shown = text.strip()
    if not shown or shown.lower() in {"o", "none", "unknown", "all"}:
        return None
    wheel = _WHEEL.fullmatch(shown)
    if wheel is not None:
        return _from_wheel(int(wheel[1]), wheel[2].upper())
    found = _KEY.fullmatch(shown)
    if found is None:
        raise InvalidInputError("not a musical key", value=text)
    mode = found[3] or ""
    note = found[1].upper()
    # German says H for B, and B for B flat.
    german_flat = note == "B" and not found[2] and mode.lower() in {"dur", "moll"}
    step = _STEPS[note] + _accidental("b" if german_flat else found[2] or "")
    return _key(step % 12, minor=mode == "m" or mode.lower() in _MINOR)


def _accidental(text: str) -> int:
    lowered = text.lower().strip("-")
    if lowered in {"#", "♯", "sharp", "is"}:
        return 1
    return -1 if lowered else 0


def _from_wheel(number: int, letter: str) -> MusicalKey:
    if letter in "DM":
        number = (number + 6) % 12 + 1
    minor = letter in "AM"
    fifths = (number - (8 if not minor else 5)) % 12
    return _key(fifths * 7 % 12, minor=minor)


def _key(step: int, *, minor: bool) -> MusicalKey:
    # Seven is its own inverse modulo 12: it turns semitones into fifths and back.
    number = (step * 7 + (4 if minor else 7)) % 12 + 1
    return MusicalKey(
        name=f"{_NOTES[step]} {'minor' if minor else 'major'}",
        camelot=f"{number}{'A' if minor else 'B'}",
    )


def calendar_date(text: str, *, day_first: bool | None = None) -> str | None:
    """Return *text* as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as it is.

    Day and month before the year are told apart by *day_first*; where nobody knows,
    only if one of them is above 12.
    """
    shown = text.strip()
    if not shown.strip("0-/. "):
        return None
    found = _COMPACT_DATE.fullmatch(shown) or _ISO_DATE.fullmatch(shown)
    parts = (
        found.groups()
        if found
        else _reversed_date(shown, day_first=day_first) or _worded_date(shown)
    )
    if parts is None:
        raise InvalidInputError("not a date", value=text)
    year, *rest = (int(part) for part in parts if part is not None)
    if 0 in rest:
        # "2003-00-00" is how many programs write a year.
        rest = rest[: rest.index(0)]
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])


def _reversed_date(text: str, *, day_first: bool | None) -> tuple[str, ...] | None:
    found = _REVERSED_DATE.fullmatch(text)
    if found is None:
        return None
    first, second, year = found[1], found[3], found[4]
    if len(year) == 2:
        year = f"{20 if int(year) < 50 else 19}{year}"
    if int(first) > 12:
        return year, second, first
    if int(second) > 12 or first == second:
        return year, first, second
    if day_first is not None:
        return (year, second, first) if day_first else (year, first, second)
    raise InvalidInputError("day and month cannot be told apart", value=text)


def _worded_date(text: str) -> tuple[str | None, ...] | None:
    found = _WORDED_DATE.fullmatch(text)
    month = found and found[2][:3].lower()
    if found is None or month not in _MONTHS:
        return None
    return found[4], str(_MONTHS.index(month) + 1), found[1] or found[3]


def number_of(text: str) -> tuple[int | None, int | None]:
    """Return number and total of `3/12`, `03`, `3 of 12` or `/12`; 0 says nothing."""
    shown = text.strip()
    if not shown:
        return None, None
    padded = shown if not shown.startswith("/") else f"0{shown}"
    found = _PAIR.fullmatch(padded)
    if found is None:
        raise InvalidInputError("not a number", value=text)
    return int(found[1]) or None, int(found[2] or 0) or None


def tempo_bpm(text: str) -> float | None:
    """Return beats per minute; 0 says nothing, a comma may stand for the point."""
    shown = re.sub(r"\s*bpm$", "", text.strip(), flags=re.IGNORECASE).replace(",", ".")
    try:
        return float(shown) or None if shown else None
    except ValueError as exc:
        raise InvalidInputError("not a tempo", value=text) from exc


def duration_ms(text: str) -> int | None:
    """Return milliseconds of `3:45`, `1:02:03.5`, `PT3M45S`, `225` (s) or `225000`.

    A bare number is in seconds up to 24 h of them, in milliseconds above.
    """
    shown = text.strip()
    clock = _CLOCK.fullmatch(shown)
    iso = _ISO_DURATION.fullmatch(shown.upper())
    if clock is not None:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups()[:3])
        fraction = int((clock[4] or "0").ljust(3, "0"))
        return (hours * 3600 + minutes * 60 + seconds) * 1000 + fraction or None
    if iso is not None and shown.upper() not in {"PT", "P"}:
        days, hours, minutes = (int(part or 0) for part in iso.groups()[:3])
        seconds_f = float(iso[4] or 0)
        whole_s = days * 86_400 + hours * 3600 + minutes * 60
        return round((whole_s + seconds_f) * 1000) or None
    if re.fullmatch(r"\d{1,10}(?:\.\d+)?", shown):
        number = float(shown)
        return round(number * 1000 if number <= 86_400 else number) or None
    raise InvalidInputError("not a duration", value=text)


def truth(text: str) -> bool | None:
    """Return what a yes or no in any usual spelling says."""
    shown = text.strip().casefold()
    if shown in {"1", "true", "yes", "y", "t", "explicit", "explicitcontent"}:
        return True
    if shown in {"0", "false", "no", "n", "f", "clean", "notexplicit", "cleaned"}:
        return False
    if shown in {"", "unknown", "noadviceavailable", "explicitcontentedited"}:
        return None
    raise InvalidInputError("neither yes nor no", value=text)


@dataclass(frozen=True, slots=True)
class Notices:
    """The ℗ and © lines of a copyright notice, each without its sign."""

    p_line: str | None = None
    c_line: str | None = None


def notices(text: str) -> Notices:
    """Split a notice such as `℗ 2020 A © 2021 B` or `℗ & © 2020 A`."""
    p_line = c_line = None
    at = _SIGN.search(text)
    while at is not None:
        signs = _NOTICE.match(text, at.start())
        end_of_signs = signs.end() if signs else at.end()
        following = _SIGN.search(text, end_of_signs)
        end = following.start() if following else len(text)
        line = text[end_of_signs:end].strip(" \t\r\n,;/|&-")
        marks = text[at.start() : end_of_signs]
        if line and re.search(_P_SIGN, marks):
            p_line = p_line or line
        if line and re.search(_C_SIGN, marks):
            c_line = c_line or line
        at = following
    return Notices(p_line, c_line)
