"""What was wrong with the records of a file: counted, the first shown, all written."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import IO, Final

from shared.domain.claims import canonical_json
from shared.formats.entries import SourceEntry
from shared.formats.statements import FileFinding

_KEPT: Final = 1_000
# A table of a million rows that are all wrong is wrong for one reason.
_WRITTEN: Final = 100_000
_IN_MEMORY_CHARACTERS: Final = 1024 * 1024
_CHUNK: Final = 64 * 1024
_COLUMNS: Final = ("line", "code", "field", "message", "value", "fix", "row")
_FIX: Final = "Correct the value in the file and upload it again, or edit it here."
# A cell that begins so is a formula to spreadsheets (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class RowErrors:
    """Gathers findings while a file is read.

    Attributes:
        first: The first findings, for people to look at.
        counts: Of records read, in error, with findings; of findings.
    """

    def __init__(self) -> None:
        self.first: list[FileFinding] = []
        self.counts: Counter[str] = Counter()
        self._file: IO[str] | None = None

    def note(self, entry: SourceEntry) -> None:
        """Count *entry*, and keep what was wrong with it."""
        self.counts["records"] += 1
        if entry.is_error and entry.findings:
            self.counts["records_in_error"] += 1
        elif entry.findings:
            self.counts["records_with_findings"] += 1
        row = canonical_json(dict(entry.raw)) if entry.is_error and entry.raw else ""
        for finding in entry.findings:
            self.add(finding, row)

    def add(self, finding: FileFinding, row: str = "") -> None:
        """Keep *finding*; *row* is the whole record where it is lost, as JSON."""
        self.counts["findings"] += 1
        if len(self.first) < _KEPT:
            self.first.append(finding)
        if self.counts["findings"] <= _WRITTEN:
            self._write(finding, row)

    def _write(self, finding: FileFinding, row: str) -> None:
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed when read
                _IN_MEMORY_CHARACTERS, "w+", encoding="utf-8", newline=""
            )
            self._file.write("\ufeff")
            csv.writer(self._file).writerow(_COLUMNS)
        told = (
            finding.line or "",
            finding.code,
            finding.field,
            finding.message,
            _plain(finding.value),
            finding.fix or _FIX,
            row,
        )
        csv.writer(self._file).writerow(told)

    def chunks(self) -> Iterator[bytes]:
        """Yield the CSV of all that was wrong; nothing where nothing was."""
        if self._file is None:
            return
        with self._file as file:
            file.seek(0, io.SEEK_SET)
            while text := file.read(_CHUNK):
                yield text.encode()
        self._file = None


def _plain(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
