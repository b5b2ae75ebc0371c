"""Tables and workbooks as entries: one raw record each, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.errors import UnreadableFileError
from shared.formats.entries import SourceEntry
from shared.formats.statements import FileFinding
from shared.formats.tables import delimited, workbook
from shared.formats.tables.contributors import Contributors
from shared.formats.tables.delimited import Record
from shared.formats.tables.layout import ROWS_LOOKED_AT, Layout, Subject, lay_out
from shared.formats.tables.mapping import TableMapping
from shared.formats.tables.plan import Plan, track_claims
from shared.formats.tables.societies import society_entry
from shared.formats.tables.works import work_entry

_WORKBOOK_MARK: Final = b"PK"
_NO_TRACK: Final = "Give a title or an ISRC in this row."


@dataclass(frozen=True, slots=True)
class TableHead:
    """The beginning of a table: how it is read, and its records.

    Attributes:
        sheet: Of a workbook, which sheet; empty for a text.
    """

    layout: Layout
    records: Iterator[Record]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


def read_table(
    path: Path, mapping: TableMapping | None = None
) -> Iterator[SourceEntry]:
    """Yield what the rows at *path* say, in their order.

    A sheet of contributors is read before the sheets of tracks that it speaks of.

    Raises:
        UnreadableFileError: There is no table in it; told with the first entry.
    """
    found = list(heads(path, mapping))
    people = Contributors()
    for head in found:
        if head.layout.subject is Subject.CONTRIBUTORS:
            yield from entries_of(head, mapping, people)
    for head in found:
        if head.layout.subject is not Subject.CONTRIBUTORS:
            yield from entries_of(head, mapping, people)


def heads(path: Path, mapping: TableMapping | None) -> Iterator[TableHead]:
    """Yield the tables at *path*: one, or one per sheet that is a table.

    Raises:
        UnreadableFileError: There is none.
    """
    with path.open("rb") as stream:
        is_workbook = stream.read(2) == _WORKBOOK_MARK
    if not is_workbook:
        yield text_head(path, mapping)
        return
    chosen = mapping.sheet if mapping else ""
    refused: list[UnreadableFileError] = []
    found = 0
    for sheet in [chosen] if chosen else workbook.sheets(path):
        try:
            head = _head(workbook.records(path, sheet), mapping)
        except UnreadableFileError as exc:
            refused.append(exc)
            continue
        found += 1
        yield TableHead(*head, sheet=sheet)
    if not found:
        if refused:
            raise refused[0]
        raise UnreadableFileError("the workbook has no sheet with cells")


def text_head(path: Path, mapping: TableMapping | None) -> TableHead:
    """Return how the delimited text at *path* is read.

    Raises:
        UnreadableFileError: There is no table in it.
    """
    encoding = delimited.text_encoding(path, mapping.encoding if mapping else "")
    told = mapping.delimiter if mapping else ""
    delimiter = told or delimited.delimiter_of(path, encoding)
    found = delimited.records(path, encoding=encoding, delimiter=delimiter)
    return TableHead(*_head(found, mapping), encoding=encoding, delimiter=delimiter)


def _head(
    records: Iterator[Record], mapping: TableMapping | None
) -> tuple[Layout, Iterator[Record]]:
    first = list(islice(records, ROWS_LOOKED_AT))
    return lay_out(first, mapping), chain(first, records)


def entries_of(
    head: TableHead,
    mapping: TableMapping | None,
    people: Contributors | None = None,
) -> Iterator[SourceEntry]:
    """Yield what the rows of one table say; *people* collects and gives credits."""
    known = Contributors() if people is None else people
    layout = head.layout
    plan = Plan(
        layout,
        decimal=mapping.decimal if mapping else "",
        constants=mapping.constants if mapping else None,
    )
    for record in head.records:
        if record.line < layout.first_line or record.line == layout.header_line:
            continue
        if record.error:
            yield _refused(record, head, record.error)
        elif any(record.cells):
            if any(record.cells[len(layout.headings) :]):
                yield _refused(record, head, "more cells than columns")
                continue
            yield _entry(record, head, plan, known)


def _entry(
    record: Record, head: TableHead, plan: Plan, people: Contributors
) -> SourceEntry:
    layout, line, cells = head.layout, record.line, record.cells
    raw = _raw(record, head)
    if layout.subject is Subject.TRACKS:
        said = plan.claims(line, cells)
        claims = track_claims(said)
        if not claims:
            said.doubt(
                "no-recording", "", "the row says nothing of a recording", "", _NO_TRACK
            )
        elif people:
            claims = people.added(claims)
        return SourceEntry(line, claims, (), tuple(said.findings), raw)
    if layout.subject is Subject.CONTRIBUTORS:
        found = people.read(layout, line, cells)
    elif layout.subject is Subject.WORKS:
        found = work_entry(layout, line, cells)
    else:
        found = society_entry(record)
    return SourceEntry(line, (), found.things, found.findings, raw)


def _raw(record: Record, head: TableHead) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {"line": record.line}
    if head.sheet:
        found["sheet"] = head.sheet
    for name, cell in zip(head.layout.headings, record.cells, strict=False):
        if name and cell:
            found.setdefault(name, cell)
    return found


def _refused(record: Record, head: TableHead, reason: str) -> SourceEntry:
    shown = head.delimiter.join(record.cells)[:200]
    fix = "Quote cells that hold the mark between columns."
    finding = FileFinding("unreadable-row", "", reason, shown, record.line, fix)
    return SourceEntry(record.line, findings=(finding,), raw=_raw(record, head))
