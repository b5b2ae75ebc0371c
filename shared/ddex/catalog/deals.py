"""Deals: who may do what with a release or one recording of it, where and when.

Deals that differ in their territories alone are one deal of all these territories: a
message may repeat the same terms 250 times, and says no more by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.ddex.model import Deal, Ern, Period, Price, Showing
from shared.domain.claims import JsonValue, Kind, canonical_json

from .statements import Doubt, Saying, Statement

_SHOWN: Final = {
    "release_display_from": "release_at",
    "tracks_listed_from": "tracks_at",
    "cover_shown_from": "cover_at",
    "clips_played_from": "clips_at",
}
_WORLDWIDE: Final = "Worldwide"


@dataclass(frozen=True, slots=True)
class Offered:
    """What deals are of.

    Attributes:
        release: A key of the release.
        recording: A key of the one recording, where the deal is of a track alone.
    """

    release: str
    recording: str = ""


@dataclass(slots=True)
class _Terms:
    saying: Saying
    territories: dict[str, None] = field(default_factory=dict)


def deals(
    message: Ern,
    sender: str,
    offered: Mapping[str, Offered],
    recorded: Mapping[str, str],
    doubts: list[Doubt],
) -> Iterator[Statement]:
    """Yield the deals of a message; what it takes down is none of them.

    Args:
        sender: `ddex:<DPID>`.
        offered: By the references of releases.
        recorded: The recordings' keys by their references.
    """
    merged: dict[str, _Terms] = {}
    for deal in message.deals:
        if deal.is_takedown:
            continue
        for reference in deal.releases:
            of = offered.get(reference)
            for period in (deal.periods or (Period(),)) if of else ():
                saying = _terms(deal, period, of, sender, recorded)
                key = _digest(saying, deal)
                terms = merged.setdefault(key, _Terms(saying))
                included = deal.territories.included or (_WORLDWIDE,)
                if not deal.territories.excluded:
                    terms.territories |= dict.fromkeys(included)
    for key, terms in merged.items():
        terms.saying.say("territories", list(terms.territories))
        doubts += terms.saying.doubts
        yield Statement(Kind.DEAL, (f"deal:{key}",), tuple(terms.saying.claims))


def _terms(
    deal: Deal,
    period: Period,
    of: Offered | None,
    sender: str,
    recorded: Mapping[str, str],
) -> Saying:
    saying = Saying(Kind.DEAL)
    if of is not None:
        saying.say("release", of.release)
        saying.say("recording", of.recording)
    saying.say("sender", sender)
    saying.say("excluded_territories", list(deal.territories.excluded))
    saying.say("commercial_models", [term.meant for term in deal.models])
    saying.say("use_types", [term.meant for term in deal.uses])
    saying.say("starts", period.starts_at)
    saying.say("ends", period.ends_at)
    saying.say("is_pre_order", deal.is_pre_order or None)
    preview = deal.source.value("PreOrderPreviewDateTime") or deal.source.value(
        "PreOrderPreviewDate/StartDate"
    )
    saying.say("pre_order_preview", preview)
    showing = deal.showing or Showing()
    for name, attribute in _SHOWN.items():
        saying.say(name, getattr(showing, attribute))
    saying.say("prices", [p for price in deal.prices for p in _prices(price)])
    saying.say("channels", list(deal.channels))
    saying.say("excluded_channels", list(deal.excluded_channels))
    policies: list[JsonValue] = [{"policy": p} for p in deal.rights_claim_policies if p]
    saying.say("rights_claim_policies", policies)
    given = [recorded[r] for r in deal.instant_gratification if r in recorded]
    saying.say("instant_gratification", given)
    saying.say("reference", deal.source.value("DealReference"))
    return saying


def _prices(price: Price) -> Iterator[JsonValue]:
    common: dict[str, JsonValue] = {"type": price.code.meant, "kind": price.kind}
    if not price.amounts and price.code.meant:
        yield common
    for name, amount, currency in price.amounts:
        yield common | {"kind": name, "amount": amount, "currency": currency}


def _digest(saying: Saying, deal: Deal) -> str:
    # Of what lists territories the list may grow; of what excludes some, it is the
    # exclusion that makes the deal.
    said = sorted((claim.field, canonical_json(claim.value)) for claim in saying.claims)
    how = "except" if deal.territories.excluded else "in"
    return hashlib.sha256(canonical_json([how, *map(list, said)]).encode()).hexdigest()[
        :32
    ]
