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
_ITEM: Final = "ResourceGroupContentItem"
_LINK: Final = "LinkedReleaseResourceReference"
# What a track release has to say, as the main release does where it says nothing.
_TITLES: Final = ("DisplayTitleText", "DisplayTitle", "AdditionalTitle")
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


class Arranger:
    """Arranges the releases of one message."""

    def __init__(self, root: Draft, main: Draft | None) -> None:
        self._main = main
        self._resources: dict[str, list[Draft]] = {}
        for resource in resource_list(root):
            reference = resource.value("ResourceReference")
            self._resources.setdefault(reference, []).append(resource)

    def _kind(self, reference: str) -> str:
        found = self._resources.get(reference)
        return found[0].name if found else ""

    def primary_references(self, release: Draft) -> list[Draft]:
        """Return the references of *release* to what it is made of."""
        found = _references(release)
        said = [part for part in found if part.get(_KIND) == "PrimaryResource"]
        made = [part for part in found if self._kind(part.value()) not in _SECONDARY]
        return said or made or found[:1]

    def as_track(self, release: Draft) -> None:
        """Make *release*, of one primary resource, a track release."""
        (primary,) = self.primary_references(release)
        release.name = "TrackRelease"
        others = [part for part in _references(release) if part is not primary]
        release.take("ReleaseResourceReferenceList")
        _ungroup(release, primary)
        for pointer in (primary, *others):
            _imply_kind(pointer)
        for other in others:
            other.name = _LINK
        release.parts += [primary, *others]
        kinds = release.all("ReleaseType")
        release.imply(*(kind for kind in kinds if kind.value() in TRACK_TYPES))
        self._share(release, primary.value())

    def _share(self, release: Draft, reference: str) -> None:
        """Let the recording, or the main release, say what has no place here."""
        if self._main is not None:
            for name in _DEMANDED:
                if release.first(name) is None:
                    release.parts += [_unsaid(part) for part in self._main.all(name)]
        for resource in self._resources.get(reference, ()):
            _pass_on(release, resource)
        if self._main is not None:
            _tell(self._main, release)

    def arrange(self, release: Draft) -> None:
        """Group all resources of the main release, in one outermost group."""
        groups = release.take("ResourceGroup")
        for group in [one for outer in groups for one in each(outer, "ResourceGroup")]:
            _plain_items(group)
            for item in group.all(_ITEM):
                self._imply_item(item)
        whole = _outermost(groups)
        grouped = {part.value(): part for part in each(whole, _POINTER)}
        for number, pointer in enumerate(_references(release), 1):
            _imply_kind(pointer)
            known = grouped.get(pointer.value())
            if known is not None:
                known.tell(pointer)
            else:
                self._add(whole, pointer, number)
        release.take("ReleaseResourceReferenceList")
        release.parts.append(whole)
        self._link_images(whole)

    def _imply_item(self, item: Draft) -> None:
        for pointer in item.all(_POINTER):
            _imply_kind(pointer)
            for kind in item.all("ResourceType"):
                if self._kind(pointer.value()) == kind.value():
                    item.imply(kind)

    def _add(self, whole: Draft, pointer: Draft, number: int) -> None:
        if self._kind(pointer.value()) in _SECONDARY:
            pointer.name = _LINK
            whole.parts.append(pointer)
        else:
            item = whole.add(_ITEM)
            item.add("SequenceNumber", str(number))
            item.parts.append(pointer)

    def _link_images(self, whole: Draft) -> None:
        """Link the images that stand among the items, and say which is the cover."""
        for group in each(whole, "ResourceGroup"):
            for item in group.all(_ITEM):
                pointer = item.first(_POINTER)
                if pointer is not None and self._kind(pointer.value()) == "Image":
                    group.parts.remove(item)
                    pointer.name = _LINK
                    pointer.imply(*item.all("SequenceNumber", "ResourceType"))
                    pointer.implied |= item.implied
                    whole.parts.append(pointer)
        for link in whole.all(_LINK):
            images = self._resources.get(link.value(), ())
            if any(image.value("Type") == _COVER for image in images):
                link.attributes.setdefault("LinkDescription", Said("CoverArt"))


def _outermost(groups: list[Draft]) -> Draft:
    """Return the one group that has all others; a group of one group is that one."""
    if len(groups) != 1:
        return Draft("ResourceGroup", parts=groups)
    (whole,) = groups
    inner = whole.all("ResourceGroup")
    if len(inner) == 1 and not whole.all(_ITEM):
        whole.take("ResourceGroup")
        inner[0].parts += whole.parts
        return inner[0]
    return whole


def _ungroup(release: Draft, primary: Draft) -> None:
    """A group of the one resource says nothing that the reference does not."""
    for group in release.take("ResourceGroup"):
        for item in each(group, _ITEM):
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


def _pass_on(release: Draft, resource: Draft) -> None:
    for name in _PASSED_ON:
        if resource.first(name) is None:
            resource.parts += [part.copy() for part in release.all(name)]
    _tell(resource, release)
    _tell(release, resource)
    for title in release.all(*_TITLES):
        if any(known.says(title) for known in resource.all(title.name)):
            release.parts.remove(title)


def _tell(teller: Draft, other: Draft) -> None:
    by_name: dict[str, list[Draft]] = {}
    for part in teller.parts:
        by_name.setdefault(part.name, []).append(part)
    for part in other.parts:
        for known in by_name.get(part.name, ()):
            if known.tell(part):
                break


def _plain_items(group: Draft) -> None:
    for listed in group.take("ResourceGroupResourceReferenceList"):
        for reference in listed.all("ResourceGroupResourceReference"):
            reference.name = _POINTER
            group.parts.append(Draft(_ITEM, parts=[reference]))
