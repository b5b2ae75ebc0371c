"""Audio features: what was heard in a recording, its pictures, and hearing it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.responses import Response

from shared.domain.claims import JsonValue
from shared.domain.errors import NotFoundError
from shared.ports.audio_queries import HeardRecording, Picture

from ..access import Role
from ..operations import Call, Operation, Said, answered
from ..parameters import whole
from ..problems import GoneError, InvalidBodyError
from ..schemas.requests import FeaturesRequest
from .analyses import Wanted, analyses_wanted
from .entries import has_etag

PATH = "/api/audio-features"
BYTES = "application/octet-stream"

_KEPT = {"cache-control": "private, max-age=86400"}
_GUESSED = ("genre", "mood")
_NEAREST = 20
_BELIEVED = "audio-model@"


def get(call: Call) -> Response:
    found = call.services.queries.heard(call.tenant_id, call.id)
    if found is None:
        raise NotFoundError("no such track", id=call.id)
    if found.deleted_at:
        return _tombstone(found)
    if not found.files:
        raise NotFoundError("the track was not listened to yet", id=call.id)
    etag = _etag(found)
    headers = {"etag": f'"{etag}"'}
    if has_etag(call.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return answered(_told(call, found), headers=headers)


def waveform(call: Call) -> Response:
    return _picture(call, "waveform")


def spectrogram(call: Call) -> Response:
    return _picture(call, "spectrogram")


def similar(call: Call) -> Response:
    limit = call.query.get("limit", _NEAREST)
    found = call.services.queries.similar(call.tenant_id, call.id, limit)
    if found is None:
        raise NotFoundError("the track was not listened to yet", id=call.id)
    near = [{"id": str(one.recording_id), "likeness": one.likeness} for one in found]
    return answered({"items": near})


def analyze(call: Call) -> Response:
    wanted: FeaturesRequest = call.body
    return analyses_wanted(
        call,
        Wanted(
            ids=tuple(wanted.ids),
            uris=tuple(wanted.uris),
            is_forced=wanted.force,
            may_wait=wanted.priority == "batch",
        ),
    )


def _picture(call: Call, picture: Picture) -> Response:
    found = call.services.queries.picture(call.tenant_id, call.id, picture)
    if found is None:
        raise NotFoundError("there is no such picture of this track", id=call.id)
    content, etag = found
    headers = {"etag": f'"{etag}"', **_KEPT}
    if has_etag(call.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=BYTES)


def _tombstone(found: HeardRecording) -> Response:
    if found.merged_into:
        location = f"{PATH}/{found.merged_into}"
        return answered(
            {"merged_into": str(found.merged_into)}, 308, {"location": location}
        )
    raise GoneError("the entry was deleted", deleted_at=found.deleted_at)


def _told(call: Call, found: HeardRecording) -> dict[str, JsonValue]:
    place = f"{PATH}/{call.id}" if found.document else None
    return {
        "id": str(call.id),
        **found.document,
        **_guesses(found),
        "files": [file.to_json() for file in found.files],
        "guesses": [dict(guess) for guess in found.guesses],
        "waveform_url": place and f"{place}/waveform",
        "spectrogram_url": place and f"{place}/spectrogram",
    }


def _guesses(found: HeardRecording) -> Mapping[str, JsonValue]:
    """Return what the models that are believed said, by the document's names."""
    told: dict[str, JsonValue] = {}
    for guess in found.guesses:
        field = str(guess.get("field"))
        if field in _GUESSED and str(guess["source"]).startswith(_BELIEVED):
            told[field] = guess["value"]
            for part in ("confidence", "alternatives", "model"):
                told[f"{field}_{part}"] = guess[part]
    return told


def _etag(found: HeardRecording) -> str:
    said = [*(file.etag for file in found.files), repr(_sorted(found))]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:20]


def _sorted(found: HeardRecording) -> list[list[tuple[str, JsonValue]]]:
    return [sorted(guess.items()) for guess in found.guesses]


OPERATIONS = (
    Operation(
        id="audio-features.get",
        method="GET",
        path=f"{PATH}/{{id}}",
        handler=get,
        tag="audio-features",
        summary="Get what was heard in a track",
        description="Tempo, key, loudness, timbre and all the rest, each with its "
        "unit. Of several files, and versions of the analyser, the newest word on a "
        "lossless file speaks; `files` lists them all.",
        headers=("If-None-Match",),
        answers={
            200: Said("The features.", "AudioFeatures", ("ETag",)),
            304: Said("You have them.", headers=("ETag",)),
            308: Said("The track was joined to another.", "Merged", ("Location",)),
        },
        errors=(NotFoundError, GoneError),
    ),
    *(
        Operation(
            id=f"audio-features.{name}",
            method="GET",
            path=f"{PATH}/{{id}}/{name}",
            handler=handler,
            tag="audio-features",
            summary=summary,
            description=description,
            headers=("If-None-Match",),
            answers={
                200: Said("The bytes.", headers=("ETag",), media_type=BYTES),
                304: Said("You have them.", headers=("ETag",)),
            },
            errors=(NotFoundError,),
        )
        for name, handler, summary, description in (
            (
                "waveform",
                waveform,
                "Get a track's outline, for a player",
                (
                    "Big-endian: version 1, a zero, the number of columns in two "
                    "bytes; then of each column its lowest and highest sample as "
                    "signed bytes, full scale at ±127."
                ),
            ),
            (
                "spectrogram",
                spectrogram,
                "Get a track's spectrum over time, for a player",
                (
                    "Big-endian: version 1, a zero, the numbers of columns and bands "
                    "in two bytes each, the loudest level as signed hundredths of a "
                    "dB in two; then column by column its bands from the lowest up "
                    "as bytes: 255 is the loudest level, 0 is 80 dB below it."
                ),
            ),
        )
    ),
    Operation(
        id="audio-features.similar",
        method="GET",
        path=f"{PATH}/{{id}}/similar",
        handler=similar,
        tag="audio-features",
        summary="List tracks that sound alike",
        description="By the cosine of embeddings, nearest first. All tracks of the "
        "catalog are looked at: about 10 ms for a thousand.",
        parameters=(whole("limit", "How many at most; 20.", 1, 100, 20),),
        answers={200: Said("The nearest.", "SimilarAnswer")},
        errors=(NotFoundError,),
    ),
    Operation(
        id="audio-features.analyze",
        method="POST",
        path=f"{PATH}/analyze",
        handler=analyze,
        tag="audio-features",
        summary="Listen to tracks, or to uploaded files, again",
        description="By id or by the address of an uploaded object. Bytes that this "
        "version of the analyser heard are heard again only with `force`; models are "
        "asked anew in any case. What people locked stays.",
        role=Role.EDITOR,
        body=FeaturesRequest,
        body_example={
            "ids": ["0199e0d2-4c00-7000-8000-000000000001"],
            "priority": "realtime",
        },
        answers={202: Said("What will be listened to.", "AnalyzeAnswer")},
        errors=(InvalidBodyError,),
    ),
)
