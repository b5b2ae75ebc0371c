"""What would become of a table, before it is taken in: for people to look at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from shared.domain.claims import JsonValue
from shared.formats.entries import SourceEntry
from shared.formats.tables import reading
from shared.formats.tables.mapping import TableMapping, fingerprint


@dataclass(frozen=True, slots=True)
class Preview:
    """How a table would be read, and what its first rows would say.

    Attributes:
        columns: Heading → our column as text; empty where nobody knows.
        fingerprint: By which a saved mapping of such tables is found.
        template: The name of the template it is, or empty.
    """

    columns: dict[str, str]
    fingerprint: str
    template: str
    subject: str
    header_line: int
    first_line: int
    date_order: str
    encoding: str
    delimiter: str
    sheet: str
    entries: tuple[SourceEntry, ...]

    @property
    def unknown(self) -> list[str]:
        """The headings that would be kept without being understood."""
        return [heading for heading, column in self.columns.items() if not column]

    def to_json(self) -> dict[str, JsonValue]:
        """Return the preview as people are shown it."""
        return {
            "columns": dict(self.columns),
            "unknown": list(self.unknown),
            "fingerprint": self.fingerprint,
            "template": self.template,
            "subject": self.subject,
            "header_line": self.header_line,
            "first_line": self.first_line,
            "date_order": self.date_order,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "rows": [_shown(entry) for entry in self.entries],
        }


def preview(
    path: Path, mapping: TableMapping | None = None, *, rows: int = 20
) -> list[Preview]:
    """Return how the tables at *path* would be read: one, or one per sheet.

    Raises:
        UnreadableFileError: There is no table in it.
    """
    return [_preview(head, mapping, rows) for head in reading.heads(path, mapping)]


def _preview(
    head: reading.TableHead, mapping: TableMapping | None, rows: int
) -> Preview:
    layout = head.layout
    columns = {
        heading: str(column) if column else ""
        for heading, column in zip(layout.headings, layout.columns, strict=True)
        if heading
    }
    orders = {True: "DMY", False: "MDY", None: ""}
    return Preview(
        columns=columns,
        fingerprint=fingerprint(layout.headings),
        template=layout.template.name if layout.template else "",
        subject=str(layout.subject),
        header_line=layout.header_line,
        first_line=layout.first_line,
        date_order=orders[layout.day_first],
        encoding=head.encoding,
        delimiter=head.delimiter,
        sheet=head.sheet,
        entries=tuple(islice(reading.entries_of(head, mapping), rows)),
    )


def _shown(entry: SourceEntry) -> dict[str, JsonValue]:
    claims = [*entry.track, *(c for thing in entry.things for c in thing.claims)]
    said: dict[str, JsonValue] = {f"{c.kind}.{c.field}": c.value for c in claims}
    wrong: list[JsonValue] = [
        {"code": f.code, "field": f.field, "message": f.message, "value": f.value}
        for f in entry.findings
    ]
    return {"line": entry.line, "says": said, "findings": wrong}
