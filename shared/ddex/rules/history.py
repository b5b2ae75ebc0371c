"""Rules that need the sender's earlier messages: D12, H01, X14 and X15."""

from __future__ import annotations

from shared.ddex.catalog_facts import EarlierRelease, ReleaseId
from shared.ddex.message import Message
from shared.ddex.nodes import Node, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_IDS = ("GRid", "ICPN", "ProprietaryId", "CatalogNumber")


@rule(
    "H01",
    Level.FATAL,
    source="XSD annotation of MessageId",
    says="the message has no id, or one that its sender has used before",
    fix="Give every message an id of its own that is never used again.",
    since=(3, 4),
    message="",
)
def message_id_is_new(message: Message) -> Faults:
    node = message.first("MessageHeader/MessageId")
    if node is None:
        return
    if not text_of(node):
        yield Fault(node, level=Level.ERROR)
    elif message.facts and text_of(node) in message.facts.message_ids:
        yield Fault(node, text_of(node))


@rule(
    "D12",
    Level.ERROR,
    source="logic",
    says="the sender has another release with this barcode",
    fix="Give each release its own barcode, or send the ids that it was sent with.",
    status="IdentifierInvalid",
)
def barcode_is_free(message: Message) -> Faults:
    release = message.main_release
    if release is None or message.facts is None:
        return
    ids = _ids_of(release)
    taken = {
        (kind, value)
        for earlier in message.facts.releases
        if earlier.contradicts(ids)
        for kind, _, value in earlier.ids
    }
    for node in release.iterfind("ReleaseId/ICPN"):
        if ("ICPN", text_of(node)) in taken:
            yield Fault(node, text_of(node))


def _ids_of(release: Node) -> frozenset[ReleaseId]:
    return frozenset(
        (str(node.tag), node.get("Namespace", ""), text_of(node))
        for node in release.iterfind("ReleaseId/*")
        if node.tag in _IDS and text_of(node)
    )


def _earlier(message: Message) -> EarlierRelease | None:
    release = message.main_release
    if release is None or message.facts is None:
        return None
    ids = _ids_of(release)
    same = (each for each in message.facts.releases if each.is_same_as(ids))
    return next(same, None)


@rule(
    "X14",
    Level.ERROR,
    source="ERN Part 1, 6.19.2; DDEX Knowledge Base, statements of truth",
    says="a deal that still holds is not repeated, and so is taken down",
    fix="Repeat all deals that are to go on: a message replaces all earlier ones.",
)
def deals_repeated(message: Message) -> Faults:
    release, earlier = message.main_release, _earlier(message)
    if release is None or earlier is None:
        return
    deals = message.deals_of(text_of(release, "ReleaseReference"))
    # Without any deal the message takes the release down: X01 tells.
    for deal in earlier.deals if deals else ():
        is_over = deal.ends_at is not None and deal.ends_at <= message.now
        missing = deal.missing_from(deals)
        if missing and not is_over:
            uses = ", ".join(sorted(deal.uses))
            yield Fault(release, str(missing), uses)


@rule(
    "X15",
    Level.ERROR,
    source="DDEX Knowledge Base, no takedown in the initial deal",
    says="the first message about a release takes it down",
    fix="Send the release with its deals first, or not at all.",
    status="NoDealInNewReleaseMessage",
)
def first_is_no_takedown(message: Message) -> Faults:
    release = message.main_release
    if release is None or message.facts is None or _earlier(message) is not None:
        return
    deals = message.deals_of(text_of(release, "ReleaseReference"))
    ends = [terms.ends_at for terms in deals]
    if all(end is not None and end <= message.now for end in ends):
        yield Fault(release, f"{len(deals)} deals, all over" if deals else "no deal")
