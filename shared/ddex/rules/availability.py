"""Rules X about when: periods, previews, pre-orders and release dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import child, instant, text_of, texts_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_VISIBILITY_DATES: Final = (
    "ReleaseDisplayStartDateTime",
    "CoverArtPreviewStartDateTime",
    "FullTrackListingPreviewStartDateTime",
    "ClipPreviewStartDateTime",
)
_TRUE: Final = frozenset({"true", "1"})


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
    if not message.count("InstantGratificationResourceList"):
        return
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
