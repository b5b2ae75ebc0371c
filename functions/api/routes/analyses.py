"""Asking for recordings to be listened to: which, in which file, now or later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.trust import source_family
from shared.domain.uploads import upload_id
from shared.events.pipeline import AnalysisRequested
from shared.ports.analyses import QueuedAnalysis
from shared.ports.catalog import CatalogTransaction

from ..operations import Call, answered

_K = Kind.RECORDING


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be listened to.

    Attributes:
        ids: Of recordings: the newest of the files of each.
        uris: Addresses of uploaded objects.
        is_forced: Also where the same bytes were heard before.
        may_wait: When there is time, instead of now.
    """

    ids: tuple[UUID, ...] = ()
    uris: tuple[str, ...] = ()
    is_forced: bool = False
    may_wait: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of a recording; none of both where there is a reason."""

    asked: str
    recording_id: UUID | None = None
    file: SourceRecord | None = None
    reason: str = ""


def analyses_wanted(call: Call, wanted: Wanted) -> Response:
    """Ask for what is *wanted*, under new event ids, and answer what was accepted."""
    accepted: list[str] = []
    skipped: list[dict[str, str]] = []
    with call.services.catalog.transaction(call.tenant_id) as tx:
        for found in _found(call, tx, wanted):
            if found.recording_id is None or found.file is None:
                skipped.append({"id": found.asked, "reason": found.reason})
                continue
            _ask(call, tx, wanted, found.recording_id, found.file)
            accepted.append(str(found.recording_id))
    call.services.relay(call.tenant_id)
    waiting = len(accepted) if wanted.may_wait else 0
    return answered({"accepted": accepted, "skipped": skipped, "waiting": waiting}, 202)


def _found(call: Call, tx: CatalogTransaction, wanted: Wanted) -> Iterator[_Found]:
    for recording_id in dict.fromkeys(wanted.ids):
        yield _of_recording(call, tx, recording_id)
    for uri in dict.fromkeys(wanted.uris):
        yield _of_file(call, tx, uri)


def _of_recording(call: Call, tx: CatalogTransaction, recording_id: UUID) -> _Found:
    asked = str(recording_id)
    entity = tx.entity(_K, recording_id)
    if entity is None or entity.deleted_at:
        return _Found(asked, reason="no such track")
    file = _newest_file(call, tx.records(_K, recording_id))
    if file is None:
        return _Found(asked, reason="it has no file")
    return _Found(asked, recording_id, file)


def _of_file(call: Call, tx: CatalogTransaction, uri: str) -> _Found:
    mine = f"{call.services.uploads.base_uri}/{call.tenant_id}/"
    if not uri.startswith(mine):
        return _Found(uri, reason="it is not an uploaded object of yours")
    said = [*tx.staged("tags", uri), *tx.staged("file", uri)]
    file = next((record for record in said if record.kind is _K), None)
    if file is None:
        is_sound = any(Claim("type", "SoundRecording") in r.claims for r in said)
        reason = "it is of no track" if is_sound or not said else "it is no sound"
        return _Found(uri, reason=reason)
    recording_id = next(
        (found for key in file.keys if (found := tx.find(_K, key))), None
    )
    return _Found(uri, recording_id, file, "it is of no track")


def _newest_file(call: Call, records: Sequence[SourceRecord]) -> SourceRecord | None:
    ours = [r for r in records if r.origin.startswith(call.services.uploads.base_uri)]
    by_reader = [r for r in ours if source_family(r.source) in ("file", "tags")]
    return max(by_reader, key=lambda r: r.received_at, default=None)


def _ask(
    call: Call,
    tx: CatalogTransaction,
    wanted: Wanted,
    recording_id: UUID,
    file: SourceRecord,
) -> None:
    if wanted.may_wait:
        tx.queue_analysis(
            QueuedAnalysis(
                recording_id=recording_id,
                uri=file.origin,
                generation=file.origin_version,
                keys=file.keys,
                queued_at=call.now(),
                is_forced=wanted.is_forced,
            )
        )
        return
    tx.announce(
        AnalysisRequested(
            event_id=call.services.ids.new(),
            tenant_id=call.tenant_id,
            occurred_at=call.now(),
            recording_id=recording_id,
            upload_id=upload_id(file.origin),
            uri=file.origin,
            generation=file.origin_version,
            keys=file.keys,
            is_forced=wanted.is_forced,
        )
    )
