"""How a tenant's tables are to be read: a value that can be saved and used again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.domain.claims import JsonValue, canonical_json
from shared.domain.errors import InvalidInputError
from shared.formats.tables.columns import CARRIED, Column

_ORDERS: Final = frozenset({"", "DMY", "MDY", "YMD"})
_SETTINGS: Final = ("delimiter", "encoding", "date_order", "decimal", "sheet")


@dataclass(frozen=True, slots=True)
class TableMapping:
    """What a tenant says about tables that look alike.

    Attributes:
        name: What people call it.
        columns: Heading → our column as text (`track:title`), or `carried` to leave
            a column alone. Headings that are not named are recognised as usual.
        constants: Our column → a value for every row that has none.
        header_line: Where the headings stand, from 1; 0 to look for them.
        first_line: Where the data begin, from 1; 0 for after the headings.
        headings: What the columns are called where the file has no headings.
        delimiter, encoding, sheet: Empty to find out.
        date_order: `DMY`, `MDY` or `YMD`; empty to find out.
        decimal: The mark of decimals, `.` or `,`; empty for either.
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    header_line: int = 0
    first_line: int = 0
    headings: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = ""
    date_order: str = ""
    decimal: str = ""
    sheet: str = ""

    def __post_init__(self) -> None:
        for text in (*self.columns.values(), *self.constants):
            Column.parse(text)
        if self.date_order not in _ORDERS or self.decimal not in {"", ".", ","}:
            raise InvalidInputError(
                "no such order of dates or mark of decimals",
                date_order=self.date_order,
                decimal=self.decimal,
            )
        if self.header_line < 0 or self.first_line < 0:
            raise InvalidInputError("lines are counted from 1", mapping=self.name)

    def column(self, heading: str) -> Column | None:
        """Return what is said of *heading*, or None where nothing is."""
        text = self.columns.get(heading)
        return Column.parse(text) if text else None

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "name": self.name,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "header_line": self.header_line,
            "first_line": self.first_line,
            "headings": list(self.headings),
            **{name: getattr(self, name) for name in _SETTINGS},
        }

    @classmethod
    def from_json(cls, told: Mapping[str, JsonValue]) -> TableMapping:
        """Return the mapping that `to_json` wrote.

        Raises:
            InvalidInputError: It has no name, or names what does not exist.
        """
        name = told.get("name")
        if not isinstance(name, str) or not name:
            raise InvalidInputError("a mapping needs a name")
        headings = told.get("headings")
        return cls(
            name=name,
            columns=_texts(told.get("columns")),
            constants=_texts(told.get("constants")),
            header_line=_count(told.get("header_line")),
            first_line=_count(told.get("first_line")),
            headings=tuple(map(str, headings if isinstance(headings, list) else [])),
            **{key: str(told.get(key) or "") for key in _SETTINGS},
        )


def fingerprint(headings: tuple[str, ...]) -> str:
    """Return by what tables with the same headings are known: 32 digits.

    A saved mapping is found by it; order, case and spaces make no difference.
    """
    names = sorted({" ".join(name.casefold().split()) for name in headings if name})
    return hashlib.sha256(canonical_json(names).encode()).hexdigest()[:32]


def carried() -> str:
    """Return what a mapping says of a column that is to be left alone."""
    return CARRIED


def _texts(value: JsonValue) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidInputError("expected names and columns", value=value)
    return {name: str(text) for name, text in value.items()}


def _count(value: JsonValue) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInputError("expected the number of a line", value=value)
    return value
