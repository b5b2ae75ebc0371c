"""Advice: what nobody can call wrong from the message alone, and is asked for.

DDEX calls these rules conditional: they hold when the sender knows, or when something
outside the message is so. They are told only when advice is asked for.
"""

from __future__ import annotations

from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, text_of, texts_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_WRITERS: Final = frozenset(
    {"Author", "Composer", "ComposerLyricist", "Lyricist", "Librettist", "Writer"}
)


@rule(
    "H06",
    Level.INFO,
    source="XSD annotation of MessageThreadId",
    says="the message names no thread",
    fix="Give all messages about a release the same MessageThreadId.",
    is_advice=True,
    message="",
)
def thread_named(message: Message) -> Faults:
    header = message.first("MessageHeader")
    if header is not None and not text_of(header, "MessageThreadId"):
        yield Fault(header)


@rule(
    "S12",
    Level.INFO,
    source="ERN Part 2, 7.4(5); Schematron 2.1, 1015",
    says="the recording names no writer",
    fix="Give composer, lyricist or arranger as Contributor, when they are known.",
    is_advice=True,
)
def writers_named(message: Message) -> Faults:
    for resource in message.primary_resources:
        roles = texts_of(resource, "Contributor/Role")
        if _WRITERS.isdisjoint(roles):
            yield Fault(resource, text_of(resource, "ResourceReference"))


@rule(
    "S13",
    Level.INFO,
    source="ERN Part 2, 7.4(4)",
    says="the recording names no ISWC",
    fix="Give WorkId the ISWC, when it is known.",
    is_advice=True,
)
def work_identified(message: Message) -> Faults:
    for resource in message.primary_resources:
        if not text_of(resource, "WorkId/ISWC"):
            yield Fault(resource, text_of(resource, "ResourceReference"))


@rule(
    "L10",
    Level.INFO,
    source="ERN Part 2, 7.3(7); Schematron 2.1, 1027",
    says="the release has no date",
    fix="Give ReleaseDate or OriginalReleaseDate.",
    status="MetadataMissing",
    is_advice=True,
)
def release_dated(message: Message) -> Faults:
    release = message.main_release
    if release is None:
        return
    dates = (child(release, name) for name in ("ReleaseDate", "OriginalReleaseDate"))
    if all(date is None for date in dates):
        yield Fault(release)


@rule(
    "L24",
    Level.INFO,
    source="ERN Part 2, 7.3(8); Schematron 2.1, 1028",
    says="sides of a carrier, and no deal for a physical product",
    fix="Group by Side only where the release is sold on a carrier.",
    is_advice=True,
)
def sides_are_physical(message: Message) -> Faults:
    if any("PurchaseAsPhysicalProduct" in terms.uses for terms in message.deal_terms):
        return
    for node in message.all("ResourceGroup"):
        if node.get("ResourceGroupType") == "Side":
            yield Fault(node)


@rule(
    "L29",
    Level.INFO,
    source="Schematron 2.1, 1242",
    says="the ringtone does not say which release it is from",
    fix="Give RelatedRelease IsReleaseFromRelease.",
    profiles=frozenset({"Ringtone"}),
    is_advice=True,
)
def ringtone_origin(message: Message) -> Faults:
    release = message.main_release
    kinds = (
        []
        if release is None
        else texts_of(release, "RelatedRelease/ReleaseRelationshipType")
    )
    if release is not None and "IsReleaseFromRelease" not in kinds:
        yield Fault(release)


@rule(
    "X05",
    Level.INFO,
    source="XSD annotation of StartDate; DDEX Knowledge Base, dates in deals",
    says="the period is given in days, which DDEX discourages",
    fix="Give StartDateTime and EndDateTime.",
    is_advice=True,
    since=(4, 3),
)
def period_in_moments(message: Message) -> Faults:
    days: list[Node] = [
        node for node in message.all("ValidityPeriod") if text_of(node, "StartDate")
    ]
    if days:
        yield Fault(days[0], text_of(days[0], "StartDate"), f"{len(days)} of them")


@rule(
    "X13",
    Level.INFO,
    source="DDEX Knowledge Base, track releases; ErncFileStatus",
    says="the track has no deal of its own: it is sold with the album only",
    fix="Add a deal, if the track is sold alone.",
    status="NoDealForTrackRelease",
    is_advice=True,
)
def album_only(message: Message) -> Faults:
    for track in message.track_releases:
        reference = text_of(track, "ReleaseReference")
        if not message.deals_of(reference):
            yield Fault(track, reference)


@rule(
    "X16",
    Level.INFO,
    source="DDEX Knowledge Base, ERN 3 and 4 explained",
    says="a purge is for releases that were sent in error",
    fix="To take a release down, send it again without deals.",
    is_advice=True,
    message="PurgeReleaseMessage",
)
def purge_is_rare(message: Message) -> Faults:
    for node in message.root.iterchildren("PurgedRelease"):
        yield Fault(node)
