"""Tracks: the recordings of the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from shared.domain.claims import Kind, SourceRecord
from shared.domain.trust import source_family
from shared.domain.uploads import upload_id
from shared.events.pipeline import RecordingExtracted

from ..access import Role
from ..operations import Call, Operation, Said, answered
from ..parameters import decimal, identifier, instant, of_field, whole, words
from ..problems import InvalidBodyError
from ..schemas.requests import AnalyzeRequest
from .entries import Shelf
from .entry_operations import operations

_K = Kind.RECORDING

FILTER_PARAMETERS = (
    words("q", "All these words, in title, artists, ISRC or label.", "miles so what"),
    words("title", "Titles that contain this, whatever the case.", "so what"),
    words("artist", "Artists, as credited, that contain this.", "miles davis"),
    identifier("artist_id", "Recordings that this artist is credited on."),
    of_field(_K, "isrc", "USSM15900113"),
    of_field(_K, "iswc", "T0345246801"),
    identifier("release_id", "Recordings that are on this release."),
    words("label", "Labels that contain this.", "columbia"),
    words("genre", "One of the genres is this, whatever the case.", "jazz"),
    of_field(_K, "language", "en"),
    whole("year_min", "Released in this year or later.", 1860, 9999, 1959),
    whole("year_max", "Released in this year or before.", 1860, 9999, 1969),
    decimal("bpm_min", "At least this tempo.", 20, 400, 120),
    decimal("bpm_max", "At most this tempo.", 20, 400, 140),
    of_field(_K, "key", "D minor"),
    of_field(_K, "camelot", "7A"),
    decimal("quality_min", "At least this quality.", 0, 1, 0.5),
    decimal("quality_max", "At most this quality.", 0, 1, 0.9),
    instant("updated_since", "Changed at this time or later."),
)

SHELF = Shelf(
    _K,
    "/api/tracks",
    "track",
    FILTER_PARAMETERS,
    ("provenance", "releases", "resources", "deals"),
)


def analyze(call: Call) -> Response:
    """Ask for recordings to be listened to again, under new event ids."""
    wanted: AnalyzeRequest = call.body
    accepted: list[str] = []
    skipped: list[dict[str, str]] = []
    with call.services.catalog.transaction(call.tenant_id) as tx:
        for recording_id in dict.fromkeys(wanted.ids):
            entity = tx.entity(_K, recording_id)
            file = _newest_file(call, tx.records(_K, recording_id))
            if entity is None or entity.deleted_at:
                skipped.append({"id": str(recording_id), "reason": "no such track"})
            elif file is None:
                skipped.append({"id": str(recording_id), "reason": "it has no file"})
            else:
                tx.announce(_extracted_again(call, recording_id, file))
                accepted.append(str(recording_id))
    call.services.relay(call.tenant_id)
    return answered({"accepted": accepted, "skipped": skipped}, 202)


def _newest_file(call: Call, records: Sequence[SourceRecord]) -> SourceRecord | None:
    ours = [r for r in records if r.origin.startswith(call.services.uploads.base_uri)]
    by_reader = [r for r in ours if source_family(r.source) in ("file", "tags")]
    return max(by_reader, key=lambda r: r.received_at, default=None)


def _extracted_again(
    call: Call, recording_id: UUID, file: SourceRecord
) -> RecordingExtracted:
    return RecordingExtracted(
        event_id=call.services.ids.new(),
        tenant_id=call.tenant_id,
        occurred_at=call.now(),
        recording_id=recording_id,
        upload_id=upload_id(file.origin),
        uri=file.origin,
        generation=file.origin_version,
        keys=file.keys,
    )


OPERATIONS = (
    *operations(SHELF, prefix="tracks"),
    Operation(
        id="tracks.analyze",
        method="POST",
        path="/api/tracks/analyze",
        handler=analyze,
        tag="tracks",
        summary="Listen to tracks again",
        description="Tempo, key, loudness and energy are measured anew from the file. "
        "What people locked stays.",
        role=Role.EDITOR,
        body=AnalyzeRequest,
        body_example={"ids": ["0199e0d2-4c00-7000-8000-000000000001"]},
        answers={202: Said("What will be listened to.", "AnalyzeAnswer")},
        errors=(InvalidBodyError,),
    ),
)
