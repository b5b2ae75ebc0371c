"""Rules P, I10 to I14, and Z: parties, what is used, and the text itself."""

from __future__ import annotations

from typing import Final

from shared.ddex.clean_text import is_clean
from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, text_of, texts_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_NOBODY: Final = frozenset({"various artists", "various", "unknown", "unknown artist"})
_MANY: Final = 4


@rule(
    "P01",
    Level.ERROR,
    source="XSD annotation of Party",
    says="the party has neither a name nor an id",
    fix="Give PartyName its FullName.",
    status="PrimaryArtistNameMissing",
)
def party_named(message: Message) -> Faults:
    for party in message.parties:
        names = ("PartyName/FullName", "PartyName/KeyName")
        has_name = any(text_of(party, name) for name in names)
        has_id = any(text_of(each) for each in party.iterfind("PartyId/*"))
        if not has_name and (child(party, "PartyName") is not None or not has_id):
            yield Fault(party, text_of(party, "PartyReference"))


@rule(
    "P02",
    Level.WARNING,
    source="logic",
    says="two parties with different names share one id",
    fix="Make them one party, or correct the id.",
)
def ids_of_one_party(message: Message) -> Faults:
    owners: dict[tuple[str, str], str] = {}
    for party in message.parties:
        name = text_of(party, "PartyName/FullName")
        for kind in ("ISNI", "IpiNameNumber", "DPID"):
            for node in party.iterfind(f"PartyId/{kind}"):
                owner = owners.setdefault((kind, text_of(node)), name)
                if name and owner and owner.casefold() != name.casefold():
                    yield Fault(node, text_of(node), owner)


@rule(
    "P03",
    Level.WARNING,
    source="DDEX Knowledge Base, artists",
    says="nobody in particular has contributed",
    fix="Name the contributor: “Various Artists” is for the display of compilations.",
)
def contributors_are_somebody(message: Message) -> Faults:
    for node in message.all("ContributorPartyReference"):
        for name in message.party_names(text_of(node)):
            if name.casefold() in _NOBODY:
                yield Fault(node, name)


@rule(
    "P04",
    Level.WARNING,
    source="DDEX Knowledge Base, artists",
    says="many artists, and not marked as a compilation",
    fix="Set IsMultiArtistCompilation.",
)
def compilation_marked(message: Message) -> Faults:
    release = message.main_release
    if release is None:
        return
    main = [
        node
        for node in release.iterchildren("DisplayArtist")
        if text_of(node, "DisplayArtistRole") == "MainArtist"
    ]
    is_marked = text_of(release, "IsMultiArtistCompilation") in {"true", "1"}
    if len(main) > _MANY and not is_marked:
        yield Fault(release, f"{len(main)} artists")


@rule(
    "I10",
    Level.WARNING,
    source="Schematron 2.1, G.4",
    says="the party is not used",
    fix="Leave it out, or refer to it.",
)
def parties_used(message: Message) -> Faults:
    yield from _unused(message, "PartyList/Party", "PartyReference")


@rule(
    "I11",
    Level.WARNING,
    source="Schematron 2.1, G.3",
    says="the resource is not used",
    fix="Leave it out, or refer to it.",
)
def resources_used(message: Message) -> Faults:
    primary = set(message.primary_resources)
    for node, reference in message.listed_resources:
        # Of a recording L22 says the same, and more.
        is_unused = reference and reference not in message.pointed_to
        if is_unused and node not in primary:
            yield Fault(node, reference)


@rule(
    "I12",
    Level.WARNING,
    source="Schematron 2.1, G.1 and G.2",
    says="the cue sheet or chapter is not used",
    fix="Leave it out, or refer to it.",
)
def sheets_used(message: Message) -> Faults:
    yield from _unused(message, "CueSheetList/CueSheet", "CueSheetReference")
    yield from _unused(message, "ChapterList/Chapter", "ChapterReference")


def _unused(message: Message, path: str, anchor: str) -> Faults:
    for node in message.root.iterfind(path):
        reference = text_of(node, anchor)
        if reference and reference not in message.pointed_to:
            yield Fault(node, reference)


@rule(
    "I14",
    Level.FATAL,
    source="logic",
    says="the resource contains itself",
    fix="Remove the reference that closes the circle.",
)
def no_circle(message: Message) -> Faults:
    links = message.all("RelatedResource", "ResourceContainedResourceReference")
    if next(links, None) is None:
        return
    inner = {
        reference: _contained(resource)
        for reference, resource in message.resources.items()
    }
    for reference, resource in message.resources.items():
        reached: set[str] = set()
        ahead = list(inner[reference])
        while ahead:
            each = ahead.pop()
            if each not in reached:
                reached.add(each)
                ahead.extend(inner.get(each, ()))
        if reference in reached:
            yield Fault(resource, reference)


def _contained(resource: Node) -> list[str]:
    found = texts_of(
        resource,
        "ResourceContainedResourceReferenceList/ResourceContainedResourceReference"
        "/ResourceContainedResourceReference",
    )
    for related in resource.iterchildren("RelatedResource"):
        if text_of(related, "ResourceRelationshipType") == "HasContentFrom":
            found += texts_of(related, "ResourceRelatedResourceReference")
    return found


@rule(
    "Z03",
    Level.WARNING,
    source="practice; Unicode Standard Annex 15",
    says="the text was read in the wrong encoding, is not in form C, or holds"
    " control characters",
    fix="Write the text anew, in UTF-8 and Unicode's form C.",
    since=(3, 4),
    message="",
)
def text_clean(message: Message) -> Faults:
    for node in message.root.iter() if message.has_unusual_text else ():
        text = node.text
        if text is not None and not is_clean(text):
            yield Fault(node, text.strip()[:80])
