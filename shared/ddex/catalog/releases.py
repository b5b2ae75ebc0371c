"""Releases, what stands on them and where, as a message tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.ddex.model import Ern, GroupItem, Identifier, Release, ResourceGroup
from shared.domain.claims import Claim, JsonValue, Kind
from shared.domain.keys import position_keys, release_keys

from .descriptions import best_title, date_text, say_description
from .statements import Saying, Statement, widest

_PARTED: Final = "MultiWorkPart"
_LOOSE: Final = "Component"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource stands on a release, both counted from 1."""

    item: GroupItem
    medium_number: int
    track_number: int


def release_keys_of(
    identifiers: Iterable[Identifier], saying: Saying
) -> tuple[str, ...]:
    """Return the keys of a release: barcode, GRid, partners' ids, or its name."""
    values = saying.values
    if values.get("gtin") or values.get("grid"):
        return release_keys(values)
    owned = tuple(
        f"proprietary:{i.namespace}:{i.value}"
        for i in identifiers
        if i.kind == "ProprietaryId"
    )
    return owned or release_keys(values)


def identified(identifiers: Iterable[Identifier]) -> Saying:
    """Return what the identifiers of a release claim."""
    saying = Saying(Kind.RELEASE)
    listed = [i for i in identifiers if not i.is_replaced]
    for kind, name in (
        ("ICPN", "gtin"),
        ("GRid", "grid"),
        ("CatalogNumber", "catalog_number"),
    ):
        saying.say(name, next((i.value for i in listed if i.kind == kind), ""))
    return saying


def release(message: Ern, found: Release, recorded: Mapping[str, str]) -> Saying:
    """Return what is said of a release.

    Args:
        recorded: The recordings' keys by their references.
    """
    saying = identified(found.identifiers)
    say_description(saying, found)
    types = [term.meant for term in found.types if term.value != "UserDefined"]
    own = [term.meant for term in found.types]
    saying.say("release_type", next(iter(types or own), ""))
    labels = widest(found.labels)
    saying.say("label", labels[0].name if labels else "")
    saying.say("release_date", date_text(found.released_on))
    saying.say("original_release_date", date_text(found.originally_released_on))
    saying.say("is_compilation", found.is_compilation)
    saying.say("related_releases", _related(found))
    if found.is_main:
        saying.say("release_profile", message.profile)
        saying.say("profile_variant", message.variant)
    placed = places(found, recorded)
    saying.say("track_count", len(placed) or None)
    media = max((place.medium_number for place in placed), default=None)
    saying.say("medium_count", media)
    saying.say("sections", _sections(found, recorded))
    return saying


def positions(
    placed: Iterable[Place], release_key: str, recorded: Mapping[str, str]
) -> Iterator[Statement]:
    """Yield the places of recordings on a release."""
    for place in placed:
        recording_key = recorded[place.item.reference]
        claims = [
            Claim("release", release_key),
            Claim("recording", recording_key),
            Claim("medium_number", place.medium_number),
            Claim("track_number", place.track_number),
        ]
        if place.item.is_bonus:
            claims.append(Claim("is_bonus", value=True))
        if place.item.is_instant_gratification:
            claims.append(Claim("is_instant_gratification", value=True))
        keys = position_keys(release_key, recording_key)
        yield Statement(Kind.TRACK_POSITION, keys, tuple(claims))


def places(found: Release, recorded: Mapping[str, str]) -> list[Place]:
    """Return where recordings stand on a release, in the order of play.

    Media are the groups inside a group that has no items itself, unless they part
    a work. A release without groups lists its resources in the order of play.
    """
    listed: list[Place] = []
    for medium, group in enumerate(_media(found, recorded), start=1):
        track = 0
        for item in group.all_items():
            if item.reference not in recorded:
                continue
            track += 1
            # In a part of a medium, counting begins anew.
            stated = item.sequence if item in group.items else None
            listed.append(Place(item, medium, stated or track))
    return listed


def _media(found: Release, recorded: Mapping[str, str]) -> tuple[ResourceGroup, ...]:
    groups = found.groups
    played = any(i.reference in recorded for group in groups for i in group.items)
    if len(groups) == 1 and not played and groups[0].groups:
        inner = groups[0].groups
        groups = groups if any(_type(g) == _PARTED for g in inner) else inner
    if any(group.all_items() for group in groups):
        return groups
    items = tuple(GroupItem(reference) for reference in found.resources)
    return (ResourceGroup(items=items),)


def _type(group: ResourceGroup) -> str:
    return group.source.get("ResourceGroupType")


def _sections(found: Release, recorded: Mapping[str, str]) -> list[JsonValue]:
    """Return the media that have a name, a type or ids, and the works in parts."""
    listed: list[JsonValue] = []
    for medium, group in enumerate(_media(found, recorded), start=1):
        if _type(group) or (group not in found.groups and group.titles):
            # Before 4.x a group does not say what it is; with an id it is a release.
            kind = _type(group) or (
                "ReleaseComponent" if group.identifiers else "Component"
            )
            listed.append(_section(group, kind, medium, None))
        track = 0
        for inner in _walk(group):
            count = sum(item.reference in recorded for item in inner.items)
            is_named = bool(inner.titles) or _type(inner) not in {"", _LOOSE}
            if inner is not group and count and is_named:
                span = (track + 1, track + count)
                kind = _type(inner) or "Component"
                listed.append(_section(inner, kind, medium, span))
            track += count
    return listed


def _walk(group: ResourceGroup) -> Iterator[ResourceGroup]:
    yield group
    for inner in group.groups:
        yield from _walk(inner)


def _section(
    group: ResourceGroup, kind: str, medium: int, span: tuple[int, int] | None
) -> JsonValue:
    title = best_title(group.titles) or next(iter(group.titles), None)
    ids = identified(group.identifiers).values
    found: dict[str, JsonValue] = {"type": kind, "medium_number": medium, **ids}
    if span:
        found |= {"first_track": span[0], "last_track": span[1]}
    if title:
        found |= {"title": title.text, "subtitle": " ".join(title.subtitles)}
    return found


def _related(found: Release) -> list[JsonValue]:
    return [
        {"type": related.relationship.meant, **identified(related.identifiers).values}
        for related in found.related
        if related.relationship.meant
    ]
