"""Whether something may be used in a country at a time, and which deal says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from itertools import product
from operator import sub

from shared.domain.claims import JsonValue
from shared.domain.deals import STREAM, Deal, check_aware
from shared.domain.territories import NOWHERE, Territories, country_of


class Ground(StrEnum):
    """What one deal says to a question."""

    GRANTED = "granted"
    TAKEN_DOWN = "taken-down"
    NOT_YET = "not-yet"
    ENDED = "ended"
    OTHER_TERRITORY = "other-territory"
    OTHER_USE = "other-use"
    OTHER_MODEL = "other-commercial-model"


@dataclass(frozen=True, slots=True)
class Reason:
    """What the deal *deal_id* says, and since or until when where that matters.

    Attributes:
        at: When it starts, ended, or was taken down; of a grant, when it ends.
        takedown_id: The deal that takes this one back.
    """

    ground: Ground
    deal_id: str
    at: datetime | None = None
    takedown_id: str | None = None

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "ground": str(self.ground),
            "deal_id": self.deal_id,
            "at": self.at.isoformat() if self.at else None,
            "takedown_id": self.takedown_id,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no, and why.

    Attributes:
        reasons: Where allowed, the deals that grant it; else what every deal says,
            what came nearest to a grant first. Empty where there is no deal at all.
    """

    allowed: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """An instant at which rights open or close somewhere.

    Attributes:
        deal_ids: Deals that start or end then, sorted.
    """

    at: datetime
    opened: Territories
    closed: Territories
    deal_ids: tuple[str, ...]


_NEAREST = {ground: place for place, ground in enumerate(Ground)}


def streamable(
    deals: Iterable[Deal],
    country: str,
    at: datetime,
    use: str = STREAM,
    model: str = "",
) -> Answer:
    """Return whether *deals* grant *use* in *country* at the instant *at*, and why.

    Args:
        country: As `country_of` takes it.
        use: A UseType of DDEX; "Stream" for any way of streaming, empty for any use.
        model: A CommercialModelType; empty for any.

    Raises:
        InvalidInputError: *country* is not one country, or *at* names no zone.
    """
    check_aware(at)
    return _answer(tuple(deals), country_of(country), at, use, model)


def streamable_many(
    deals_of: Mapping[str, Sequence[Deal]],
    country: str,
    at: datetime,
    use: str = STREAM,
    model: str = "",
) -> dict[str, Answer]:
    """Return the answer for each key of *deals_of*; as `streamable`, for thousands."""
    check_aware(at)
    code = country_of(country)
    # Releases of one delivery share their deals: equal questions are asked once.
    known: dict[tuple[int, ...], Answer] = {}
    answers = {}
    for key, deals in deals_of.items():
        asked = tuple(map(id, deals))
        found = known.get(asked)
        if found is None:
            found = known[asked] = _answer(deals, code, at, use, model)
        answers[key] = found
    return answers


def open_territories(
    deals: Iterable[Deal], at: datetime, use: str = STREAM, model: str = ""
) -> Territories:
    """Return all countries where `streamable` says yes."""
    check_aware(at)
    said = [
        one
        for one in deals
        if at in one.period and one.is_for_use(use) and one.is_for_model(model)
    ]
    takedowns = [one for one in said if one.is_takedown]
    found = NOWHERE
    for grant in said:
        if not grant.is_takedown:
            found = found | _left_of(grant, takedowns, use, model)
    return found


def calendar(
    deals: Iterable[Deal],
    since: datetime,
    until: datetime,
    use: str = STREAM,
    model: str = "",
) -> list[Opening]:
    """Return what opens and closes after *since*, up to *until*, in order of time.

    Deals that follow one another without a gap, or overlap, open and close nothing.
    """
    check_aware(since)
    check_aware(until)
    asked = tuple(deals)
    before = open_territories(asked, since, use, model)
    found = []
    for at in sorted(_turns(asked, since, until)):
        now = open_territories(asked, at, use, model)
        if now != before:
            turning = sorted({d.id for d in asked if at in _ends(d)})
            found.append(Opening(at, now - before, before - now, tuple(turning)))
        before = now
    return found


def _answer(
    deals: Sequence[Deal], country: str, at: datetime, use: str, model: str
) -> Answer:
    grants = [one for one in deals if not one.is_takedown]
    takedowns = [one for one in deals if one.is_takedown]
    reasons = [
        _reason(one, takedowns, country, at, use=use, model=model) for one in grants
    ]
    granted = tuple(one for one in reasons if one.ground is Ground.GRANTED)
    if granted:
        return Answer(True, granted)
    ranked = sorted(reasons, key=lambda one: (_NEAREST[one.ground], one.deal_id))
    return Answer(False, tuple(ranked))


def _reason(
    deal: Deal,
    takedowns: Sequence[Deal],
    country: str,
    at: datetime,
    *,
    use: str,
    model: str,
) -> Reason:
    refused = _refusal(deal, country, at, use, model)
    if refused is not None:
        return refused
    against = [
        one
        for one in takedowns
        if one.takes_back(deal) and _refusal(one, country, at, use, model) is None
    ]
    if against and country not in _left_of(deal, against, use, model):
        first = against[0]
        return Reason(Ground.TAKEN_DOWN, deal.id, first.period.starts_at, first.id)
    return Reason(Ground.GRANTED, deal.id, deal.period.ends_at)


def _left_of(
    grant: Deal, takedowns: Sequence[Deal], use: str, model: str
) -> Territories:
    """Return where *takedowns* leave some of *grant*: a use, in a model.

    Several takedowns together may take everything back where none does alone.
    """
    against = [one for one in takedowns if one.takes_back(grant)]
    if not against:
        return grant.territories
    uses = grant.uses_for(use, (name for one in against for name in one.uses))
    models = grant.models_for(model, (name for one in against for name in one.models))
    found = NOWHERE
    for one_use, one_model in product(uses, models):
        taken = [one.territories for one in against if one.covers(one_use, one_model)]
        found = found | reduce(sub, taken, grant.territories)
    return found


def _refusal(
    deal: Deal, country: str, at: datetime, use: str, model: str
) -> Reason | None:
    """Return why *deal* does not speak of the question at all; None where it does."""
    if not deal.is_for_use(use):
        return Reason(Ground.OTHER_USE, deal.id)
    if not deal.is_for_model(model):
        return Reason(Ground.OTHER_MODEL, deal.id)
    if country not in deal.territories:
        return Reason(Ground.OTHER_TERRITORY, deal.id)
    if not deal.period.has_started(at):
        return Reason(Ground.NOT_YET, deal.id, deal.period.starts_at)
    if deal.period.has_ended(at):
        return Reason(Ground.ENDED, deal.id, deal.period.ends_at)
    return None


def _turns(deals: Iterable[Deal], since: datetime, until: datetime) -> set[datetime]:
    return {at for one in deals for at in _ends(one) if since < at <= until}


def _ends(deal: Deal) -> tuple[datetime, ...]:
    ends = (deal.period.starts_at, deal.period.ends_at)
    return tuple(at for at in ends if at is not None)
