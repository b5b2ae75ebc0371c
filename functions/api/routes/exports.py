"""Exports: files that are written on request."""

from __future__ import annotations

from datetime import timedelta

from starlette.datastructures import QueryParams
from starlette.responses import Response

from shared.domain.claims import JsonValue, Kind
from shared.domain.decisions import (
    EXPORT_PROVENANCE,
    Export,
    ExportFormat,
    ExportStatus,
)
from shared.domain.errors import NotFoundError
from shared.domain.fields import FIELDS
from shared.events.pipeline import ExportRequested

from ..bodies import pointer
from ..editing import once
from ..operations import Call, Operation, Said, answered
from ..parameters import CURSOR, LIMIT, parsed_query
from ..problems import BadRequestError, Fault, InvalidBodyError
from ..schemas.requests import ExportRequest
from . import releases, tracks
from .pages import paged

_LINK_VALID_FOR = timedelta(minutes=15)
_FILTERS = {
    Kind.RECORDING: tracks.FILTER_PARAMETERS,
    Kind.RELEASE: releases.FILTER_PARAMETERS,
}


def create(call: Call) -> Response:
    """Note what is wanted, and ask for it to be written."""
    wanted: ExportRequest = call.body
    request = once(call, "export")
    kind = Kind(wanted.kind)
    _require_fields(kind, wanted.fields)
    export = Export(
        id=request.id,
        tenant_id=call.tenant_id,
        kind=kind,
        format=ExportFormat(wanted.format),
        status=ExportStatus.REQUESTED,
        requested_at=call.now(),
        requested_by=call.caller.source,
        filters=_checked(kind, wanted.filters),
        fields=tuple(wanted.fields),
        options=wanted.delivery.model_dump(mode="json") if wanted.delivery else {},
    )
    with call.services.catalog.transaction(call.tenant_id) as tx:
        known = tx.export(export.id)
        if known is None:
            tx.save_export(export)
            tx.announce(
                ExportRequested(
                    event_id=export.id,
                    tenant_id=call.tenant_id,
                    occurred_at=export.requested_at,
                    export_id=export.id,
                )
            )
    call.services.relay(call.tenant_id)
    location = f"/api/exports/{export.id}"
    return answered(shown(call, known or export), 202, {"location": location})


def _require_fields(kind: Kind, names: list[str]) -> None:
    faults = [
        Fault(pointer("fields", place), f"no field {name}")
        for place, name in enumerate(names)
        if name not in FIELDS[kind] and name != EXPORT_PROVENANCE
    ]
    if faults:
        raise InvalidBodyError("there are no such fields", faults)


def _checked(kind: Kind, filters: dict[str, str]) -> dict[str, str]:
    try:
        found = parsed_query(_FILTERS[kind], QueryParams(filters))
    except BadRequestError as exc:
        place = pointer("filters", str(exc.facts.get("parameter", "")))
        raise InvalidBodyError(
            "a filter is wrong", [Fault(place, exc.message)], **exc.facts
        ) from exc
    return {name: str(value) for name, value in found.items()}


def get(call: Call) -> Response:
    with call.services.catalog.transaction(call.tenant_id) as tx:
        export = tx.export(call.id)
    if export is None:
        raise NotFoundError("no such export", id=call.id)
    return answered(shown(call, export))


def shown(call: Call, export: Export) -> dict[str, JsonValue]:
    """Return *export* with a link to its file, once that is there."""
    if export.status is not ExportStatus.DONE or not export.object_name:
        return export.to_json()
    filename = f"{export.kind}s-{export.id}.{export.format}"
    url = call.services.exports.signed_download(
        export.object_name, valid_for=_LINK_VALID_FOR, filename=filename
    )
    expires_at = call.now() + _LINK_VALID_FOR
    link: dict[str, JsonValue] = {
        "download_url": url,
        "download_expires_at": expires_at.isoformat(),
    }
    return {**export.to_json(), **link, "files": _files(call, export)}


def _files(call: Call, export: Export) -> JsonValue:
    """Return the files of a delivery, each with a link to it."""
    listed = export.result.get("files")
    return [
        {
            **file,
            "download_url": call.services.exports.signed_download(
                f"{export.tenant_id}/{export.id}/{file['name']}",
                valid_for=_LINK_VALID_FOR,
                filename=str(file["name"]).rpartition("/")[2],
            ),
        }
        for file in (listed if isinstance(listed, list) else [])
        if isinstance(file, dict)
    ]


def list_exports(call: Call) -> Response:
    queries = call.services.queries
    return paged(
        call, [], lambda limit, after: queries.exports(call.tenant_id, limit, after)
    )


OPERATIONS = (
    Operation(
        id="exports.create",
        method="POST",
        path="/api/exports",
        handler=create,
        tag="exports",
        summary="Ask for a file",
        description="Recordings or releases, by the filters of their lists.",
        body=ExportRequest,
        body_example={
            "kind": "recording",
            "format": "csv",
            "filters": {"label": "Columbia"},
            "fields": ["title", "isrc"],
        },
        headers=("Idempotency-Key",),
        answers={202: Said("It will be written.", "ExportAnswer", ("Location",))},
        errors=(InvalidBodyError,),
    ),
    Operation(
        id="exports.list",
        method="GET",
        path="/api/exports",
        handler=list_exports,
        tag="exports",
        summary="List exports",
        description="The newest first; ask for one to get its link.",
        parameters=(LIMIT, CURSOR),
        answers={200: Said("A page.", "ExportPage", ("Link",))},
    ),
    Operation(
        id="exports.get",
        method="GET",
        path="/api/exports/{id}",
        handler=get,
        tag="exports",
        summary="Get one export",
        description="With a link to the file once it is done; the link lasts 15 "
        "minutes, ask again for another.",
        answers={200: Said("The export.", "ExportAnswer")},
        errors=(NotFoundError,),
    ),
)
