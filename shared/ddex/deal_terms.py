"""The terms of a deal: where, when, how, and for how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from .nodes import Node, instant, text_of, texts_of
from .territories import Territories


@dataclass(frozen=True, slots=True)
class DealTerms:
    """One `DealTerms`, read.

    Attributes:
        releases: The references of the releases that it is for.
        starts_at: The first start of its periods; None where there is none.
        ends_at: The last end of its periods; None where one is open.
        price: The prices as written, to compare; empty where there are none.
        channels: The ids and names of the services that it is limited to.
    """

    node: Node
    releases: tuple[str, ...]
    territories: Territories
    starts_at: datetime | None
    ends_at: datetime | None
    models: frozenset[str]
    uses: frozenset[str]
    price: bytes
    channels: frozenset[str]
    is_pre_order: bool

    def overlaps(self, other: DealTerms) -> bool:
        """Tell whether both hold somewhere at one time, for one use and service."""
        return (
            self._is_before_end_of(other)
            and other._is_before_end_of(self)
            and not self.uses.isdisjoint(other.uses)
            and not self.models.isdisjoint(other.models)
            and self.territories.overlaps(other.territories)
            and self._shares_channel_with(other)
        )

    def _is_before_end_of(self, other: DealTerms) -> bool:
        if self.starts_at is None or other.ends_at is None:
            return True
        return self.starts_at < other.ends_at

    def _shares_channel_with(self, other: DealTerms) -> bool:
        if not self.channels or not other.channels:
            return True
        return not self.channels.isdisjoint(other.channels)


def terms_of(release_deal: Node) -> Iterator[DealTerms]:
    """Yield the terms of one `ReleaseDeal`, in order."""
    releases = tuple(texts_of(release_deal, "DealReleaseReference"))
    for node in release_deal.iterfind("Deal/DealTerms"):
        starts = texts_of(node, "ValidityPeriod/StartDate")
        starts += texts_of(node, "ValidityPeriod/StartDateTime")
        yield DealTerms(
            node=node,
            releases=releases,
            territories=Territories.of(
                texts_of(node, "TerritoryCode"),
                texts_of(node, "ExcludedTerritoryCode"),
            ),
            starts_at=min(filter(None, map(instant, starts)), default=None),
            ends_at=_end(node),
            models=frozenset(texts_of(node, "CommercialModelType")),
            uses=frozenset(texts_of(node, "UseType")),
            price=b"".join(
                b"".join(etree.tostring(each, method="c14n").split())
                for each in node.iterchildren("PriceInformation")
            ),
            channels=_channels(node),
            is_pre_order=text_of(node, "IsPreOrderDeal") in {"true", "1"},
        )


def _end(node: Node) -> datetime | None:
    ends = []
    for period in node.iterchildren("ValidityPeriod"):
        text = text_of(period, "EndDate") or text_of(period, "EndDateTime")
        found = instant(text) if text else None
        if found is None:
            return None
        ends.append(found)
    return max(ends, default=None)


def _channels(node: Node) -> frozenset[str]:
    found: set[str] = set()
    for channel in node.iterchildren("DistributionChannel"):
        ids = [text_of(each) for each in channel.iterfind("PartyId/*")]
        ids.append(text_of(channel, "PartyId"))
        found.update(filter(None, ids))
        if not any(ids):
            found.add(text_of(channel, "PartyName/FullName"))
    return frozenset(found)
