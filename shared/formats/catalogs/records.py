"""Records whose values have names: read as rows of a table with those headings."""

from __future__ import annotations

from typing import Final

from shared.domain.claims import JsonValue
from shared.formats.entries import SourceEntry
from shared.formats.statements import FileFinding
from shared.formats.tables.columns import CARRIED
from shared.formats.tables.headings import column
from shared.formats.tables.layout import Layout, Subject, subject_of
from shared.formats.tables.mapping import TableMapping
from shared.formats.tables.plan import Plan, track_claims
from shared.formats.tables.works import work_entry

_MOST_PLANS: Final = 256
_FIX: Final = "Give a title or an ISRC in this record."

Values = dict[str, str]


class NamedRecords:
    """Reads records, and remembers the plan of those that have the same names."""

    def __init__(self, mapping: TableMapping | None) -> None:
        self._mapping = mapping
        self._plans: dict[tuple[str, ...], tuple[Layout, Plan]] = {}

    def knows(self, values: Values) -> bool:
        """Say whether a record has a value whose name means something here."""
        layout, _ = self._plan(tuple(values))
        return any(found and found.name != CARRIED for found in layout.columns)

    def entry(self, line: int, values: Values, error: str = "") -> SourceEntry:
        """Return what a record says."""
        raw: dict[str, JsonValue] = {"line": line, **values}
        if error:
            finding = FileFinding("unreadable-row", "", error, "", line)
            return SourceEntry(line, findings=(finding,), raw=raw)
        layout, plan = self._plan(tuple(values))
        cells = tuple(values.values())
        if layout.subject is Subject.WORKS:
            found = work_entry(layout, line, cells)
            return SourceEntry(line, (), found.things, found.findings, raw)
        said = plan.claims(line, cells)
        claims = track_claims(said)
        if not claims:
            message = "the record says nothing of a recording"
            said.doubt("no-recording", "", message, "", _FIX)
        return SourceEntry(line, claims, (), tuple(said.findings), raw)

    def _plan(self, names: tuple[str, ...]) -> tuple[Layout, Plan]:
        known = self._plans.get(names)
        if known is None:
            known = self._made(names)
            if len(self._plans) < _MOST_PLANS:
                self._plans[names] = known
        return known

    def _made(self, names: tuple[str, ...]) -> tuple[Layout, Plan]:
        mapping = self._mapping or TableMapping("")
        columns = tuple(mapping.column(name) or column(name) for name in names)
        subject = subject_of(columns)
        if subject is not Subject.WORKS:
            subject = Subject.TRACKS
        order = {"DMY": True, "MDY": False}.get(mapping.date_order)
        layout = Layout(names, columns, 0, 0, subject, day_first=order)
        plan = Plan(layout, decimal=mapping.decimal, constants=mapping.constants)
        return layout, plan
