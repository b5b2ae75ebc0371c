"""One row of a table, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by column name.

    Attributes:
        line: Where it starts in the file, from 1; in a JSON array its place there.
        values: What the cells hold, trimmed; empty ones are left out.
        error: Why it could not be read as a row; the others go on.
    """

    line: int
    values: dict[str, str] = field(default_factory=dict)
    error: str = ""
