"""Whether two messages say the same of everything the catalog knows.

What is compared is what each would be staged as: so two versions of one delivery that
agree here leave the same catalog, whichever of them a partner reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.ddex.model import Ern
from shared.domain.claims import JsonValue, Kind, canonical_json

from .delivered import statements_of
from .statements import Statement

_PLACE = "object:same/message.xml"
# What a message says of itself, and what only some versions have a place for.
_OF_ITSELF = frozenset({"standard", "message_id", "thread_id", "created_at"})
_OF_VERSIONS = frozenset({"release_profile", "profile_variant"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one thing that two messages tell differently; None: not told."""

    kind: Kind
    key: str
    field: str
    first: JsonValue
    second: JsonValue


def differences(first: Ern, second: Ern) -> tuple[Difference, ...]:
    """Return what two messages tell the catalog differently; empty: nothing.

    Raises:
        InvalidInputError: One of them is not about releases.
    """
    told, told_too = _facts(first), _facts(second)
    return tuple(
        Difference(*place, told.get(place), told_too.get(place))
        for place in sorted(told.keys() | told_too.keys())
        if canonical_json(told.get(place)) != canonical_json(told_too.get(place))
    )


def _facts(message: Ern) -> dict[tuple[Kind, str, str], JsonValue]:
    return {
        (statement.kind, _named(statement), claim.field): claim.value
        for thread in statements_of(message, _PLACE).threads
        for statement in thread.statements
        # Whom credits name is compared with the credits; only 4.x lists parties too.
        if statement.kind is not Kind.PARTY
        for claim in statement.claims
        if claim.field not in _OF_ITSELF | _OF_VERSIONS
    }


def _named(statement: Statement) -> str:
    """Return what a statement is about; of a deal all its terms are its name."""
    if statement.kind is Kind.DEAL:
        return "".join(_terms(statement))
    return statement.keys[0]


def _terms(statement: Statement) -> Iterator[str]:
    for claim in statement.claims:
        yield f"{claim.field}={canonical_json(claim.value)};"
