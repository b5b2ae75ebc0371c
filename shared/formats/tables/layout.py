"""Where in a table its headings stand, where its data begin, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.domain.errors import UnreadableFileError
from shared.formats.tables.columns import CARRIED, WORK, Column
from shared.formats.tables.delimited import Record
from shared.formats.tables.headings import column
from shared.formats.tables.mapping import TableMapping
from shared.formats.tables.societies import SOCIETY_COLUMNS, is_list_of_societies
from shared.formats.tables.templates import Template, template_of

# Some exports put their name, date and address above the table.
ROWS_LOOKED_AT: Final = 300
_ROWS_ABOVE_HEADER: Final = 30
_ROWS_OF_ADVICE: Final = 12
_ADVICE: Final = re.compile(
    r"\b(?:required|optional|mandatory|recommended|e\.?g\.|example|formats?|max(?:imum)?"
    r"|characters|must|please|yyyy|comma|separated|leave blank|drop-?down|do not)\b"
    r"|(?:dd|mm)[/.-](?:mm|dd)|yes ?/ ?no|\by/n\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d{2})\b")
_DATES: Final = frozenset({"release_date", "original_date", "recorded_on"})
_OF_RECORDINGS_TEXT = """
isrc artist track_number duration duration_ms duration_s gtin medium_number
bpm key catalog_number grid label release_date p_line explicit
"""
_OF_RECORDINGS: Final = frozenset(_OF_RECORDINGS_TEXT.split())
_OF_WORKS_TEXT = """
iswc work_id writer publisher society territories alternate_title
"""
_OF_WORKS: Final = frozenset(_OF_WORKS_TEXT.split())
_OF_WORKS_ALONE: Final = frozenset({"writer", "work_id", "recording_of_work"})


class Subject(StrEnum):
    """What the rows of a table are about."""

    TRACKS = "tracks"
    WORKS = "works"
    CONTRIBUTORS = "contributors"
    SOCIETIES = "societies"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read.

    Attributes:
        columns: As many as headings; None where nobody knows what is meant.
        header_line: Where the headings stand; 0 where there are none.
        first_line: No record that begins before it is data.
        day_first: Whether dates put the day before the month; None if unknown.
    """

    headings: tuple[str, ...]
    columns: tuple[Column | None, ...]
    header_line: int
    first_line: int
    subject: Subject
    template: Template | None = None
    day_first: bool | None = None

    @property
    def unknown(self) -> list[str]:
        """The headings that nobody knows here."""
        pairs = zip(self.headings, self.columns, strict=True)
        return [heading for heading, found in pairs if heading and found is None]


def lay_out(first: Sequence[Record], mapping: TableMapping | None) -> Layout:
    """Return how to read the table that begins with the records *first*.

    Raises:
        UnreadableFileError: Nothing in it says what its columns are.
    """
    chosen = mapping or TableMapping("")
    at = _header(first, chosen)
    if at is None and not chosen.headings and is_list_of_societies(first):
        return _of_societies(first)
    if at is None and not chosen.headings:
        raise UnreadableFileError(
            "the table has no header with known columns",
            fix="Name the columns in the first row: title, artist, isrc …; "
            "or send a mapping.",
            first_row=list(first[0].cells[:20]) if first else [],
        )
    headings = chosen.headings if at is None else first[at].cells
    columns = tuple(chosen.column(name) or column(name) for name in headings)
    template = template_of(headings)
    data = first[0 if at is None else at + 1 :]
    begins = chosen.first_line or _first_line(data)
    return Layout(
        headings=headings,
        columns=columns,
        header_line=0 if at is None else first[at].line,
        first_line=begins,
        subject=subject_of(columns),
        template=template,
        day_first=_day_first(chosen, template, columns, data),
    )


def subject_of(columns: Iterable[Column | None]) -> Subject:
    """Return what rows with these columns are about."""
    found = [c for c in columns if c is not None and c.name != CARRIED]
    names, scopes = {c.name for c in found}, {c.scope for c in found}
    if "on_tracks" in names:
        return Subject.CONTRIBUTORS
    if "isrc" not in names and (names & _OF_WORKS_ALONE or WORK in scopes):
        return Subject.WORKS
    if names & _OF_RECORDINGS:
        return Subject.TRACKS
    if names & _OF_WORKS:
        return Subject.WORKS
    return Subject.TRACKS


def _of_societies(first: Sequence[Record]) -> Layout:
    return Layout(
        headings=tuple(column.name for column in SOCIETY_COLUMNS),
        columns=SOCIETY_COLUMNS,
        header_line=0,
        first_line=first[0].line,
        subject=Subject.SOCIETIES,
    )


def _header(first: Sequence[Record], mapping: TableMapping) -> int | None:
    """Return which record has the headings: the one that names most columns."""
    if mapping.header_line:
        lines = [record.line for record in first]
        if mapping.header_line in lines:
            return lines.index(mapping.header_line)
        raise UnreadableFileError(
            "there is no header where the mapping says", line=mapping.header_line
        )
    if mapping.headings:
        return None
    best, most = None, 0
    for place, record in enumerate(first[:_ROWS_ABOVE_HEADER]):
        named = [cell for cell in record.cells if cell]
        found = [mapping.column(cell) or column(cell) for cell in named]
        known = sum(c is not None for c in found)
        # Words such as "status" and "price" stand above tables of anything.
        has_meaning = any(c is not None and c.name != CARRIED for c in found)
        if known > most and has_meaning and (known >= 2 or len(named) == 1):
            best, most = place, known
    return best


def _first_line(data: Sequence[Record]) -> int:
    """Return the line of the first record that is no advice on how to fill it in."""
    for record in data[:_ROWS_OF_ADVICE]:
        told = [cell for cell in record.cells if cell]
        if record.error:
            return record.line
        advice = sum(_ADVICE.search(cell) is not None for cell in told)
        if told and not (advice >= 2 and advice * 3 >= len(told)):
            return record.line
    return data[0].line if data else 0


def _day_first(
    mapping: TableMapping,
    template: Template | None,
    columns: Sequence[Column | None],
    data: Sequence[Record],
) -> bool | None:
    """Return the order of dates: as told, as the dates show, as the template has it."""
    if mapping.date_order:
        return {"DMY": True, "MDY": False}.get(mapping.date_order)
    places = [n for n, c in enumerate(columns) if c is not None and c.name in _DATES]
    shown = {
        int(found[1]) > 12
        for record in data
        for place in places
        if place < len(record.cells)
        and (found := _DATE.match(record.cells[place]))
        and max(int(found[1]), int(found[3])) > 12
    }
    if len(shown) == 1:
        return shown.pop()
    if shown or template is None or not template.date_order:
        return None
    return template.date_order == "DMY"
