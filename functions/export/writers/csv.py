"""CSV as RFC 4180 has it, safe to open in a spreadsheet.

In UTF-8 with a byte order mark: without it, spreadsheets take another encoding. Cells
that a spreadsheet would run as a formula begin with an apostrophe (OWASP, CSV
Injection), and so do those that began with one already: to read a cell back, take
away one leading apostrophe.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from shared.domain.claims import JsonValue, Kind
from shared.domain.fields import FIELDS

from .interface import Stream, Writer

_BYTE_ORDER_MARK = "\ufeff"
# The last four are full-width forms, which some spreadsheets take for the others.
_RISKY = re.compile("['=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


class CsvWriter(Writer):
    """A line per row; credits take three columns, and lists are joined by `; `."""

    def __init__(self, stream: Stream, kind: Kind, columns: Sequence[str]) -> None:
        super().__init__(stream, kind, columns)
        fields = FIELDS[kind]
        self._credits = {
            name
            for name in columns
            if name in fields and fields[name].type == "credits"
        }
        self._csv = csv.writer(self, lineterminator="\r\n")

    def open(self) -> None:
        self.write(_BYTE_ORDER_MARK)
        self._csv.writerow(self._headings())

    def row(self, values: Mapping[str, JsonValue]) -> None:
        self._csv.writerow([guarded(cell) for cell in self._cells(values)])

    def close(self) -> None:
        """Write nothing: a line ends with its own end."""

    def _headings(self) -> Iterator[str]:
        for name in self._columns:
            yield name
            if name in self._credits:
                yield from (f"{name}__names", f"{name}__roles")

    def _cells(self, values: Mapping[str, JsonValue]) -> Iterator[str]:
        for name in self._columns:
            value = values[name]
            if name not in self._credits:
                yield _cell(value)
                continue
            parties = value if isinstance(value, list) else []
            credited = [party for party in parties if isinstance(party, dict)]
            yield as_credited(credited)
            yield joined(party.get("name") for party in credited)
            yield joined(party.get("role") for party in credited)


def guarded(cell: str) -> str:
    """Return *cell* so that no spreadsheet runs it; plain numbers as they are."""
    if _RISKY.match(cell) and not _PLAIN_NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def joined(items: Iterator[JsonValue]) -> str:
    r"""Return *items* with `; ` between; `\` and `;` within one as `\\` and `\;`."""
    texts = (_cell(item).replace("\\", "\\\\") for item in items)
    return "; ".join(text.replace(";", "\\;") for text in texts)


def as_credited(credited: Sequence[Mapping[str, JsonValue]]) -> str:
    """Return one line, with the words that join one name to the next."""
    line = ""
    for place, party in enumerate(credited, 1):
        line += _cell(party.get("credited_as") or party.get("name"))
        if place < len(credited):
            line += _cell(party.get("join", ", "))
    return line


def _cell(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return joined(iter(value))
    return str(value)
