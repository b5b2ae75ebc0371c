"""Tracks: the recordings of the catalog."""

from __future__ import annotations

from starlette.responses import Response

from shared.domain.claims import Kind

from ..access import Role
from ..operations import Call, Operation, Said
from ..parameters import decimal, identifier, instant, of_field, whole, words
from ..problems import InvalidBodyError
from ..schemas.requests import AnalyzeRequest
from .analyses import Wanted, analyses_wanted
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
    """Ask for recordings to be listened to."""
    wanted: AnalyzeRequest = call.body
    return analyses_wanted(call, Wanted(ids=tuple(wanted.ids)))


OPERATIONS = (
    *operations(SHELF, prefix="tracks"),
    Operation(
        id="tracks.analyze",
        method="POST",
        path="/api/tracks/analyze",
        handler=analyze,
        tag="tracks",
        summary="Listen to tracks",
        description="What this version of the analyser has not heard yet is measured "
        "from the newest file; models are asked anew. What people locked stays. "
        "`/api/audio-features/analyze` can do more.",
        role=Role.EDITOR,
        body=AnalyzeRequest,
        body_example={"ids": ["0199e0d2-4c00-7000-8000-000000000001"]},
        answers={202: Said("What will be listened to.", "AnalyzeAnswer")},
        errors=(InvalidBodyError,),
    ),
)
