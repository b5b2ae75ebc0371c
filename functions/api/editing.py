"""People's changes: staged as their claims, guarded by ETag, said once per key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord, canonical_json
from shared.domain.decisions import Outcome, ReviewItem
from shared.domain.entities import Entity
from shared.domain.errors import (
    InvalidInputError,
    NotFoundError,
    PreconditionFailedError,
)
from shared.domain.fields import FIELDS, parsed
from shared.domain.music_keys import camelot_of
from shared.ports.catalog import CatalogTransaction

from .bodies import pointer
from .operations import Call
from .problems import (
    BadRequestError,
    Fault,
    GoneError,
    InvalidBodyError,
    PreconditionRequiredError,
)

Claims = Callable[[CatalogTransaction, Entity], tuple[Claim, ...]]

_KEYS = UUID("7d0b4f3e-3d4b-5f5c-9c51-54b1d60a2f11")
_CONSUMER = "api"
_MAX_KEY = 200


@dataclass(frozen=True, slots=True)
class Once:
    """The id of what a request makes: the same for the same Idempotency-Key."""

    id: UUID
    by_key: bool

    @property
    def origin(self) -> str:
        """The origin of a record that the request stages."""
        return f"edit:{self.id}"


def once(call: Call, purpose: str) -> Once:
    """Return the id for *purpose*, fresh unless the caller sent a key for it."""
    key = call.headers.get("idempotency-key", "")
    if len(key) > _MAX_KEY:
        raise BadRequestError("the key is too long", header="Idempotency-Key")
    if not key:
        return Once(call.services.ids.new(), by_key=False)
    said = (call.tenant_id, call.caller.client_id, purpose, key)
    return Once(uuid5(_KEYS, "\x1f".join(said)), by_key=True)


def edit(
    call: Call, kind: Kind, entity_id: UUID, claims: Claims, words: object
) -> bool:
    """Stage what *claims* says of an entry; return False if that was done before.

    Args:
        claims: What to say, given the entry as it is; nothing is staged for none.
        words: The request in its own words: a key stands for these alone.

    Raises:
        NotFoundError: There is no such entry, or it was deleted (GoneError).
        PreconditionRequiredError: The request has no If-Match.
        PreconditionFailedError: The entry is of another version.
        InvalidBodyError: The key was sent before with other words.
    """
    request = once(call, f"{kind}/{entity_id}")
    digest = hashlib.sha256(canonical_json(words).encode()).hexdigest()
    with call.services.catalog.transaction(call.tenant_id) as tx:
        if request.by_key and not tx.first_sight(_CONSUMER, request.id):
            _require_same_words(tx, call.caller.source, request.origin, digest)
            return False
        before = living(tx, kind, entity_id)
        require_match(call.headers, before)
        said = claims(tx, before)
        if said:
            stage(call, tx, before, request, said, {"request": digest})
        _require_unraced(tx, before)
    call.services.relay(call.tenant_id)
    return True


def stage(
    call: Call,
    tx: CatalogTransaction,
    before: Entity,
    request: Once,
    claims: tuple[Claim, ...],
    raw: dict[str, JsonValue],
) -> None:
    """Stage a person's *claims* about an entry, and settle what waited for them."""
    claims = with_consequences(before.kind, claims)
    record = SourceRecord(
        kind=before.kind,
        keys=(f"id:{before.id}",),
        source=call.caller.source,
        origin=request.origin,
        origin_version=1,
        claims=tuple(sorted(claims, key=lambda claim: claim.field)),
        received_at=after(before, call.now()),
        raw={**raw, "name": call.caller.name},
    )
    tx.stage([record])
    said = {claim.field: claim for claim in claims}
    for item in tx.reviews(before.kind, before.id):
        if item.field in said:
            claim = said[item.field]
            outcome = _outcome(item, claim)
            tx.decide_review(item, outcome, call.caller.source, claim.value)


def with_consequences(kind: Kind, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return *claims*, and what follows from them: a key has one place on the wheel."""
    said = {claim.field: claim for claim in claims}
    key = said.get("key")
    if kind is not Kind.RECORDING or key is None or "camelot" in said:
        return claims
    place = None if key.withdrawn else camelot_of(str(key.value))
    return (*claims, replace(key, field="camelot", value=place))


def _outcome(item: ReviewItem, claim: Claim) -> Outcome:
    if claim.withdrawn:
        return Outcome.SUPERSEDED
    return Outcome.ACCEPTED if claim.value == item.value else Outcome.CORRECTED


def after(before: Entity, now: datetime) -> datetime:
    """Return when an edit of *before* is made.

    Of two edits the later one counts, even if the clocks of two machines differ.
    """
    return max(now, before.updated_at + timedelta(microseconds=1))


def _require_same_words(
    tx: CatalogTransaction, source: str, origin: str, digest: str
) -> None:
    for record in tx.staged(source, origin):
        if record.raw.get("request") != digest:
            raise InvalidBodyError(
                "this Idempotency-Key was used for another request", ()
            )


def _require_unraced(tx: CatalogTransaction, before: Entity) -> None:
    # Staging waits for whoever else folds the entry, and who had it first is seen only
    # then: more than our own step means that the ETag was stale after all.
    after = tx.entity(before.kind, before.id)
    if after is None or after.version > before.version + 1:
        raise PreconditionFailedError("somebody else changed it meanwhile")


def living(tx: CatalogTransaction, kind: Kind, entity_id: UUID) -> Entity:
    """Return the entry, or raise NotFoundError; GoneError for a tombstone."""
    found = tx.entity(kind, entity_id)
    if found is None:
        raise NotFoundError("no such entry", kind=kind, id=entity_id)
    if found.deleted_at:
        raise GoneError(
            "the entry was deleted",
            deleted_at=found.deleted_at.isoformat(),
            merged_into=found.merged_into,
        )
    return found


def require_match(headers: Mapping[str, str], entity: Entity) -> None:
    """Raise unless If-Match names the version that *entity* is.

    What follows a hyphen in an ETag tells apart what was embedded in an answer, and
    does not matter for a change.
    """
    given = headers.get("if-match")
    if given is None:
        raise PreconditionRequiredError("say which version you mean", header="If-Match")
    if not matches(given, entity.etag):
        raise PreconditionFailedError(
            "the entry changed since", version=entity.version, etag=entity.etag
        )


def matches(header: str, etag: str) -> bool:
    """Return whether a list of ETags names *etag*, whatever was embedded."""
    if header.strip() == "*":
        return True
    given = (part.strip().removeprefix("W/").strip('"') for part in header.split(","))
    return any(part.partition("-")[0] == etag for part in given)


def patched(
    kind: Kind, patch: Mapping[str, object], *, lock: bool
) -> tuple[Claim, ...]:
    """Return the claims of a merge patch (RFC 7396): null takes people's word back.

    Raises:
        InvalidBodyError: A field is unknown, not editable, or its value is wrong;
            every one is told.
    """
    if not patch:
        raise InvalidBodyError("there is nothing to change", ())
    claims: list[Claim] = []
    faults: list[Fault] = []
    for name, value in patch.items():
        try:
            claims.append(claimed(kind, name, value, lock=lock))
        except InvalidInputError as exc:
            faults.append(Fault(pointer(name), str(exc)))
    if faults:
        raise InvalidBodyError("some fields cannot be set so", faults)
    return tuple(claims)


def claimed(kind: Kind, name: str, value: object, *, lock: bool) -> Claim:
    """Return a person's claim, or raise InvalidInputError."""
    field = FIELDS[kind].get(name)
    if field is not None and not field.editable:
        raise InvalidInputError("people cannot set this field", field=name)
    if field is not None and value is None:
        return Claim(name, None, withdrawn=True)
    found: JsonValue = parsed(kind, name, value)
    return Claim(name, found, locked=lock)
