"""How far an upload has come, as people see it; and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from shared.domain.claims import JsonValue
from shared.domain.errors import PermanentError
from shared.domain.findings import Finding, Level
from shared.domain.uploads import Stage, Upload, upload_id
from shared.ports.catalog import CatalogTransaction

from .notification import ObjectFinalized

_EVENTS: Final = UUID("7c5ad2a6-5a39-5c0e-8a4a-1f4b8e2f7d55")
_ON_THE_WAY: Final = (Stage.RECEIVED, Stage.STAGED, Stage.EXTRACTED)
_FINAL: Final = {Stage.PUBLISHED, Stage.REJECTED, Stage.UNCHANGED}
# People look at the first of them; the catalog and the findings have them all.
_SHOWN_ENTITIES: Final = 200
_SHOWN_FINDINGS: Final = 200


def event_id(event: ObjectFinalized, *about: str) -> UUID:
    """Return the id of an event of this generation: the same on every delivery."""
    return uuid5(_EVENTS, "\x1f".join((event.uri, str(event.generation), *about)))


def is_over(upload: Upload | None, event: ObjectFinalized) -> bool:
    """Return whether this generation was dealt with already."""
    return (
        upload is not None
        and upload.generation == event.generation
        and not _FINAL.isdisjoint(upload.stages)
    )


def received(tx: CatalogTransaction, event: ObjectFinalized, at: datetime) -> None:
    """Show that a large file is being read."""
    _save(tx, event, at, (Stage.RECEIVED,))


def unchanged(tx: CatalogTransaction, event: ObjectFinalized, at: datetime) -> None:
    """Show that the same bytes came again: nothing is new."""
    _save(tx, event, at, (*_ON_THE_WAY, Stage.UNCHANGED))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an upload that was taken in.

    Attributes:
        counts: Of its records: read, in error, with findings; of findings.
        errors_uri: Where all that was wrong with them is written, as CSV.
    """

    file_kind: str
    entities: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    errors_uri: str = ""


def published(
    tx: CatalogTransaction, event: ObjectFinalized, at: datetime, outcome: Outcome
) -> bool:
    """Show what an upload added. The relay mirrors this after the entities.

    Returns whether this is the newest generation that was told of.
    """
    return _save(
        tx,
        event,
        at,
        (*_ON_THE_WAY, Stage.PUBLISHED),
        file_kind=outcome.file_kind,
        entities=tuple(sorted(set(outcome.entities))[:_SHOWN_ENTITIES]),
        findings=_shown(outcome.findings),
        counts=dict(outcome.counts),
        errors_uri=outcome.errors_uri,
        reason=None,
    )


def rejected(
    tx: CatalogTransaction, event: ObjectFinalized, at: datetime, error: PermanentError
) -> None:
    """Show why nothing of an upload entered the catalog."""
    reason: dict[str, JsonValue] = {
        "code": error.code,
        "message": error.message,
        "facts": {name: str(fact) for name, fact in error.facts.items()},
    }
    _save(tx, event, at, (Stage.RECEIVED, Stage.REJECTED), reason=reason)


def _save(
    tx: CatalogTransaction,
    event: ObjectFinalized,
    at: datetime,
    stages: Sequence[Stage],
    **news: object,
) -> bool:
    known = tx.upload(upload_id(event.uri))
    if known is not None and known.generation > event.generation:
        return False  # A newer generation overtook this one; people watch that.
    if known is None or known.generation < event.generation:
        known = Upload(
            id=upload_id(event.uri),
            tenant_id=tx.tenant_id,
            uri=event.uri,
            generation=event.generation,
            created_at=known.created_at if known else at,
            updated_at=at,
            version=known.version if known else 0,
            stages=_expected(known),
        )
    upload = replace(
        known,
        size_bytes=event.size_bytes,
        content_type=event.content_type,
        **news,  # type: ignore[arg-type]
    )
    tx.save_upload(upload.reached(at, *stages))
    return True


def _expected(known: Upload | None) -> dict[str, datetime]:
    stages = known.stages if known else {}
    return {name: at for name, at in stages.items() if name == Stage.EXPECTED}


def _shown(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    if len(findings) <= _SHOWN_FINDINGS:
        return tuple(findings)
    more = Finding(
        code="LN-FILE-MORE-FINDINGS",
        level=Level.WARNING,
        field="",
        message="the file has more findings than are listed here",
        fix="Put these right first, then upload the file again.",
        value=str(len(findings) - _SHOWN_FINDINGS),
    )
    return (*findings[:_SHOWN_FINDINGS], more)
