"""What a release of 3.x consists of, arranged as 4.x does it.

3.x lists references and may group them besides; a release of one recording is a release
like any other. 4.x has one group for the main release, and track releases that say
little beside the one resource they point to: the rest is said by that resource.
"""

from __future__ import annotations

from typing import Final

from .drafts import Draft, Said, each

TRACK_TYPES: Final = frozenset({"TrackRelease", "SingleResourceRelease"})
_SECONDARY: Final = ("Image", "Text", "Software", "SheetMusic")
_COVER: Final = "FrontCoverImage"
_KIND: Final = "ReleaseResourceType"
_POINTER: Final = "ReleaseResourceReference"
_LINK: Final = "LinkedReleaseResourceReference"
# What a track release has to say, as the main release does where it says nothing.
_DEMANDED: Final = ("ReleaseLabelReference", "Genre")
# What a recording may say in place of the release of it, if it says nothing yet.
_PASSED_ON: Final = (
    *("PLine", "DisplayArtistName", "DisplayArtist", "ParentalWarningType"),
    *("DisplayTitleText", "DisplayTitle"),
)


def resource_list(root: Draft) -> list[Draft]:
    """Return the message's resources, in order."""
    listed = root.first("ResourceList")
    return listed.parts if listed else []


def _references(release: Draft) -> list[Draft]:
    listed = release.first("ReleaseResourceReferenceList")
    return listed.all(_POINTER) if listed else []


def _kinds(root: Draft) -> dict[str, str]:
    return {each.value("ResourceReference"): each.name for each in resource_list(root)}


def primary_references(root: Draft, release: Draft) -> list[Draft]:
    """Return the references of *release* to what it is made of."""
    kinds = _kinds(root)
    found = _references(release)
    said = [part for part in found if part.get(_KIND) == "PrimaryResource"]
    made = [part for part in found if kinds.get(part.value()) not in _SECONDARY]
    return said or made or found[:1]


def as_track(root: Draft, release: Draft, main: Draft | None) -> None:
    """Make *release*, of one primary resource, a track release."""
    (primary,) = primary_references(root, release)
    release.name = "TrackRelease"
    others = [part for part in _references(release) if part is not primary]
    release.take("ReleaseResourceReferenceList")
    _ungroup(release, primary)
    for pointer in (primary, *others):
        _imply_kind(pointer)
    for other in others:
        other.name = _LINK
    release.parts += [primary, *others]
    release.imply(*(e for e in release.all("ReleaseType") if e.value() in TRACK_TYPES))
    if main is not None:
        for name in _DEMANDED:
            if release.first(name) is None:
                release.parts += [_unsaid(part) for part in main.all(name)]
    _share(root, release, primary.value(), main)


def _ungroup(release: Draft, primary: Draft) -> None:
    """A group of the one resource says nothing that the reference does not."""
    for group in release.take("ResourceGroup"):
        for item in each(group, "ResourceGroupContentItem"):
            if item.value(_POINTER) == primary.value():
                primary.imply(item)


def _unsaid(part: Draft) -> Draft:
    """Return a copy that came from nowhere: it was not said of this."""
    copied = part.copy()
    for inner in copied.within():
        inner.origins = inner.implied = frozenset()
        inner.attributes = {n: Said(s.text) for n, s in inner.attributes.items()}
    return copied


def _imply_kind(pointer: Draft) -> None:
    if _KIND in pointer.attributes:
        pointer.imply(pointer.attributes.pop(_KIND))


def _share(root: Draft, release: Draft, reference: str, main: Draft | None) -> None:
    """Let the recording, or the main release, say what 4.x has no place for here."""
    for resource in resource_list(root):
        if resource.value("ResourceReference") == reference:
            for name in _PASSED_ON:
                if resource.first(name) is None:
                    resource.parts += [part.copy() for part in release.all(name)]
            _tell(resource, release)
            _tell(release, resource)
    if main is not None:
        _tell(main, release)


def _tell(teller: Draft, other: Draft) -> None:
    by_name: dict[str, list[Draft]] = {}
    for part in teller.parts:
        by_name.setdefault(part.name, []).append(part)
    for part in other.parts:
        any(known.tell(part) for known in by_name.get(part.name, ()))


def arrange(root: Draft, release: Draft) -> None:
    """Group all resources of the main release, in one outermost group."""
    groups = release.take("ResourceGroup")
    kinds = _kinds(root)
    for group in [one for outer in groups for one in each(outer, "ResourceGroup")]:
        _plain_items(group)
        for item in group.all("ResourceGroupContentItem"):
            _imply_item(item, kinds)
    whole = groups[0] if len(groups) == 1 else Draft("ResourceGroup", parts=groups)
    grouped = {part.value(): part for part in each(whole, _POINTER)}
    for number, pointer in enumerate(_references(release), 1):
        known = grouped.get(pointer.value())
        _imply_kind(pointer)
        if known is not None:
            known.tell(pointer)
        elif kinds.get(pointer.value()) in _SECONDARY:
            pointer.name = _LINK
            whole.parts.append(pointer)
        else:
            item = whole.add("ResourceGroupContentItem")
            item.add("SequenceNumber", str(number))
            item.parts.append(pointer)
    release.take("ReleaseResourceReferenceList")
    release.parts.append(whole)
    _link_cover(root, whole)


def _imply_item(item: Draft, kinds: dict[str, str]) -> None:
    for pointer in item.all(_POINTER):
        _imply_kind(pointer)
        for kind in item.all("ResourceType"):
            if kinds.get(pointer.value()) == kind.value():
                item.imply(kind)


def _plain_items(group: Draft) -> None:
    for listed in group.take("ResourceGroupResourceReferenceList"):
        for reference in listed.all("ResourceGroupResourceReference"):
            reference.name = _POINTER
            group.parts.append(Draft("ResourceGroupContentItem", parts=[reference]))


def _link_cover(root: Draft, whole: Draft) -> None:
    """Link what stands among the items as a cover: 4.x lists no image there."""
    covers = {
        resource.value("ResourceReference")
        for resource in resource_list(root)
        if resource.name == "Image" and resource.value("Type") == _COVER
    }
    images = {
        resource.value("ResourceReference")
        for resource in resource_list(root)
        if resource.name == "Image"
    }
    for item in whole.all("ResourceGroupContentItem"):
        pointer = item.first(_POINTER)
        if pointer is not None and pointer.value() in images:
            whole.parts.remove(item)
            pointer.name = _LINK
            pointer.imply(*item.all("SequenceNumber"), item.first("ResourceType"))
            pointer.implied |= item.implied
            whole.parts.append(pointer)
    for link in whole.all(_LINK):
        if link.value() in covers and "LinkDescription" not in link.attributes:
            link.set("LinkDescription", "CoverArt")
