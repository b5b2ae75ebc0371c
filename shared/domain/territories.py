"""Sets of territories: countries, groups of them, the world, and codes of the past.

A set is the countries of ISO 3166-1 (and Kosovo's XK) it covers, so that sets told in
different words can be compared: "the world without the EU" and a list of 223 codes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from shared.domain.errors import InvalidInputError

WORLDWIDE: Final = "Worldwide"

_CODES_FILE: Final = Path(__file__).with_name("territory_codes.json")
_WORLD_NAMES: Final = frozenset({"WORLDWIDE", "WORLD", "WW", "2136", "**"})
_PART = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")
_MOST_NAMED: Final = 8


@cache
def _document() -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(_CODES_FILE.read_text(encoding="utf-8"))
    return document


@cache
def all_countries() -> tuple[str, ...]:
    """Return every country's code, sorted."""
    return tuple(_document()["countries"].split())


@cache
def _bits() -> Mapping[str, int]:
    return {code: 1 << place for place, code in enumerate(all_countries())}


@cache
def _masks() -> Mapping[str, int]:
    """Return the set that each code stands for, by the code in capitals."""
    document, bits = _document(), _bits()
    found = dict(bits)
    for number, code in document["numbers"].items():
        found[number] = bits[code]
    for table in ("former", "groups"):
        for code, members in document[table].items():
            found[code] = sum(bits[member] for member in members.split())
    for name, number in document["names"].items():
        found[name] = found[number]
    found.update(dict.fromkeys(_WORLD_NAMES, sum(bits.values())))
    return found


@dataclass(frozen=True, slots=True)
class Territories:
    """A set of countries, closed under `|`, `&`, `-` and `~`.

    Attributes:
        mask: One bit per country, in the order of `all_countries`.
    """

    mask: int = 0

    @classmethod
    def of(cls, included: Iterable[str], excluded: Iterable[str] = ()) -> Territories:
        """Return what a deal covers; one that names no territory covers the world.

        A part of a country, such as "US-CA", covers no country, and where it is
        excluded its whole country is: no answer about a country is then too generous.

        Raises:
            InvalidInputError: A code stands for no territory.
        """
        codes = list(included)
        covered = [_included(code) for code in codes] if codes else [EVERYWHERE.mask]
        mask = 0
        for one in covered:
            mask |= one
        for code in excluded:
            mask &= ~_excluded(code)
        return cls(mask)

    @property
    def is_world(self) -> bool:
        return self == EVERYWHERE

    def overlaps(self, other: Territories) -> bool:
        return bool(self.mask & other.mask)

    def __contains__(self, country: object) -> bool:
        return bool(_bits().get(str(country), 0) & self.mask)

    def __iter__(self) -> Iterator[str]:
        return (code for code, bit in _bits().items() if bit & self.mask)

    def __len__(self) -> int:
        return self.mask.bit_count()

    def __bool__(self) -> bool:
        return self.mask != 0

    def __or__(self, other: Territories) -> Territories:
        return Territories(self.mask | other.mask)

    def __and__(self, other: Territories) -> Territories:
        return Territories(self.mask & other.mask)

    def __sub__(self, other: Territories) -> Territories:
        return Territories(self.mask & ~other.mask)

    def __invert__(self) -> Territories:
        return EVERYWHERE - self

    def __str__(self) -> str:
        if len(self) <= len(all_countries()) // 2:
            return _named(self)
        return f"{WORLDWIDE} without {_named(~self)}" if ~self else WORLDWIDE


NOWHERE: Final = Territories()
EVERYWHERE: Final = Territories(sum(_bits().values()))


def territories_of(code: str) -> Territories:
    """Return what one *code* stands for.

    It is alpha-2 ("DE"), a TIS number ("276", "2123" for the European Union), a code
    of the past (of ISO 3166-3, "ANHH", or as it was, "AN"), the name of a group ("EU",
    "NORDICS"), or "Worldwide".

    Raises:
        InvalidInputError: It is none of these.
    """
    mask = _masks().get(code.strip().upper().lstrip("0"))
    if mask is None:
        raise InvalidInputError("not a territory", code=code)
    return Territories(mask)


def country_of(code: str) -> str:
    """Return the one country that *code* stands for, as alpha-2.

    Raises:
        InvalidInputError: It stands for none, or for several.
    """
    found = territories_of(code)
    if len(found) != 1:
        raise InvalidInputError("not one country", code=code)
    return next(iter(found))


def _included(code: str) -> int:
    return 0 if _country_of_part(code) else territories_of(code).mask


def _excluded(code: str) -> int:
    return territories_of(_country_of_part(code) or code).mask


def _country_of_part(code: str) -> str:
    part = _PART.fullmatch(code.strip().upper())
    return part.group(1) if part and part.group(1) in _bits() else ""


def _named(found: Territories) -> str:
    codes = list(found)
    if not codes:
        return "nowhere"
    listed = ", ".join(codes[:_MOST_NAMED])
    more = len(codes) - _MOST_NAMED
    return f"{listed} and {more} more" if more > 0 else listed
