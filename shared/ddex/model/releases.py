"""Releases and how their resources are arranged, read from any version."""

from __future__ import annotations

from typing import Final

from .offers import GroupItem, RelatedRelease, Release, ResourceGroup
from .parties import Parties, credits_of, labels_of
from .parts import Part
from .resources import duration_ms
from .sections import (
    Section,
    advice,
    date_said,
    each_child,
    gathered,
    genre,
    identifiers_of,
    is_true,
    lines_of,
    sections_of,
    terms,
    titles_of,
    whole_number,
    wording,
)
from .values import Term

_KINDS: Final = ("Release", "TrackRelease", "ClipRelease")
_TRACK_TYPES: Final = frozenset({"TrackRelease", "SingleResourceRelease"})
_COMPILATION: Final = (
    "IsCompilation",
    "IsMultiArtistCompilation",
    "IsSingleArtistCompilation",
)
_RELATED: Final = "RelatedRelease"
_NO_TERM: Final = Term("")
_RELEASED: Final = ("GlobalReleaseDate", "ReleaseDate")
_ORIGINALLY: Final = ("GlobalOriginalReleaseDate", "OriginalReleaseDate")


def releases_of(root: Part, parties: Parties) -> tuple[Release, ...]:
    """Return all releases of the message, in order."""
    listed = root.first("ReleaseList") or Part("")
    parts = tuple(listed.all(*_KINDS))
    main = _main(parts)
    return tuple(_release(part, parties, is_main=part is main) for part in parts)


def _main(parts: tuple[Part, ...]) -> Part | None:
    """Return the main release: the one that says so, or the first of no track."""
    said = [part for part in parts if is_true(part.get("IsMainRelease"))]
    whole = [part for part in parts if _kind(part) == "Release"]
    return next(iter(said or whole or parts), None)


def _kind(part: Part) -> str:
    if part.name != "Release" or is_true(part.get("IsMainRelease")):
        return part.name
    types = {term.value for term in terms(part, "ReleaseType")}
    return "TrackRelease" if types & _TRACK_TYPES else part.name


def _release(part: Part, parties: Parties, *, is_main: bool) -> Release:
    sections = sections_of(part)
    groups = _groups(sections)
    return Release(
        reference=part.value("ReleaseReference"),
        kind="Release" if is_main and part.name == "Release" else _kind(part),
        is_main=is_main,
        types=tuple(
            dict.fromkeys(
                each for one in sections for each in terms(one.part, "ReleaseType")
            )
        ),
        identifiers=identifiers_of(part.all("ReleaseId")),
        titles=titles_of(sections),
        versions=terms(part, "VersionType"),
        artist_names=gathered(sections, wording, "DisplayArtistName"),
        credits=credits_of(sections, parties),
        labels=labels_of(sections, parties),
        lines=lines_of(sections),
        genres=gathered(sections, genre, "Genre", "DisplayGenre"),
        warnings=gathered(sections, advice, "ParentalWarningType"),
        duration_ms=duration_ms(part.value("Duration")),
        released_on=gathered(sections, date_said, *_RELEASED),
        originally_released_on=gathered(sections, date_said, *_ORIGINALLY),
        is_compilation=_is_compilation(sections),
        resources=_resources(part, groups),
        groups=groups,
        related=tuple(_related(each) for each, _ in each_child(sections, _RELATED)),
        keywords=gathered(sections, wording, "Keywords"),
        synopsis=gathered(sections, wording, "Synopsis"),
        source=part,
    )


def _is_compilation(sections: tuple[Section, ...]) -> bool | None:
    said = [is_true(part.value()) for part, _ in each_child(sections, *_COMPILATION)]
    return any(said) if said else None


def _groups(sections: tuple[Section, ...]) -> tuple[ResourceGroup, ...]:
    for section in sections:
        found = tuple(map(_group, section.part.all("ResourceGroup")))
        if found:
            return found
    return ()


def _group(part: Part) -> ResourceGroup:
    listed = part.first("ResourceGroupResourceReferenceList") or Part("")
    items = [_item(each) for each in part.all("ResourceGroupContentItem")]
    plain = [GroupItem(reference) for reference in _texts(listed)]
    return ResourceGroup(
        titles=titles_of(sections_of(part)),
        sequence=whole_number(part.value("SequenceNumber")),
        carriers=terms(part, "CarrierType"),
        items=(*items, *plain),
        groups=tuple(map(_group, part.all("ResourceGroup"))),
        linked=part.values("LinkedReleaseResourceReference"),
        release_reference=part.value("ResourceGroupReleaseReference"),
        identifiers=identifiers_of(part.all("ReleaseId")),
        source=part,
    )


def _item(part: Part) -> GroupItem:
    return GroupItem(
        reference=part.value("ReleaseResourceReference"),
        sequence=whole_number(part.value("SequenceNumber")),
        linked=part.values("LinkedReleaseResourceReference"),
        is_bonus=is_true(part.value("IsBonusResource")),
        is_hidden=is_true(part.value("IsHiddenResource")),
        is_instant_gratification=is_true(part.value("IsInstantGratificationResource")),
        source=part,
    )


def _texts(part: Part) -> tuple[str, ...]:
    return tuple(filter(None, (each.value() for each in part.parts)))


def _resources(part: Part, groups: tuple[ResourceGroup, ...]) -> tuple[str, ...]:
    """Return what the release consists of, once each: its list, or what it groups."""
    listed = part.first("ReleaseResourceReferenceList") or Part("")
    linked = [
        reference
        for group in groups
        for each in _with_inner(group)
        for reference in each.linked
    ]
    found = (
        *_texts(listed),
        *part.values("ReleaseResourceReference"),
        *(item.reference for group in groups for item in group.all_items()),
        *part.values("LinkedReleaseResourceReference"),
        *linked,
    )
    return tuple(filter(None, dict.fromkeys(found)))


def _with_inner(group: ResourceGroup) -> tuple[ResourceGroup, ...]:
    inner = (each for one in group.groups for each in _with_inner(one))
    return (group, *inner)


def _related(part: Part) -> RelatedRelease:
    (relationship,) = terms(part, "ReleaseRelationshipType")[:1] or (_NO_TERM,)
    return RelatedRelease(
        relationship,
        identifiers_of(part.all("ReleaseId")),
        titles_of(sections_of(part)),
    )
