"""A table of tracks: one recording a row, as its rows say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from shared.domain.claims import JsonValue, SourceRecord
from shared.domain.errors import UnreadableFileError

from ..columns import claims
from ..copying import LocalCopy
from ..readings import Reading, as_findings
from ..row import Row
from ..rows import read_rows
from ..staging import Origin, Track, track_records
from ..statements import FileFinding
from .stored import stored_file

_ROWS_A_BATCH: Final = 20
_KEPT_FINDINGS: Final = 10_000


def read_table(copy: LocalCopy, origin: Origin) -> Reading:
    """Return what the rows in *copy* say; a row in error is a finding, no more.

    Raises:
        UnreadableFileError: No row says anything about a recording.
    """
    batches: list[list[SourceRecord]] = []
    findings: list[FileFinding] = []
    rows = read_rows(copy.path, copy.kind)
    while some := list(islice(rows, _ROWS_A_BATCH)):
        here = origin.part(len(batches))
        records = [record for row in some for record in _of(row, here, findings)]
        if records:
            batches.append(records)
    if not batches:
        raise UnreadableFileError(
            "no row says anything about a recording",
            fix="Name the columns in the first row: title, artist, isrc …",
            findings=[f.message for f in findings[:10]],
        )
    stored = stored_file(copy, origin.part(-1), "Table", copy.kind.mime_type)
    return Reading(batches=[*batches, [stored]], findings=as_findings(findings))


def _of(
    row: Row, origin: Origin, findings: list[FileFinding]
) -> Iterator[SourceRecord]:
    reading = claims(row)
    if len(findings) < _KEPT_FINDINGS:
        findings.extend(reading.findings)
    said = (*reading.recording, *reading.release, *reading.position)
    if reading.recording:
        raw: dict[str, JsonValue] = {"line": row.line, **row.values}
        track = Track(source="table", claims=said, raw=raw)
        yield from track_records(origin, track)
