"""One row of a table, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        line: Where it starts in the file, from 1; in a JSON array its place there.
        headings: The names of its columns.
        cells: What the cells hold, trimmed; as many as there are headings.
        error: Why it could not be read as a row; the others go on.
    """

    line: int
    headings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    error: str = ""

    @property
    def values(self) -> dict[str, str]:
        """What the row holds by heading; of two alike the first; no empty ones."""
        found: dict[str, str] = {}
        for name, cell in zip(self.headings, self.cells, strict=False):
            if name and cell:
                found.setdefault(name, cell)
        return found
