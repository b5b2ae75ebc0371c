"""Whether a text is of a simple type, and how it may be made to be one.

XML Schema 1.0, part 2: clauses 3.2.2 (boolean), 3.2.3 (decimal), 3.2.6 (duration),
3.2.7 (dateTime), 3.2.11 (gYear), 3.3.8 (ID), 3.3.13 (integer).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from shared.ddex.nodes import seconds_of
from shared.ddex.schema.particles import Complex, SchemaFacts, Simple

_ZONE: Final = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_TIME: Final = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_CLOCK: Final = r"T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?"
_BASES: Final = {
    "xs:boolean": "true|false|1|0",
    "xs:integer": r"[+-]?\d{1,18}",
    "xs:decimal": r"[+-]?(?:\d{1,15}(?:\.\d{0,8})?|\.\d{1,8})",
    "xs:duration": rf"-?P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:{_CLOCK})?",
    "xs:dateTime": rf"\d{{4}}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "xs:gYear": rf"\d{{4}}{_ZONE}",
    "xs:ID": r"[^\W\d][\w.\-]*",
    "xs:IDREF": r"[^\W\d][\w.\-]*",
}
_LITTLE_MONTHS: Final = {"04": 30, "06": 30, "09": 30, "11": 30}
_FREE: Final = frozenset({"xs:string", "xs:anySimpleType"})
_USER_DEFINED: Final = "UserDefined"

ValueSets = dict[str, tuple[str, ...]]


class SimpleTypes:
    """The simple types of one version."""

    def __init__(self, facts: SchemaFacts, sets: ValueSets) -> None:
        self._facts = facts
        self._sets = sets
        self.accepts: Callable[[Simple, str], bool] = cache(self._accepts)

    def chain(self, simple: Simple) -> list[Simple]:
        """Return *simple* and the named types that it narrows, the widest last."""
        found = [simple]
        while (named := self._facts.types.get(found[-1].base)) is not None:
            found.append(Simple(named.text) if isinstance(named, Complex) else named)
        return found

    def base(self, simple: Simple) -> str:
        """Return the built-in type, or `avs:…`, that *simple* comes down to."""
        return self.chain(simple)[-1].base

    def values(self, simple: Simple) -> tuple[str, ...]:
        """Return what is allowed, where that is a list; else nothing."""
        chain = self.chain(simple)
        listed = next((each.values for each in chain if each.values), ())
        return listed or self._sets.get(chain[-1].base.removeprefix("avs:"), ())

    def pattern(self, simple: Simple) -> str:
        """Return the pattern of the narrowest type that has one, or empty."""
        return next((each.pattern for each in self.chain(simple) if each.pattern), "")

    def _accepts(self, simple: Simple, text: str) -> bool:
        return all(self._holds(each, text) for each in self.chain(simple))

    def _holds(self, simple: Simple, text: str) -> bool:
        base = simple.base
        is_xs = base.startswith("xs:")
        if simple.values and text not in simple.values:
            return False
        # A set without values lets any text pass, as in XML Schema.
        listed = self._sets.get(base.removeprefix("avs:"), ()) if not is_xs else ()
        if listed and text not in listed:
            return False
        is_free = base in _FREE or base.startswith("avs:")
        shown = text if is_free else text.strip()
        if simple.pattern and not _compiled(simple.pattern).fullmatch(shown):
            return False
        return base not in _BASES or _is_of(base, shown)

    def mended(self, simple: Simple, text: str) -> str | None:
        """Return what *text* means, written as *simple* wants it; None if unknown."""
        trimmed = text.strip()
        base = self.base(simple)
        candidates = [trimmed, *_rewritten(base, trimmed, self.pattern(simple))]
        folded = {value.casefold(): value for value in self.values(simple)}
        candidates.append(folded.get(trimmed.casefold(), ""))
        found = (each for each in candidates if each and self.accepts(simple, each))
        return next(found, None)

    def takes_own_words(self, simple: Simple) -> bool:
        return _USER_DEFINED in self.values(simple)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _base_pattern(base: str) -> re.Pattern[str]:
    return re.compile(_BASES[base], re.ASCII if "ID" not in base else 0)


def _is_of(base: str, text: str) -> bool:
    if _base_pattern(base).fullmatch(text) is None:
        return False
    if base == "xs:dateTime":
        return _is_day(text[:4], text[5:7], text[8:10])
    return base != "xs:duration" or not text.endswith("P")


def _is_day(year: str, month: str, day: str) -> bool:
    number = int(year)
    is_leap = number % 4 == 0 and (number % 100 != 0 or number % 400 == 0)
    last = 29 if is_leap else 28
    last = last if month == "02" else _LITTLE_MONTHS.get(month, 31)
    return number > 0 and int(day) <= last


def _rewritten(base: str, text: str, pattern: str) -> list[str]:
    """Return other ways to write *text*, to be tried in order."""
    if base == "xs:boolean":
        return [text.lower()]
    if base == "xs:dateTime":
        return [f"{text}T00:00:00Z", f"{text}T00:00:00", f"{text}Z"]
    if base in {"xs:ID", "xs:IDREF"}:
        cleaned = re.sub(r"[^\w-]", "_", text, flags=re.ASCII)
        return [f"{pattern[:1] or '_'}{cleaned}"]
    if base in {"xs:integer", "xs:decimal", "xs:duration"}:
        return [_number_or_duration(base, text)]
    # What is a date of some kind, and a party identifier with its hyphens.
    return [text[:10], text[:7], text[:4], text.replace("-", "")]


def _number_or_duration(base: str, text: str) -> str:
    if base == "xs:duration":
        is_number = _base_pattern("xs:decimal").fullmatch(text) is not None
        return f"PT{text.lstrip('+-') or '0'}S" if is_number else ""
    seconds = seconds_of(text)
    if seconds is None and _base_pattern("xs:decimal").fullmatch(text):
        seconds = float(text)
    if seconds is None:
        return ""
    return f"{seconds:.3f}".rstrip("0").rstrip(".") if seconds else "0"
