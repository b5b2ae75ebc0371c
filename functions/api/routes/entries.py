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
    NotFoundError,
)
from shared.domain.fields import FIELDS
from shared.ports.catalog import CatalogTransaction
from shared.ports.queries import FILTERS, PageQuery, Sort, Stored, review_json

from .. import history
from ..bodies import pointer
from ..editing import edit, living, patched
from ..operations import Call, answered, raw
from ..parameters import (
    Parameter,
)
from ..problems import (
    Fault,
    GoneError,
    InvalidBodyError,
)
from ..schemas.entries import component_of
from ..schemas.requests import RevertRequest
from .pages import filters_of, paged


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
        if has_etag(call.headers.get("if-none-match", ""), found.etag):
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


def has_etag(header: str, etag: str) -> bool:
    """Return whether an If-None-Match header names *etag*."""
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
