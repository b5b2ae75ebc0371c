"""What the value of a field looks like: the field itself, and parsers to one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import IpiName, Isni

Parser = Callable[[object], JsonValue]

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        parse: Returns the canonical JSON value, or raises InvalidInputError.
        weight: Its share in completeness; 0 where nobody misses it.
        label: What people call it.
        type: The name of the value's type in the API's documentation.
        editable: A person may set it.
    """

    parse: Parser
    label: str
    type: str
    weight: float = 0.0
    editable: bool = True


def text(value: object) -> str:
    """Return *value* as one trimmed line or paragraph, never empty."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError("expected a text that is not empty", value=value)
    return value.strip()


def texts(value: object) -> JsonValue:
    """Return a list of distinct texts in the order given."""
    if not isinstance(value, list | tuple):
        raise InvalidInputError("expected a list of texts", value=value)
    return list(dict.fromkeys(text(item) for item in value))


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInputError("expected true or false", value=value)
    return value


def date(value: object) -> str:
    """Return `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601, reduced precision)."""
    found = _DATE.fullmatch(text(value))
    if found is None:
        raise InvalidInputError("expected YYYY, YYYY-MM or YYYY-MM-DD", value=value)
    year, month, day = (int(part or 1) for part in found.groups())
    from datetime import date as calendar_date

    try:
        calendar_date(year, month, day)
    except ValueError as exc:
        raise InvalidInputError("no such day", value=value) from exc
    return found.group()


def integer(low: int, high: int) -> Parser:
    """Return a parser of whole numbers from *low* to *high*, both included."""

    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidInputError("expected a whole number", value=value)
        if not low <= value <= high:
            raise InvalidInputError("out of range", value=value, low=low, high=high)
        return value

    return parse


def number(low: float, high: float, decimals: int) -> Parser:
    """Return a parser of numbers from *low* to *high*, rounded to *decimals*."""

    def parse(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidInputError("expected a number", value=value)
        if not low <= value <= high:
            raise InvalidInputError("out of range", value=value, low=low, high=high)
        return round(float(value), decimals) + 0.0

    return parse


def pattern(form: re.Pattern[str], expected: str) -> Parser:
    """Return a parser of texts that match *form* wholly."""

    def parse(value: object) -> str:
        found = text(value)
        if form.fullmatch(found) is None:
            raise InvalidInputError("not of the expected form", value=value, e=expected)
        return found

    return parse


def credit_list(value: object) -> JsonValue:
    """Return credits: who, in which role, named how, joined by what.

    Each is `{"name", "role"}` with, where known, `credited_as`, `join` (the words up
    to the next name, such as ` feat. `), `isni`, `ipi` and `musicbrainz_id`. Order
    is the order of billing.
    """
    if not isinstance(value, list | tuple) or not value:
        raise InvalidInputError("expected a list of credits", value=value)
    return [_credit(item) for item in value]


_CREDIT_EXTRAS: Mapping[str, Parser] = MappingProxyType(
    {
        "credited_as": text,
        "join": str,
        "isni": lambda value: Isni.parse(text(value)).value,
        "ipi": lambda value: IpiName.parse(text(value)).value,
        "musicbrainz_id": text,
    }
)


def _credit(item: object) -> JsonValue:
    if not isinstance(item, dict):
        raise InvalidInputError("expected a credit with a name and a role", value=item)
    found: dict[str, JsonValue] = {
        "name": text(item.get("name")),
        "role": text(item.get("role", "MainArtist")),
    }
    for extra, parse in _CREDIT_EXTRAS.items():
        if item.get(extra):
            found[extra] = parse(item[extra])
    unknown = set(item) - set(found) - set(_CREDIT_EXTRAS)
    if unknown:
        raise InvalidInputError("unknown part of a credit", parts=sorted(unknown))
    return found


def texts_and(extras: Mapping[str, Parser], *required: str) -> Parser:
    """Return a parser of lists of objects, whose parts are texts or of *extras*.

    Parts that are None or empty are left out; an object without one of *required*
    is refused, and so is a part that nobody expects.
    """

    def parse(value: object) -> JsonValue:
        if not isinstance(value, list | tuple) or not value:
            raise InvalidInputError("expected a list of objects", value=value)
        return [_parts(item, extras, required) for item in value]

    return parse


def _parts(
    item: object, extras: Mapping[str, Parser], required: tuple[str, ...]
) -> JsonValue:
    if not isinstance(item, dict) or not all(item.get(name) for name in required):
        raise InvalidInputError("a part is missing", value=item, expected=required)
    unknown = set(item) - set(extras)
    if unknown:
        raise InvalidInputError("an unknown part", parts=sorted(unknown))
    return {
        name: parse(item[name])
        for name, parse in extras.items()
        if item.get(name) not in (None, "", [])
    }
