"""Artists: the parties that are credited with performing."""

from __future__ import annotations

from starlette.responses import Response

from shared.domain.claims import Kind
from shared.domain.errors import NotFoundError
from shared.ports.queries import FILTERS

from ..editing import living
from ..operations import Call, Operation, Said
from ..parameters import instant, words
from .entries import Shelf, page_of
from .entry_operations import list_parameters, operations
from .pages import filters_of
from .tracks import SHELF as TRACKS

_K = Kind.PARTY

SHELF = Shelf(
    _K,
    "/api/artists",
    "artist",
    (
        words("q", "All these words, in the name.", "miles"),
        words("name", "Names that contain this, whatever the case.", "davis"),
        words("role", "Credited in this role.", "FeaturedArtist"),
        instant("updated_since", "Changed at this time or later."),
    ),
    ("provenance", "counts"),
    ("counts",),
)


def tracks(call: Call) -> Response:
    """Return the recordings that an artist is credited on."""
    with call.services.catalog.transaction(call.tenant_id) as tx:
        living(tx, _K, call.id)
    filters = filters_of(call, FILTERS[Kind.RECORDING])
    return page_of(call, Kind.RECORDING, {**filters, "artist_id": str(call.id)})


OPERATIONS = (
    *operations(SHELF, prefix="artists"),
    Operation(
        id="artists.tracks",
        method="GET",
        path="/api/artists/{id}/tracks",
        handler=tracks,
        tag="artists",
        summary="List an artist's tracks",
        parameters=tuple(
            parameter
            for parameter in list_parameters(TRACKS)
            if parameter.name != "artist_id"
        ),
        answers={200: Said("A page.", "TrackPage", ("Link",))},
        errors=(NotFoundError,),
    ),
)
