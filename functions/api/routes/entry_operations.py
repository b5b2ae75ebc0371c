"""The operations that every kind of entry has, for the table."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.claims import Kind
from shared.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    PreconditionFailedError,
)
from shared.domain.fields import FIELDS
from shared.ports.queries import SORTS, Sort

from ..access import Role
from ..operations import JSON, Operation, Said
from ..parameters import CURSOR, LIMIT, Parameter, several, yes_or_no
from ..problems import GoneError, InvalidBodyError, PreconditionRequiredError
from ..schemas.requests import RevertRequest
from .entries import Shelf

_MERGE_PATCH = "application/merge-patch+json"
_PROVENANCE = frozenset({"provenance"})


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
