"""Rules X: deals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.ddex.deal_terms import DealTerms
from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, text_of, texts_of
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
