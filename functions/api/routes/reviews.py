"""Reviews: values that wait for a person, and what the person decides."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from shared.domain.claims import Claim, Kind
from shared.domain.decisions import Outcome, ReviewItem
from shared.domain.errors import ConflictError, InvalidInputError, NotFoundError
from shared.domain.fields import FIELDS
from shared.ports.catalog import CatalogTransaction
from shared.ports.queries import review_json

from ..access import Role
from ..bodies import pointer
from ..editing import claimed, living, once, stage
from ..joining import FIELD, join
from ..operations import Call, Operation, Said, answered
from ..parameters import CURSOR, LIMIT, choice, identifier
from ..problems import Fault, GoneError, InvalidBodyError
from ..schemas.requests import ReviewDecision
from . import artists, releases, tracks
from .entries import Shelf
from .pages import filters_of, paged

_FILTERS = ("kind", "entity_id", "field")
_SHELVES: dict[Kind, Shelf] = {
    shelf.kind: shelf for shelf in (tracks.SHELF, releases.SHELF, artists.SHELF)
}


def list_reviews(call: Call) -> Response:
    filters = filters_of(call, _FILTERS)
    queries = call.services.queries
    return paged(
        call,
        [f"{name}={value}" for name, value in sorted(filters.items())],
        lambda limit, after: queries.reviews(call.tenant_id, filters, limit, after),
    )


def get(call: Call) -> Response:
    item = call.services.queries.review(call.tenant_id, call.id)
    if item is None:
        raise NotFoundError("no such open review", id=call.id)
    return answered(review_json(item))


def decide(call: Call) -> Response:
    """Do what a person decided, settle the item, and show the entry."""
    wanted: ReviewDecision = call.body
    item = call.services.queries.review(call.tenant_id, call.id)
    if item is None:
        raise NotFoundError("no such open review", id=call.id)
    with call.services.catalog.transaction(call.tenant_id) as tx:
        shown = _settled(call, tx, item, wanted)
    call.services.relay(call.tenant_id)
    return _SHELVES[item.kind].shown(call, shown)


def _settled(
    call: Call, tx: CatalogTransaction, item: ReviewItem, wanted: ReviewDecision
) -> UUID:
    """Return the entry that shows what was decided."""
    before = living(tx, item.kind, item.entity_id)
    _require_open(tx, item)
    request = once(call, f"review/{item.id}")
    if wanted.decision == "dismiss":
        tx.decide_review(item, Outcome.DISMISSED, call.caller.source)
        return item.entity_id
    if item.field == FIELD and wanted.decision == "accept":
        return join(call, tx, item, request)
    claim = _decided(item, wanted)
    stage(call, tx, before, request, (claim,), {"decision": wanted.decision})
    return item.entity_id


def _decided(item: ReviewItem, wanted: ReviewDecision) -> Claim:
    value = item.value if wanted.decision == "accept" else wanted.value
    try:
        return claimed(item.kind, item.field, value, lock=wanted.lock)
    except InvalidInputError as exc:
        fault = Fault(pointer("value"), str(exc))
        raise InvalidBodyError("the field cannot be set so", [fault]) from exc


def _require_open(tx: CatalogTransaction, item: ReviewItem) -> None:
    if item.id not in [found.id for found in tx.reviews(item.kind, item.entity_id)]:
        raise ConflictError("somebody settled this meanwhile", id=item.id)


OPERATIONS = (
    Operation(
        id="reviews.list",
        method="GET",
        path="/api/reviews",
        handler=list_reviews,
        tag="reviews",
        summary="List what waits for a person",
        description="The least sure first.",
        parameters=(
            choice("kind", "Only of this kind.", [str(kind) for kind in _SHELVES]),
            identifier("entity_id", "Only of this entry."),
            choice(
                "field",
                "Only of this field.",
                sorted({FIELD, *(n for kind in _SHELVES for n in FIELDS[kind])}),
            ),
            LIMIT,
            CURSOR,
        ),
        answers={200: Said("A page.", "ReviewPage", ("Link",))},
    ),
    Operation(
        id="reviews.get",
        method="GET",
        path="/api/reviews/{id}",
        handler=get,
        tag="reviews",
        summary="Get what waits for a person",
        answers={200: Said("The item.", "ReviewAnswer")},
        errors=(NotFoundError,),
    ),
    Operation(
        id="reviews.decide",
        method="POST",
        path="/api/reviews/{id}",
        handler=decide,
        tag="reviews",
        summary="Accept, correct or dismiss a value",
        description="What is accepted or corrected is a person's claim from then on, "
        "locked unless told otherwise, and models may learn from it. An accepted "
        "duplicate joins two recordings into one, which is what is shown.",
        role=Role.EDITOR,
        body=ReviewDecision,
        body_example={"decision": "correct", "value": 136.0},
        headers=("Idempotency-Key",),
        answers={200: Said("The entry as it is now.", "Entry", ("ETag",))},
        errors=(NotFoundError, GoneError, ConflictError, InvalidBodyError),
    ),
)
