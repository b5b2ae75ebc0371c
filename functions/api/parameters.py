"""Parameters of queries: what is known, of which form, and what else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.datastructures import QueryParams

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.fields import FIELDS

from .pagination import DEFAULT_LIMIT, MAX_LIMIT
from .problems import BadRequestError

Schema = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a query.

    Attributes:
        parse: Returns the value, or raises InvalidInputError.
        schema: JSON Schema of the text.
        filters: It narrows a list, and so belongs to what a cursor is for.
    """

    name: str
    description: str
    parse: Callable[[str], Any] = str
    schema: Mapping[str, JsonValue] = field(default_factory=lambda: {"type": "string"})
    example: JsonValue = None
    filters: bool = False


def parsed_query(known: Iterable[Parameter], query: QueryParams) -> dict[str, Any]:
    """Return the values of *query* by name; parameters not given are left out.

    Raises:
        BadRequestError: One is unknown, given twice, or not of its form.
    """
    by_name = {parameter.name: parameter for parameter in known}
    found: dict[str, Any] = {}
    for name, text in query.multi_items():
        if name not in by_name:
            raise BadRequestError(
                "there is no such parameter", parameter=name, known=sorted(by_name)
            )
        if name in found:
            raise BadRequestError("a parameter is given twice", parameter=name)
        try:
            found[name] = by_name[name].parse(text)
        except InvalidInputError as exc:
            raise BadRequestError(
                exc.message, **{**exc.facts, "parameter": name}
            ) from exc
    return found


def entity_id(text: str) -> UUID:
    """Return the id in *text*, written as the catalog writes it."""
    try:
        return UUID(text)
    except ValueError as exc:
        raise BadRequestError("not a UUID", value=text) from exc


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError as exc:
            raise InvalidInputError("expected a whole number", value=text) from exc
        if not low <= value <= high:
            raise InvalidInputError("out of range", value=value, low=low, high=high)
        return value

    return parse


def _decimal(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError as exc:
            raise InvalidInputError("expected a number", value=text) from exc
        if not low <= value <= high:
            raise InvalidInputError("out of range", value=text, low=low, high=high)
        return value

    return parse


def _instant(text: str) -> str:
    try:
        # A plus sign in an address is a space.
        value = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as exc:
        raise InvalidInputError("expected an RFC 3339 time", value=text) from exc
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.isoformat()


def _words(text: str) -> str:
    if not text.strip():
        raise InvalidInputError("expected a text that is not empty")
    return text.strip()


def words(name: str, description: str, example: str) -> Parameter:
    return Parameter(
        name, description, _words, {"type": "string", "minLength": 1}, example, True
    )


def whole(name: str, description: str, low: int, high: int, example: int) -> Parameter:
    schema: Schema = {"type": "integer", "minimum": low, "maximum": high}
    return Parameter(name, description, _whole(low, high), schema, example, True)


def decimal(
    name: str, description: str, low: float, high: float, example: float
) -> Parameter:
    schema: Schema = {"type": "number", "minimum": low, "maximum": high}
    return Parameter(name, description, _decimal(low, high), schema, example, True)


def instant(name: str, description: str) -> Parameter:
    schema: Schema = {"type": "string", "format": "date-time"}
    return Parameter(name, description, _instant, schema, "2026-01-31T12:00:00Z", True)


def identifier(name: str, description: str) -> Parameter:
    schema: Schema = {"type": "string", "format": "uuid"}
    return Parameter(
        name,
        description,
        lambda text: str(entity_id(text)),
        schema,
        "0199e0d2-4c00-7000-8000-000000000001",
        True,
    )


def of_field(kind: Kind, name: str, example: str) -> Parameter:
    """Return a filter that takes what the field *name* of *kind* takes."""
    found = FIELDS[kind][name]
    return Parameter(
        name,
        f"Only those whose {found.label} is this.",
        lambda text: str(found.parse(text)),
        {"type": "string"},
        example,
        True,
    )


def choice(name: str, description: str, options: Iterable[str]) -> Parameter:
    known = tuple(options)

    def parse(text: str) -> str:
        if text not in known:
            raise InvalidInputError("not one of these", value=text, known=known)
        return text

    schema: Schema = {"type": "string", "enum": list(known)}
    return Parameter(name, description, parse, schema, known[0], True)


def several(
    name: str, description: str, options: Iterable[str], example: str
) -> Parameter:
    """Return a parameter of words with commas between them, each one of *options*."""
    known = frozenset(options)

    def parse(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
        unknown = sorted(set(found) - known)
        if unknown:
            raise InvalidInputError(
                "not among these", values=unknown, known=sorted(known)
            )
        return found

    return Parameter(name, description, parse, {"type": "string"}, example)


def yes_or_no(name: str, description: str, *, default: bool) -> Parameter:
    def parse(text: str) -> bool:
        if text not in ("true", "false"):
            raise InvalidInputError("expected true or false", value=text)
        return text == "true"

    schema: Schema = {"type": "boolean", "default": default}
    return Parameter(name, description, parse, schema, default)


LIMIT = Parameter(
    "limit",
    "How many at most.",
    _whole(1, MAX_LIMIT),
    {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    20,
)
CURSOR = Parameter("cursor", "Where the page before ended: its `next_cursor`.", _words)
