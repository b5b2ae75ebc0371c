"""Rules L about groups: which resource stands where in the release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, text_of, texts_of
from shared.ddex.rules.registry import ALBUMS, Fault, Faults, rule
from shared.ddex.rules.resources import front_covers
from shared.domain.findings import Level

_SUB_GROUPS: Final = {
    "": frozenset({"Component", "Side"}),
    "BoxedSet": frozenset(
        {"Component", "Side", "ComponentRelease", "ReleaseComponent"}
    ),
    "Classical": frozenset({"Component", "Side", "MultiWorkPart"}),
}
_NUMBERED: Final = frozenset({"Component", "ComponentRelease", "Side", "MultiWorkPart"})
_TRUE: Final = frozenset({"true", "1"})


@rule(
    "L15",
    Level.FATAL,
    source="Schematron 2.1, 1018, 1544, 1548",
    says="a group of this type does not belong on the second level",
    fix="Use Component or Side; others need their profile variant.",
)
def second_level(message: Message) -> Faults:
    allowed = _SUB_GROUPS[""].union(
        *(_SUB_GROUPS.get(variant, frozenset()) for variant in message.variants)
    )
    for node in message.root.iterfind(
        "ReleaseList/Release/ResourceGroup/ResourceGroup"
    ):
        kind = node.get("ResourceGroupType", "")
        if kind not in allowed:
            yield Fault(node, kind)


@rule(
    "L16",
    Level.FATAL,
    source="Schematron 2.1, 1019",
    says="the group has no SequenceNumber",
    fix="Number the groups from 1.",
)
def groups_numbered(message: Message) -> Faults:
    for node in message.all("ResourceGroup"):
        kind = node.get("ResourceGroupType", "")
        if kind in _NUMBERED and child(node, "SequenceNumber") is None:
            yield Fault(node, kind)


@rule(
    "L17",
    Level.FATAL,
    source="Schematron 2.1, 1020",
    says="the recording has no place in its group",
    fix="Give the content item a SequenceNumber.",
)
def items_numbered(message: Message) -> Faults:
    numbers = message.nodes_in("SequenceNumber")
    placed = {reference for node, reference in _items(message) if node in numbers}
    unplaced = set(message.primary_references) - placed
    for node, reference in _items(message):
        if reference in unplaced and text_of(node, "IsBonusResource") not in _TRUE:
            yield Fault(node, reference)


def _items(message: Message) -> Iterator[tuple[Node, str]]:
    return zip(message.content_items, message.content_references, strict=True)


@rule(
    "L18",
    Level.FATAL,
    source="Schematron 2.1, 1021",
    says="two things have one place in their group",
    fix="Number what stands in a group from 1, each number once.",
)
def places_once(message: Message) -> Faults:
    numbers = message.nodes_in("SequenceNumber")
    for group in message.all("ResourceGroup"):
        for name in ("ResourceGroup", "ResourceGroupContentItem"):
            seen: set[str] = set()
            for part in group.iterchildren(name):
                for node in numbers.get(part, ()):
                    if text_of(node) in seen:
                        yield Fault(node, text_of(node))
                    seen.add(text_of(node))


@rule(
    "L19",
    Level.FATAL,
    source="Schematron 2.1, 1022",
    says="items and groups are numbered side by side",
    fix="Put the items into groups of their own.",
)
def not_side_by_side(message: Message) -> Faults:
    for group in message.all("ResourceGroup"):
        items = group.find("ResourceGroupContentItem/SequenceNumber")
        groups = group.find("ResourceGroup/SequenceNumber")
        if items is not None and groups is not None:
            yield Fault(items, text_of(items))


@rule(
    "L20",
    Level.ERROR,
    source="Schematron 2.1, 1023 and 1056",
    says="an image, text or bonus has a place among the recordings",
    fix="Leave its SequenceNumber out.",
)
def extras_not_numbered(message: Message) -> Faults:
    primary = set(message.primary_references)
    for node, reference in _items(message):
        if reference in primary or reference not in message.resources:
            continue
        number = child(node, "SequenceNumber")
        if number is not None:
            yield Fault(number, reference)


@rule(
    "L21",
    Level.ERROR,
    source="Schematron 2.1, 1057",
    says="the front cover is not linked from the release's group",
    fix="Add a LinkedReleaseResourceReference to the top ResourceGroup.",
    status="ResourceMissing",
    profiles=ALBUMS | {"DjMix"},
)
def cover_linked(message: Message) -> Faults:
    release = message.main_release
    covers = front_covers(message)
    if release is None or not covers:
        return
    linked = texts_of(release, "ResourceGroup/LinkedReleaseResourceReference")
    if not any(text_of(cover, "ResourceReference") in linked for cover in covers):
        yield Fault(release, text_of(covers[0], "ResourceReference"))


@rule(
    "L25",
    Level.FATAL,
    source="ERN Part 2, 11.1; Schematron 2.1, 1545 and 1546",
    says="a boxed set has two or more component releases, each with its id",
    fix="Give each ReleaseComponent group a ReleaseId with ICPN or GRid.",
)
def boxed_set(message: Message) -> Faults:
    release = message.main_release
    if "BoxedSet" not in message.variants or release is None:
        return
    parts = _typed(release, "ReleaseComponent")
    if len(parts) < 2:
        yield Fault(release, f"{len(parts)} components")
    for part in parts:
        ids = [text_of(part, f"ReleaseId/{name}") for name in ("ICPN", "GRid")]
        if not any(ids) and child(part, "ResourceGroupReleaseReference") is None:
            yield Fault(part, "", level=Level.ERROR)


@rule(
    "L26",
    Level.FATAL,
    source="Schematron 2.1, 1549 to 1555",
    says="the classical variant has a group of two or more parts, with a title",
    fix="Group the movements of a work as MultiWorkPart, and give the group its title.",
)
def classical(message: Message) -> Faults:
    release = message.main_release
    if "Classical" not in message.variants or release is None:
        return
    groups = _typed(release, "MultiWorkPart")
    if not groups:
        yield Fault(release)
    for group in groups:
        items = len(group.findall("ResourceGroupContentItem"))
        items += len(group.findall("ResourceGroup"))
        if items < 2 or child(group, "DisplayTitle") is None:
            yield Fault(group, f"{items} parts", level=Level.ERROR)


def _typed(release: Node, kind: str) -> list[Node]:
    groups = release.iter("ResourceGroup")
    return [group for group in groups if group.get("ResourceGroupType") == kind]


@rule(
    "L27",
    Level.FATAL,
    source="Schematron 2.1, 1479 to 1491",
    says="a mix is one recording that names two or more others, each with its time",
    fix="Give RelatedResource HasContentFrom, StartPoint and DurationUsed for each.",
    profiles=frozenset({"DjMix"}),
)
def dj_mix(message: Message) -> Faults:
    release = message.main_release
    mixes = message.primary_resources
    if release is not None and len(mixes) != 1:
        yield Fault(release, f"{len(mixes)} mixes")
    for mix in mixes:
        parts = [
            related
            for related in mix.iterchildren("RelatedResource")
            if text_of(related, "ResourceRelationshipType") == "HasContentFrom"
        ]
        if len(parts) < 2:
            yield Fault(mix, f"{len(parts)} recordings")
        for part in parts:
            paths = ("Timing/StartPoint", "Timing/DurationUsed")
            if not all(text_of(part, path) for path in paths):
                yield Fault(part, text_of(part, "ResourceRelatedResourceReference"))


@rule(
    "L28",
    Level.FATAL,
    source="Schematron 2.1, 1411 to 1431",
    says="the profile has exactly one long-form or concert video",
    fix="Deliver one Video of Type LongFormMusicalWorkVideo or ConcertVideo.",
    profiles=frozenset({"LongFormMusicalWorkVideo"}),
)
def one_long_form(message: Message) -> Faults:
    resources = message.first("ResourceList")
    kinds = [text_of(kind) for kind in message.root.iterfind("ResourceList/Video/Type")]
    found = [
        kind for kind in kinds if kind in {"LongFormMusicalWorkVideo", "ConcertVideo"}
    ]
    if resources is not None and len(found) != 1:
        yield Fault(resources, f"{len(found)} videos")
