"""Rules X: deals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from shared.ddex.deal_terms import DealTerms
from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, instant, text_of, texts_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_PHYSICAL: Final = "PurchaseAsPhysicalProduct"
_CLAIM: Final = "RightsClaimModel"
_STREAMS: Final = frozenset(
    {
        "OnDemandStream",
        "NonInteractiveStream",
        "ContentInfluencedStream",
        "TimeInfluencedStream",
        "Webcast",
        "Simulcast",
        "Podcast",
    }
)
_DOWNLOADS: Final = frozenset(
    {
        "PermanentDownload",
        "ConditionalDownload",
        "TetheredDownload",
        "KioskDownload",
    }
)
_CHILDREN: Final = {"Stream": _STREAMS, "Download": _DOWNLOADS}
_CLAIMABLE: Final = _STREAMS | {
    "UserMakeAvailableLabelProvided",
    "UserMakeAvailableUserProvided",
    "UseForIdentification",
    "Stream",
    "Use",
    "UserDefined",
}
_BOUGHT: Final = frozenset({_PHYSICAL, "PermanentDownload", "KioskDownload", "Rent"})
# Which uses no deal of a model has; models that are not named take all.
_SENSELESS: Final = {
    "SubscriptionModel": frozenset({_PHYSICAL, "Rent", "KioskDownload"}),
    "AdvertisementSupportedModel": frozenset({_PHYSICAL, "Rent", "KioskDownload"}),
    "PerformanceRoyaltiesModel": _BOUGHT,
}
_VISIBILITY_DATES: Final = (
    "ReleaseDisplayStartDateTime",
    "CoverArtPreviewStartDateTime",
    "FullTrackListingPreviewStartDateTime",
    "ClipPreviewStartDateTime",
)
_MINOR_UNITS: Final = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "KWD": 3}
_TRUE: Final = frozenset({"true", "1"})


@rule(
    "X01",
    Level.ERROR,
    source="ErncFileStatus; DDEX Knowledge Base",
    says="nothing in the message has a deal",
    fix="Add the deals: a message without any takes the release down.",
    status="NoDealInNewReleaseMessage",
)
def has_deal(message: Message) -> Faults:
    node = message.first("DealList")
    if node is None:
        node = message.first("ReleaseList")
    if node is not None and message.root.find("DealList/ReleaseDeal/Deal") is None:
        yield Fault(node)


@rule(
    "X02",
    Level.ERROR,
    source="XSD annotation of DealTerms",
    says="the deal has no commercial model, or no use",
    fix="Give both CommercialModelType and UseType.",
    status="NewReleaseMessageInvalid",
)
def model_and_use(message: Message) -> Faults:
    for terms in message.deal_terms:
        if not (terms.models and terms.uses) and not _is_agreed_elsewhere(terms):
            given = ", ".join(sorted(terms.models | terms.uses))
            yield Fault(terms.node, given)


def _is_agreed_elsewhere(terms: DealTerms) -> bool:
    deal = terms.node.getparent()
    return deal is not None and (
        child(deal, "DealReference") is not None
        or text_of(deal, "IsCommunicatedOutOfBand") in _TRUE
    )


@rule(
    "X03",
    Level.ERROR,
    source="DDEX Knowledge Base, multiple commercial models; Business profile 1.4",
    says="the use does not go with the commercial model",
    fix="Split the deal: one for each model, with the uses that it is for.",
    status="UnsupportedUsage",
)
def sensible_pair(message: Message) -> Faults:
    for terms in message.deal_terms:
        for node in terms.node.iterchildren("UseType"):
            use = text_of(node)
            if terms.models and all(
                _is_senseless(model, use) for model in terms.models
            ):
                yield Fault(node, use, ", ".join(sorted(terms.models)))


def _is_senseless(model: str, use: str) -> bool:
    if model == _CLAIM:
        return use not in _CLAIMABLE
    return use in _SENSELESS.get(model, frozenset())


@rule(
    "X04",
    Level.FATAL,
    source="XSD; ErncFileStatus",
    says="the period ends before it starts",
    fix="Check the dates of the period.",
    status="ConflictingAvailabilityPeriods",
)
def period_forward(message: Message) -> Faults:
    for node in message.all("ValidityPeriod"):
        for suffix in ("", "Time"):
            start = instant(text_of(node, f"StartDate{suffix}"))
            end = instant(text_of(node, f"EndDate{suffix}"))
            if start and end and (end < start or (suffix and end == start)):
                yield Fault(node, f"{start.isoformat()} to {end.isoformat()}")


@rule(
    "X06",
    Level.ERROR,
    source="ErncFileStatus",
    says="two deals overlap, with different prices",
    fix="End the one before the other starts, or make them one.",
    status="ConflictingAvailabilityPeriods",
)
def no_conflict(message: Message) -> Faults:
    told: set[Node] = set()
    for group in _comparable(message.deal_terms):
        for place, terms in enumerate(group):
            for other in group[:place]:
                differ = terms.price != other.price
                if differ and terms.node not in told and terms.overlaps(other):
                    told.add(terms.node)
                    yield Fault(terms.node, str(terms.territories))


def _comparable(deals: list[DealTerms]) -> Iterator[list[DealTerms]]:
    """Yield deals in groups small enough to compare all pairs.

    Deals of one release, model and use; those of single countries by country, as
    there may be one for each country of the world.
    """
    groups: dict[tuple[str, str, str], list[DealTerms]] = {}
    rest: dict[tuple[str, str], list[DealTerms]] = {}
    for terms in deals:
        for key in _keys(terms):
            if terms.territories.is_rest:
                rest.setdefault(key, []).append(terms)
            for code in () if terms.territories.is_rest else terms.territories.codes:
                groups.setdefault((*key, code), []).append(terms)
    for (release, use, _), group in groups.items():
        yield [*rest.get((release, use), []), *group]
    yield from rest.values()


def _keys(terms: DealTerms) -> Iterator[tuple[str, str]]:
    for release in terms.releases:
        for use in terms.uses:
            yield release, use


@rule(
    "X07",
    Level.FATAL,
    source="Schematron 2.1, 1160 and 1161; XSD annotation",
    says="the release becomes visible after its first deal has started",
    fix="Let the preview dates lie before the start of the deal.",
    status="CommercialReleaseDateInvalid",
)
def visible_before(message: Message) -> Faults:
    for visibility in message.all("ReleaseVisibility", "TrackReleaseVisibility"):
        starts = list(_starts_for(message, text_of(visibility, "VisibilityReference")))
        for name in _VISIBILITY_DATES:
            node = child(visibility, name)
            shown = instant(text_of(node))
            if node is not None and shown and starts and shown > min(starts):
                yield Fault(node, text_of(node))


def _starts_for(message: Message, visibility: str) -> Iterator[datetime]:
    for node in message.all("ReleaseVisibilityReference"):
        release = node.getparent()
        if text_of(node) != visibility or release is None:
            continue
        reference = text_of(release, "ReleaseReference")
        for terms in message.deals_of(reference):
            if terms.starts_at and not terms.is_pre_order:
                # A date without a time lasts its whole day, wherever one is.
                yield terms.starts_at.replace(hour=23, minute=59)


@rule(
    "X08",
    Level.FATAL,
    source="Schematron 2.1, 1040",
    says="the price is given both as a code and as an amount",
    fix="Leave one of PriceCode and the amounts out.",
)
def price_once(message: Message) -> Faults:
    for node in message.all("PriceInformation"):
        amounts = ("WholesalePricePerUnit", "BulkOrderWholesalePricePerUnit")
        has_amount = any(child(node, name) is not None for name in amounts)
        if has_amount and child(node, "PriceCode") is not None:
            yield Fault(node, text_of(node, "PriceCode"))


@rule(
    "X09",
    Level.FATAL,
    source="Schematron 2.1, 1041 to 1044",
    says="only a deal for physical products has this",
    fix="Leave it out, or give UseType PurchaseAsPhysicalProduct.",
)
def physical_alone(message: Message) -> Faults:
    paths = (
        "PriceInformation/BulkOrderWholesalePricePerUnit",
        "CarrierType",
        "PhysicalReturns",
        "NumberOfProductsPerCarton",
    )
    for terms in message.deal_terms:
        if _PHYSICAL in terms.uses:
            continue
        for path in paths:
            node = terms.node.find(path)
            if node is not None:
                yield Fault(node, text_of(node), str(node.tag))


@rule(
    "X10",
    Level.ERROR,
    source="XSD; ISO 4217",
    says="not an amount of that currency",
    fix="Write a positive amount with the decimals of its currency.",
)
def amounts_plausible(message: Message) -> Faults:
    names = ("WholesalePricePerUnit", "SuggestedRetailPrice")
    for node in message.all(*names, "BulkOrderWholesalePricePerUnit"):
        amount, currency = text_of(node), node.get("CurrencyCode", "")
        _, _, decimals = amount.partition(".")
        most = _MINOR_UNITS.get(currency, 2)
        is_negative = amount.startswith("-") or not amount.strip("0.")
        if is_negative or len(decimals.rstrip("0")) > most:
            yield Fault(node, amount, currency)


@rule(
    "X11",
    Level.ERROR,
    source="ERN Part 1, 6.19.8",
    says="a pre-order without an end, or that no deal follows",
    fix="End the pre-order where the release starts, and give the deal from then on.",
    status="CommercialReleaseDateInvalid",
)
def pre_order_ends(message: Message) -> Faults:
    for terms in message.deal_terms:
        if not terms.is_pre_order:
            continue
        end = terms.ends_at
        if end is None or not any(
            other.starts_at and other.starts_at >= end and not other.is_pre_order
            for release in terms.releases
            for other in message.deals_of(release)
        ):
            yield Fault(terms.node, end.isoformat() if end else "")


@rule(
    "X12",
    Level.ERROR,
    source="ERN Part 1, 6.19.8; ERN Part 2, 7.4(8)",
    says="given at once, and not marked so in the release",
    fix="Set IsInstantGratificationResource in the resource's content item.",
)
def instant_gratification(message: Message) -> Faults:
    marked = {
        text_of(item, "ReleaseResourceReference")
        for item in message.content_items
        if text_of(item, "IsInstantGratificationResource") in _TRUE
    }
    for group in message.all("InstantGratificationResourceList"):
        for node in group.iterchildren("DealResourceReference"):
            if text_of(node) not in marked:
                yield Fault(node, text_of(node))


@rule(
    "X17",
    Level.ERROR,
    source="logic",
    says="the deal is for other services than the recipient, or leaves it out",
    fix="Name the recipient's DPID, or send the deal to whom it is for.",
)
def channel_is_recipient(message: Message) -> Faults:
    recipients = set(texts_of(message.root, "MessageHeader/MessageRecipient/PartyId"))
    for terms in message.deal_terms:
        included = texts_of(terms.node, "DistributionChannel/PartyId/DPID")
        excluded = texts_of(terms.node, "ExcludedDistributionChannel/PartyId/DPID")
        is_other = bool(included) and recipients.isdisjoint(included)
        if is_other or not recipients.isdisjoint(excluded):
            yield Fault(terms.node, ", ".join(included or excluded))


@rule(
    "X18",
    Level.WARNING,
    source="ERN Part 1; DDEX Knowledge Base, RightsClaimPolicy",
    says="a claim policy without the model of claiming rights",
    fix="Use RightsClaimModel, or leave RightsClaimPolicy out.",
)
def claim_policy_with_model(message: Message) -> Faults:
    for terms in message.deal_terms:
        node = child(terms.node, "RightsClaimPolicy")
        if node is not None and _CLAIM not in terms.models:
            yield Fault(node, text_of(node, "RightsClaimPolicyType"))


@rule(
    "X19",
    Level.WARNING,
    source="DDEX Knowledge Base, as precise as possible",
    says="a general use beside one that it includes",
    fix="Leave the general use out, or the special one.",
)
def uses_precise(message: Message) -> Faults:
    for terms in message.deal_terms:
        for general, children in _CHILDREN.items():
            if general in terms.uses and not children.isdisjoint(terms.uses):
                # Until 4.3 a stream beside a conditional download is what stores ask.
                yield Fault(terms.node, general, ", ".join(sorted(terms.uses)))


@rule(
    "X20",
    Level.ERROR,
    source="ErncFileStatus",
    says="the deal starts before the release date",
    fix="Start the deal on the release date, or mark it as a pre-order.",
    status="CommercialReleaseDateInvalid",
)
def not_before_release(message: Message) -> Faults:
    release = message.main_release
    dates = [] if release is None else texts_of(release, "ReleaseDate")
    released = min(filter(None, map(instant, dates)), default=None)
    if release is None or released is None:
        return
    for terms in message.deals_of(text_of(release, "ReleaseReference")):
        is_early = terms.starts_at and terms.starts_at.date() < released.date()
        is_instant = child(terms.node, "InstantGratificationResourceList") is not None
        if is_early and not terms.is_pre_order and not is_instant:
            yield Fault(terms.node, text_of(terms.node, "ValidityPeriod/StartDate"))
