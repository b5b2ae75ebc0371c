"""Deals, read from any version: one for each set of terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from .offers import Deal, Period, Price, Showing
from .parts import Part
from .sections import is_true, term, terms, territories_of

_STARTS: Final = ("StartDate", "StartDateTime")
_ENDS: Final = ("EndDate", "EndDateTime")
# The best first: what has no code of its own is described in 3.x.
_PRICE_CODES: Final = ("PriceCode", "PriceType", "PriceRangeType", "Description")
_TAKEDOWNS: Final = ("TakeDown", "AllDealsCancelled")
_SHOWN: Final = {
    "release_at": "ReleaseDisplayStartDate",
    "tracks_at": "TrackListingPreviewStartDate",
    "cover_at": "CoverArtPreviewStartDate",
    "clips_at": "ClipPreviewStartDate",
}


def deals_of(root: Part) -> tuple[Deal, ...]:
    """Return the message's deals in order, one for each `DealTerms`."""
    listed = root.first("DealList") or Part("")
    showings = dict(_visibilities(listed))
    named = dict(_visible_releases(root, showings))
    return tuple(
        _deal(terms_part, references, named)
        for release_deal in listed.all("ReleaseDeal")
        for references in (release_deal.values("DealReleaseReference"),)
        for deal in release_deal.all("Deal")
        for terms_part in deal.all("DealTerms")
    )


def _deal(part: Part, releases: tuple[str, ...], named: Mapping[str, Showing]) -> Deal:
    usages = (part, *part.all("Usage"))
    shown = (named[each] for each in releases if each in named)
    return Deal(
        releases=releases,
        territories=territories_of(part),
        periods=tuple(map(_period, part.all("ValidityPeriod"))),
        models=terms(part, "CommercialModelType"),
        uses=tuple(use for each in usages for use in terms(each, "UseType")),
        interfaces=tuple(
            each for usage in usages for each in terms(usage, "UserInterfaceType")
        ),
        channels=tuple(map(_channel, part.all("DistributionChannel"))),
        excluded_channels=tuple(map(_channel, part.all("ExcludedDistributionChannel"))),
        prices=tuple(map(_price, part.all("PriceInformation"))),
        rights_claim_policies=tuple(
            each.value("RightsClaimPolicyType")
            for each in part.all("RightsClaimPolicy")
        ),
        instant_gratification=_listed(part, "InstantGratificationResourceList"),
        is_pre_order=is_true(part.value("IsPreOrderDeal")),
        is_promotional=is_true(part.value("IsPromotional")),
        is_takedown=any(is_true(each.value()) for each in part.all(*_TAKEDOWNS)),
        showing=_showing(part) or next(shown, None),
        source=part,
    )


def _period(part: Part) -> Period:
    return Period(_first(part, *_STARTS), _first(part, *_ENDS))


def _first(part: Part, *names: str) -> str:
    return next((value for value in part.values(*names) if value), "")


def _channel(part: Part) -> str:
    ids = [one for each in part.all("PartyId") for one in (each, *each.parts)]
    name = part.value("PartyName/FullName") or part.value("TradingName")
    return next(filter(None, (each.value() for each in ids)), name)


def _price(part: Part) -> Price:
    codes = {each.name: each for each in part.all(*_PRICE_CODES)}
    code = next((codes[name] for name in _PRICE_CODES if name in codes), None)
    return Price(
        code=term(code),
        kind=part.get("PriceType"),
        amounts=tuple(
            (each.name, each.value(), each.get("CurrencyCode"))
            for each in part.parts
            if each.get("CurrencyCode")
        ),
    )


def _listed(part: Part, name: str) -> tuple[str, ...]:
    listed = part.first(name) or Part("")
    return listed.values("DealResourceReference")


def _showing(part: Part) -> Showing | None:
    found = {
        field: _first(part, name, f"{name}Time", f"Full{name}Time")
        for field, name in _SHOWN.items()
    }
    return Showing(**found) if any(found.values()) else None


def _visibilities(listed: Part) -> Iterator[tuple[str, Showing]]:
    for part in listed.all("ReleaseVisibility", "TrackReleaseVisibility"):
        showing = _showing(part)
        if showing is not None:
            yield part.value("VisibilityReference"), showing


def _visible_releases(
    root: Part, showings: Mapping[str, Showing]
) -> Iterator[tuple[str, Showing]]:
    listed = root.first("ReleaseList") or Part("")
    for release in listed.parts:
        for reference in release.values("ReleaseVisibilityReference"):
            if reference in showings:
                yield release.value("ReleaseReference"), showings[reference]
