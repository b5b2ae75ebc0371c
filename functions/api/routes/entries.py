"""What tracks, releases and artists have in common: lists, entries, edits, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from starlette.responses import Response

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.entities import Entity
from shared.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PreconditionFailedError,
)
from shared.domain.fields import FIELDS
from shared.ports.catalog import CatalogTransaction
from shared.ports.queries import FILTERS, SORTS, PageQuery, Sort, Stored, review_json

from .. import history
from ..access import Role
from ..bodies import pointer
from ..editing import edit, living, patched
from ..operations import JSON, Call, Operation, Said, answered, raw
from ..parameters import (
    CURSOR,
    LIMIT,
    Parameter,
    several,
    yes_or_no,
)
from ..problems import (
    Fault,
    GoneError,
    InvalidBodyError,
    PreconditionRequiredError,
)
from ..schemas.entries import component_of
from ..schemas.requests import RevertRequest
from .pages import filters_of, paged

_MERGE_PATCH = "application/merge-patch+json"
_PROVENANCE = frozenset({"provenance"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of entries at one address.

    Attributes:
        noun: What the document calls one of them.
        filters: The parameters that narrow its list.
        includes: What one entry can be asked to tell beside its fields.
        always: Which of them it tells unasked.
    """

    kind: Kind
    path: str
    noun: str
    filters: tuple[Parameter, ...]
    includes: tuple[str, ...]
    always: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        return self.path.removeprefix("/api/")

    @property
    def component(self) -> str:
        return component_of(self.kind)

    def page(self, call: Call) -> Response:
        return page_of(call, self.kind, filters_of(call, FILTERS[self.kind]))

    def get(self, call: Call) -> Response:
        wanted = frozenset((*call.query.get("include", ()), *self.always))
        found = self._stored(call, call.id, wanted)
        if found.deleted_at:
            return self._tombstone(found)
        quoted = f'"{found.etag}"'
        if _has(call.headers.get("if-none-match", ""), found.etag):
            return Response(status_code=304, headers={"etag": quoted})
        return raw(found.body, headers={"etag": quoted})

    def shown(self, call: Call, entity_id: UUID) -> Response:
        """Return an entry as a change left it."""
        found = self._stored(call, entity_id, frozenset(self.always))
        return raw(found.body, headers={"etag": f'"{found.etag}"'})

    def _stored(self, call: Call, entity_id: UUID, include: frozenset[str]) -> Stored:
        queries = call.services.queries
        found = queries.entry(call.tenant_id, self.kind, entity_id, include)
        if found is None:
            raise NotFoundError("no such entry", kind=self.kind, id=entity_id)
        return found

    def _tombstone(self, found: Stored) -> Response:
        if found.merged_into:
            location = f"{self.path}/{found.merged_into}"
            return answered(
                {"merged_into": str(found.merged_into)}, 308, {"location": location}
            )
        raise GoneError("the entry was deleted", deleted_at=found.deleted_at)

    def patch(self, call: Call) -> Response:
        lock = call.query.get("lock", True)
        claims = patched(self.kind, call.body, lock=lock)
        words = ["patch", call.body, lock]
        fresh = edit(call, self.kind, call.id, lambda *_: claims, words)
        return self._edited(call, fresh=fresh)

    def revert(self, call: Call) -> Response:
        wanted: RevertRequest = call.body

        def claims(tx: CatalogTransaction, before: Entity) -> tuple[Claim, ...]:
            return _claims_back(tx.history(self.kind, before.id), before, wanted)

        words = ["revert", wanted.model_dump(mode="json")]
        fresh = edit(call, self.kind, call.id, claims, words)
        return self._edited(call, fresh=fresh)

    def _edited(self, call: Call, *, fresh: bool) -> Response:
        answer = self.shown(call, call.id)
        if not fresh:
            answer.headers["idempotency-replayed"] = "true"
        return answer

    def provenance(self, call: Call) -> Response:
        with call.services.catalog.transaction(call.tenant_id) as tx:
            entity = living(tx, self.kind, call.id)
            said = history.alternatives(tx.records(self.kind, call.id))
        fields: dict[str, JsonValue] = {
            name: {
                "value": value,
                **cast("dict[str, JsonValue]", entity.provenance[name]),
                "alternatives": said.get(name, []),
            }
            for name, value in sorted(entity.values.items())
        }
        return answered(
            {"id": str(entity.id), "version": entity.version, "fields": fields}
        )

    def history(self, call: Call) -> Response:
        with call.services.catalog.transaction(call.tenant_id) as tx:
            entity = tx.entity(self.kind, call.id)
            records = tx.history(self.kind, call.id)
        if entity is None:
            raise NotFoundError("no such entry", kind=self.kind, id=call.id)
        steps = history.steps(records, entity.version)
        return answered(
            {
                "id": str(entity.id),
                "version": entity.version,
                "items": [step.to_json() for step in steps],
            }
        )

    def findings(self, call: Call) -> Response:
        with call.services.catalog.transaction(call.tenant_id) as tx:
            living(tx, self.kind, call.id)
            found = tx.findings(self.kind, call.id)
        return answered({"items": [finding.to_json() for finding in found]})

    def reviews(self, call: Call) -> Response:
        with call.services.catalog.transaction(call.tenant_id) as tx:
            living(tx, self.kind, call.id)
            found = tx.reviews(self.kind, call.id)
        return answered({"items": [review_json(item) for item in found]})


def page_of(call: Call, kind: Kind, filters: Mapping[str, str]) -> Response:
    """Return the page of *kind* that the parameters of *call* ask for."""
    sort = call.query.get("sort", (Sort("created_at", descending=True),))
    question = [
        *(f"{'-' * key.descending}{key.name}" for key in sort),
        *(f"{name}={value}" for name, value in sorted(filters.items())),
    ]
    fields = call.query.get("fields", ())
    return paged(
        call,
        question,
        lambda limit, after: call.services.queries.page(
            call.tenant_id,
            kind,
            PageQuery(
                filters,
                sort,
                limit,
                after,
                fields,
                provenance="provenance" in call.query.get("include", ()),
            ),
        ),
    )


def _has(header: str, etag: str) -> bool:
    given = (part.strip().removeprefix("W/").strip('"') for part in header.split(","))
    return header.strip() == "*" or etag in given


def _claims_back(
    records: Sequence[SourceRecord], before: Entity, wanted: RevertRequest
) -> tuple[Claim, ...]:
    unknown = [name for name in wanted.fields if name not in FIELDS[before.kind]]
    if unknown:
        raise InvalidBodyError(
            "there are no such fields",
            [Fault(pointer("fields"), f"no field {name}") for name in unknown],
        )
    names = wanted.fields or history.fields_of(records)
    point = None
    if wanted.to_version is not None:
        point = history.up_to_version(records, before.version, wanted.to_version)
    elif wanted.record_id is not None:
        point = history.up_to_record(records, wanted.record_id)
    claims = (
        history.claim_back(
            before.kind,
            name,
            records,
            history.before_last_word(records, name) if point is None else point,
        )
        for name in names
    )
    return tuple(claim for claim in claims if claim is not None)


def sort_parameter(kind: Kind) -> Parameter:
    known = SORTS[kind]

    def parse(text: str) -> tuple[Sort, ...]:
        keys = tuple(
            Sort(part.strip().removeprefix("-"), part.strip().startswith("-"))
            for part in text.split(",")
        )
        unknown = [key.name for key in keys if key.name not in known]
        if unknown:
            raise InvalidInputError("cannot sort by", values=unknown, known=known)
        return keys

    return Parameter(
        "sort",
        "Keys with commas between them; `-` before one turns it round. Known: "
        + ", ".join(f"`{name}`" for name in known)
        + ".",
        parse,
        {"type": "string", "default": "-created_at"},
        f"{known[0]},-updated_at",
    )


def list_parameters(shelf: Shelf) -> tuple[Parameter, ...]:
    """Return what the list of *shelf* takes."""
    return (
        *shelf.filters,
        sort_parameter(shelf.kind),
        several(
            "fields",
            "Tell only these fields, with commas between them.",
            FIELDS[shelf.kind],
            next(iter(FIELDS[shelf.kind])),
        ),
        several("include", "Tell also these.", _PROVENANCE, "provenance"),
        LIMIT,
        CURSOR,
    )


def operations(shelf: Shelf, *, prefix: str) -> tuple[Operation, ...]:
    """Return the operations of *shelf*; *prefix* begins their ids."""
    return (
        _list(shelf, prefix),
        _get(shelf, prefix),
        _patch(shelf, prefix),
        _revert(shelf, prefix),
        *_reasons(shelf, prefix),
    )


def _list(shelf: Shelf, prefix: str) -> Operation:
    return Operation(
        id=f"{prefix}.list",
        method="GET",
        path=shelf.path,
        handler=shelf.page,
        tag=shelf.tag,
        summary=f"List {shelf.tag}",
        description="A page at a time. All filters must hold. Pages neither repeat nor "
        "miss an entry while others appear or go.",
        parameters=list_parameters(shelf),
        answers={200: Said("A page.", f"{shelf.component}Page", ("Link",))},
    )


def _get(shelf: Shelf, prefix: str) -> Operation:
    return Operation(
        id=f"{prefix}.get",
        method="GET",
        path=f"{shelf.path}/{{id}}",
        handler=shelf.get,
        tag=shelf.tag,
        summary=f"Get one {shelf.noun}",
        description="With its ETag: send it as If-None-Match to be told 304 while "
        "nothing changed, and as If-Match to change the entry. Where the entry was "
        "merged into another, 308 names that one.",
        parameters=(
            several("include", "Tell also these.", shelf.includes, "provenance"),
        ),
        headers=("If-None-Match",),
        answers={
            200: Said(f"The {shelf.noun}.", shelf.component, ("ETag",)),
            304: Said("It is as you have it.", headers=("ETag",)),
            308: Said("It was merged into another.", "Merged", ("Location",)),
        },
        errors=(NotFoundError, GoneError),
    )


_EDITING_ERRORS = (
    NotFoundError,
    GoneError,
    PreconditionFailedError,
    PreconditionRequiredError,
    InvalidBodyError,
)


def _patch(shelf: Shelf, prefix: str) -> Operation:
    return Operation(
        id=f"{prefix}.edit",
        method="PATCH",
        path=f"{shelf.path}/{{id}}",
        handler=shelf.patch,
        tag=shelf.tag,
        summary=f"Edit one {shelf.noun}",
        description="A merge patch of fields (RFC 7396). What a person says is locked "
        "against later sources unless `lock=false`; null takes people's word back, so "
        "that the field follows its other sources again. Settles open reviews of the "
        "fields.",
        role=Role.EDITOR,
        parameters=(
            yes_or_no("lock", "No later source may override it.", default=True),
        ),
        body=f"{shelf.component}Patch",
        body_example=_EXAMPLES[shelf.kind],
        media_types=(_MERGE_PATCH, JSON),
        headers=("If-Match", "Idempotency-Key"),
        answers={200: Said("As it is now.", shelf.component, ("ETag",))},
        errors=_EDITING_ERRORS,
    )


_EXAMPLES: Mapping[Kind, object] = {
    Kind.RECORDING: {"title": "So What", "bpm": 136.0, "comment": None},
    Kind.RELEASE: {"title": "Kind of Blue", "label": "Columbia"},
    Kind.PARTY: {"name": "Miles Davis", "isni": "0000000121032683"},
}


def _revert(shelf: Shelf, prefix: str) -> Operation:
    return Operation(
        id=f"{prefix}.revert",
        method="POST",
        path=f"{shelf.path}/{{id}}/revert",
        handler=shelf.revert,
        tag=shelf.tag,
        summary=f"Bring a {shelf.noun} back to how it was",
        description="Says anew what was said then, as an edit of its own. Where other "
        "sources alone give that value, people's word is withdrawn instead of locked. "
        "Measured fields, and values that sources brought since, stay.",
        role=Role.EDITOR,
        body=RevertRequest,
        body_example={"to_version": 3},
        headers=("If-Match", "Idempotency-Key"),
        answers={200: Said("As it is now.", shelf.component, ("ETag",))},
        errors=(*_EDITING_ERRORS, ConflictError),
    )


def _reasons(shelf: Shelf, prefix: str) -> tuple[Operation, ...]:
    told = (
        (
            "provenance",
            shelf.provenance,
            "Why each value is believed, and what else was said",
            "ProvenanceAnswer",
        ),
        ("history", shelf.history, "Every record about it, in order", "HistoryAnswer"),
        ("findings", shelf.findings, "What validation says about it", "FindingsAnswer"),
        (
            "reviews",
            shelf.reviews,
            "Its values that wait for a person",
            "ReviewsAnswer",
        ),
    )
    return tuple(
        Operation(
            id=f"{prefix}.{name}",
            method="GET",
            path=f"{shelf.path}/{{id}}/{name}",
            handler=handler,
            tag=shelf.tag,
            summary=summary,
            answers={200: Said(f"{summary}.", schema)},
            errors=(NotFoundError, GoneError),
        )
        for name, handler, summary, schema in told
    )
