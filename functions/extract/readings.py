"""From a local copy to what it adds to the catalog, by what kind of file it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.claims import SourceRecord
from shared.domain.errors import UnreadableFileError
from shared.domain.findings import Finding, Level
from shared.formats.statements import FileFinding

from .copying import LocalCopy
from .kinds import FileKind
from .row_errors import RowErrors
from .staging import Origin


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture to keep under *name* in the resources bucket, unless it is there."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a DDEX message says of itself."""

    message_id: str
    version: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file adds: records in batches, pictures, and what was odd about it.

    Attributes:
        batches: Read while they are asked for, where the file has many records.
        errors: Of such a file, what was wrong with its records; whole once all
            batches were taken.
    """

    batches: Iterable[Sequence[SourceRecord]]
    pictures: Sequence[StoredPicture] = ()
    findings: Sequence[Finding] = ()
    message: Message | None = None
    errors: RowErrors | None = None


_FIX: Final = {
    FileKind.EMPTY: "Upload the file again: it arrived without content.",
    FileKind.ARCHIVE: "Unpack the archive and upload the files in it.",
}
_OTHERWISE: Final = "Upload audio, DDEX ERN, a table, a feed, a playlist or a dump."


def refused(copy: LocalCopy) -> UnreadableFileError:
    """Return why a file of a kind that nothing here reads cannot be taken."""
    return UnreadableFileError(
        "no reader for this kind of file",
        kind=str(copy.kind),
        fix=_FIX.get(copy.kind, _OTHERWISE),
    )


def all_findings(reading: Reading) -> Sequence[Finding]:
    """Return what was odd about a file, and about the first of its records."""
    told = as_findings(reading.errors.first) if reading.errors else ()
    return (*reading.findings, *told)


def as_findings(found: Sequence[FileFinding]) -> tuple[Finding, ...]:
    """Return what a reader found odd, in the form the catalog keeps."""
    return tuple(
        Finding(
            code=f"LN-FILE-{finding.code.upper()}",
            level=Level.WARNING,
            field=finding.field,
            message=finding.message,
            fix=finding.fix
            or "Correct the value in the file and upload it again, or edit it here.",
            place="" if finding.line is None else f"line {finding.line}",
            value=finding.value or None,
        )
        for finding in found
    )


__all__ = [
    "LocalCopy",
    "Message",
    "Origin",
    "Reading",
    "StoredPicture",
    "all_findings",
    "as_findings",
    "refused",
]
