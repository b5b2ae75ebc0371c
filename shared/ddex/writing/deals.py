"""Deals as the deal list of a message, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from shared.ddex.model import Part
from shared.domain.claims import JsonValue, canonical_json

from .building import WORLDWIDE, element, every, flagged, optional, own_word
from .description import Values, listed, objects, text
from .releases import MAIN, VISIBILITY
from .resources import Resources

_SHOWN: Final = {
    "release_display_from": "ReleaseDisplayStartDateTime",
    "cover_shown_from": "CoverArtPreviewStartDateTime",
    "tracks_listed_from": "FullTrackListingPreviewStartDateTime",
    "clips_played_from": "ClipPreviewStartDateTime",
}


def shown_from(deals: Sequence[Values]) -> dict[str, str]:
    """Return from when a release and its parts may be shown, by element; or none."""
    for deal in deals:
        found = {
            name: _moment(text(deal, field))
            for field, name in _SHOWN.items()
            if text(deal, field)
        }
        if found and not deal.get("recording"):
            return found
    return {}


def deal_list(
    deals: Sequence[Values], tracks: Mapping[str, str], resources: Resources
) -> Part | None:
    """Return the deals of the release and of its tracks; None where there is none.

    Args:
        tracks: References of track releases by their recordings' references.
    """
    placed = _placed(deals, tracks, resources)
    if not placed:
        return None
    parts = [
        element(
            "ReleaseDeal",
            element("DealReleaseReference", text=reference),
            *(_deal(deal, resources) for _, _, deal in members),
        )
        for reference, members in groupby(placed, key=lambda each: each[0][1])
    ]
    return element("DealList", *parts, _visibility(deals))


def _placed(
    deals: Sequence[Values], tracks: Mapping[str, str], resources: Resources
) -> list[tuple[tuple[int, str], str, Values]]:
    found = []
    for deal in deals:
        reference = _reference(deal, tracks, resources)
        if reference:
            number = int(reference[1:])
            said = canonical_json(dict(deal))
            found.append(((number, reference), said, deal))
    return sorted(found, key=lambda each: each[:2])


def _reference(deal: Values, tracks: Mapping[str, str], resources: Resources) -> str:
    recording = text(deal, "recording")
    if not recording:
        return MAIN
    return tracks.get(resources.by_key(recording), "")


def _deal(deal: Values, resources: Resources) -> Part:
    return element(
        "Deal",
        optional("DealReference", text(deal, "reference")),
        _terms(deal, resources),
    )


def _terms(deal: Values, resources: Resources) -> Part:
    namespace = resources.namespace
    excluded = listed(deal, "excluded_territories")
    included = [] if excluded else listed(deal, "territories") or [WORLDWIDE]
    given = [resources.by_key(key) for key in listed(deal, "instant_gratification")]
    return element(
        "DealTerms",
        *every("TerritoryCode", included),
        *every("ExcludedTerritoryCode", excluded),
        _period(deal),
        *(
            own_word("CommercialModelType", model, "CommercialModelType_ERN", namespace)
            for model in listed(deal, "commercial_models")
        ),
        *(
            own_word("UseType", use, "UseType_ERN", namespace)
            for use in listed(deal, "use_types")
        ),
        *_channels("DistributionChannel", listed(deal, "channels")),
        *_channels("ExcludedDistributionChannel", listed(deal, "excluded_channels")),
        *(
            element(
                "RightsClaimPolicy",
                element("RightsClaimPolicyType", text=str(policy["policy"])),
            )
            for policy in objects(deal, "rights_claim_policies")
        ),
        *(_price(price, namespace) for price in objects(deal, "prices")),
        flagged("IsPreOrderDeal", deal.get("is_pre_order")),
        element(
            "InstantGratificationResourceList", *every("DealResourceReference", given)
        )
        if any(given)
        else None,
    )


def _period(deal: Values) -> Part | None:
    starts, ends = text(deal, "starts"), text(deal, "ends")
    if not starts and not ends:
        return None
    suffix = "DateTime" if "T" in starts + ends else "Date"
    as_written = _moment if suffix == "DateTime" else str
    return element(
        "ValidityPeriod",
        optional(f"Start{suffix}", as_written(starts)),
        optional(f"End{suffix}", as_written(ends)),
    )


def _moment(said: str) -> str:
    """Return a date as the moment it begins; a date-time as it is."""
    return f"{said}T00:00:00Z" if said and "T" not in said else said


def _channels(name: str, channels: Sequence[str]) -> Iterator[Part]:
    for channel in channels:
        if channel.startswith("PADPIDA"):
            yield element(name, element("PartyId", element("DPID", text=channel)))
        else:
            yield element(name, element("PartyName", element("FullName", text=channel)))


def _price(price: Mapping[str, JsonValue], namespace: str) -> Part:
    code, kind = text(price, "type"), text(price, "kind")
    amount = optional(
        kind if kind.endswith(("Unit", "Price")) else "WholesalePricePerUnit",
        text(price, "amount"),
        CurrencyCode=text(price, "currency"),
    )
    return element(
        "PriceInformation",
        # One of them alone says what it costs (Schematron 2.1, 1040).
        amount or optional("PriceCode", code, Namespace=namespace),
    )


def _visibility(deals: Sequence[Values]) -> Part | None:
    shown = shown_from(deals)
    if not shown:
        return None
    return element(
        "ReleaseVisibility",
        element("VisibilityReference", text=VISIBILITY),
        *(element(name, text=moment) for name, moment in shown.items()),
    )
