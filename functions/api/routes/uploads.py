"""Uploads: where to send a file, and how far it has come."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from pathlib import PurePosixPath

from starlette.responses import Response

from shared.domain.errors import NotFoundError
from shared.domain.uploads import Stage, Upload, upload_id
from shared.ports.object_store import SignedUpload

from ..access import Role
from ..bodies import pointer
from ..editing import once
from ..operations import Call, Operation, Said, answered, raw
from ..parameters import CURSOR, LIMIT, choice
from ..problems import Fault, InvalidBodyError
from ..schemas.requests import UploadRequest
from .pages import filters_of, paged

_VALID_FOR = timedelta(minutes=30)
_SESSION_VALID_FOR = timedelta(hours=12)
_MAX_NAME = 150
_UNSAFE = re.compile(r"[^\w.\- ()\[\]&+,']+")


def create(call: Call) -> Response:
    """Expect a file, and tell where and how to send it."""
    wanted: UploadRequest = call.body
    limit = call.services.max_upload_bytes
    if (wanted.size_bytes or 0) > limit:
        fault = Fault(pointer("size_bytes"), f"more than {limit} bytes")
        raise InvalidBodyError("the file is too large", [fault], max_bytes=limit)
    request = once(call, "upload")
    store = call.services.uploads
    name = f"{call.tenant_id}/{request.id}/{safe_filename(wanted.filename)}"
    upload = _expected(call, f"{store.base_uri}/{name}", wanted)
    target = store.signed_upload(
        name,
        valid_for=_SESSION_VALID_FOR if wanted.resumable else _VALID_FOR,
        content_type=wanted.content_type,
        resumable=wanted.resumable,
        max_bytes=wanted.size_bytes or limit,
    )
    return answered(
        {"upload": upload.to_json(), "target": _told(target, wanted.resumable)},
        201,
        {"location": f"/api/uploads/{upload.id}"},
    )


def _expected(call: Call, uri: str, wanted: UploadRequest) -> Upload:
    now = call.now()
    found = upload_id(uri)
    with call.services.catalog.transaction(call.tenant_id) as tx:
        known = tx.upload(found)
        if known is not None:
            return known
        upload = Upload(
            id=found,
            tenant_id=call.tenant_id,
            uri=uri,
            generation=0,
            created_at=now,
            updated_at=now,
            size_bytes=wanted.size_bytes,
            content_type=wanted.content_type,
        )
        saved = tx.save_upload(upload.reached(now, Stage.EXPECTED))
    call.services.relay(call.tenant_id)
    return saved


def _told(target: SignedUpload, resumable: bool) -> dict[str, object]:
    return {
        "url": target.url,
        "method": target.method,
        "headers": dict(target.headers),
        "expires_at": target.expires_at.isoformat(),
        "resumable": resumable,
    }


def safe_filename(name: str) -> str:
    """Return *name* as the last segment of an object's name.

    Letters of any script stay; folders, control characters and what shells or URLs
    take for something else do not.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    cleaned = _UNSAFE.sub("_", last).strip(" .")
    path = PurePosixPath(cleaned or "file")
    suffix = path.suffix[:16]
    return path.name.removesuffix(path.suffix)[: _MAX_NAME - len(suffix)] + suffix


def get(call: Call) -> Response:
    found = call.services.queries.upload(call.tenant_id, call.id)
    if found is None:
        raise NotFoundError("no such upload", id=call.id)
    return raw(found)


def list_uploads(call: Call) -> Response:
    stage = filters_of(call, ("stage",)).get("stage", "")
    queries = call.services.queries
    return paged(
        call,
        [stage],
        lambda limit, after: queries.uploads(call.tenant_id, stage, limit, after),
    )


OPERATIONS = (
    Operation(
        id="uploads.create",
        method="POST",
        path="/api/uploads",
        handler=create,
        tag="uploads",
        summary="Announce a file, and learn where to send it",
        description="Send the file to `target.url` by `target.method` with exactly "
        "`target.headers`. A resumable session begins with a POST, whose answer names "
        "in `Location` where the parts go. Then follow the upload's stages.",
        role=Role.EDITOR,
        body=UploadRequest,
        body_example={"filename": "01 So What.flac", "content_type": "audio/flac"},
        headers=("Idempotency-Key",),
        answers={201: Said("It is expected.", "UploadCreated", ("Location",))},
        errors=(InvalidBodyError,),
    ),
    Operation(
        id="uploads.list",
        method="GET",
        path="/api/uploads",
        handler=list_uploads,
        tag="uploads",
        summary="List uploads",
        description="The newest first.",
        parameters=(
            choice("stage", "Only those at this stage.", [str(s) for s in Stage]),
            LIMIT,
            CURSOR,
        ),
        answers={200: Said("A page.", "UploadPage", ("Link",))},
    ),
    Operation(
        id="uploads.get",
        method="GET",
        path="/api/uploads/{id}",
        handler=get,
        tag="uploads",
        summary="Get one upload",
        description="Its stages, what it speaks of, what was odd about it, and why it "
        "was rejected if it was.",
        answers={200: Said("The upload.", "UploadAnswer")},
        errors=(NotFoundError,),
    ),
)
