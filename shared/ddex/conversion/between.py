"""What changes between neighbouring versions of 4.x beside the table of moves."""

from __future__ import annotations

from typing import Final

from .drafts import Draft, Said, each
from .parties import PartyBook

_PREVIEWS: Final = (
    ("ReleaseDisplayStartDate", "ReleaseDisplayStartDateTime"),
    ("TrackListingPreviewStartDate", "FullTrackListingPreviewStartDateTime"),
    ("CoverArtPreviewStartDate", "CoverArtPreviewStartDateTime"),
    ("ClipPreviewStartDate", "ClipPreviewStartDateTime"),
)
_FULL_LISTING: Final = "FullTrackListingPreviewStartDateTime"
_LISTING: Final = "TrackListingPreviewStartDateTime"
_VISIBILITIES: Final = ("ReleaseVisibility", "TrackReleaseVisibility")
_TYPED_TITLES: Final = ("FormalTitle", "GroupingTitle")
_WARNING_ATTRIBUTES: Final = (
    ("Namespace", "TypeNamespace"),
    ("UserDefinedValue", "TypeUserDefinedValue"),
)
_SPECIAL: Final = {
    "SpecialDisplayArtist": ("ArtistPartyReference", "DisplayArtistRole"),
    "SpecialContributor": ("ContributorPartyReference", "Role"),
}


def releases_of(root: Draft) -> dict[str, Draft]:
    """Return the releases of all kinds by reference; of two, the first."""
    listed = root.first("ReleaseList")
    found: dict[str, Draft] = {}
    for release in listed.parts if listed else ():
        found.setdefault(release.value("ReleaseReference"), release)
    return found


def up_to_4_2(root: Draft) -> None:
    """Take preview dates out of deals, and ISRCs out of releases' identifiers."""
    own_release_isrcs(root)
    listed = root.first("DealList")
    if listed is None:
        return
    releases = releases_of(root)
    made: dict[tuple[object, ...], Draft] = {}
    for release_deal in listed.all("ReleaseDeal"):
        shown = _previews(release_deal)
        if shown is None:
            continue
        for reference in release_deal.all("DealReleaseReference"):
            release = releases.get(reference.text.strip())
            if release is not None:
                _show(release, shown, listed, made)


def own_release_isrcs(root: Draft) -> None:
    """Make an ISRC among a release's identifiers the sender's own id, as DDEX does."""
    header = root.first("MessageHeader")
    sender = header.value("MessageSender/PartyId") if header else ""
    for release_id in each(root, "ReleaseId"):
        for isrc in release_id.all("ISRC"):
            isrc.name = "ProprietaryId"
            isrc.set("Namespace", sender)


def _previews(release_deal: Draft) -> Draft | None:
    """Take the preview dates out of the deals; return them as one visibility."""
    found = Draft("ReleaseVisibility")
    for terms in each(release_deal, "DealTerms"):
        for older, newer in _PREVIEWS:
            for part in terms.take(older, f"{older}Time"):
                earlier = found.first(newer)
                part.name = newer
                if earlier is None:
                    found.parts.append(part)
                else:
                    earlier.tell(part)
    return found if found.parts else None


def _show(
    release: Draft, shown: Draft, listed: Draft, made: dict[tuple[object, ...], Draft]
) -> None:
    is_track = release.name == "TrackRelease"
    visibility = shown.copy()
    if is_track:
        visibility.name = "TrackReleaseVisibility"
        for part in visibility.all(_FULL_LISTING):
            part.name = _LISTING
    key = visibility.content()
    if key not in made:
        reference = Draft("VisibilityReference", f"V{len(made)}")
        visibility.parts.insert(0, reference)
        listed.parts.append(visibility)
        made[key] = visibility
    else:
        _absorb(made[key], visibility)
    release.add("ReleaseVisibilityReference", made[key].value("VisibilityReference"))


def _absorb(kept: Draft, other: Draft) -> None:
    for mine, theirs in zip(kept.parts[1:], other.parts, strict=True):
        mine.absorb(theirs)


def down_to_4_1(root: Draft) -> None:
    """Put what may be shown before the release back into its deals."""
    listed = root.first("DealList")
    if listed is None:
        return
    shown = {
        part.value("VisibilityReference"): part for part in listed.take(*_VISIBILITIES)
    }
    for reference, release in releases_of(root).items():
        for pointer in release.take("ReleaseVisibilityReference"):
            visibility = shown.get(pointer.text.strip())
            if visibility is not None:
                _hide(visibility, reference, listed)


def _hide(visibility: Draft, reference: str, listed: Draft) -> None:
    for release_deal in listed.all("ReleaseDeal"):
        named = {one.text.strip() for one in release_deal.all("DealReleaseReference")}
        if reference not in named:
            continue
        for terms in each(release_deal, "DealTerms"):
            for part in visibility.parts[1:]:
                older = part.copy()
                older.name = part.name.replace("FullTrack", "Track")
                if terms.first(older.name) is None:
                    terms.parts.append(older)


def up_to_4_3(root: Draft) -> None:
    """Say of which type delivered files are, and give clips references."""
    for video in each(root, "Video"):
        for delivery in each(video, "DeliveryFile"):
            if delivery.first("Type") is None:
                delivery.add("Type", "AudioVisualFile")
    for details in each(root, "TechnicalDetails"):
        reference = details.value("TechnicalResourceDetailsReference")
        for clip in details.all("ClipDetails") if reference else ():
            if clip.first("Timing") is not None:
                clip.add("TechnicalResourceDetailsReference", f"{reference}C")


def down_to_4_2(root: Draft) -> None:
    """Leave out of which type delivered files are: the resource tells that."""
    for details in each(root, "TechnicalDetails"):
        for delivery in each(details, "DeliveryFile"):
            details.imply(*delivery.take("Type"))


def up_to_4_3_2(root: Draft) -> None:
    """Name titles by their type, and attributes by what they are about."""
    for holder in list(root.within()):
        for title in holder.all("AdditionalTitle"):
            kind = title.get("TitleType")
            if kind in _TYPED_TITLES:
                title.name = kind
                title.attributes.pop("TitleType")
            else:
                title.name = "DisplayTitle"
    for warning in each(root, "ParentalWarningType"):
        _rename_attributes(warning, _WARNING_ATTRIBUTES)


def down_to_4_3(root: Draft) -> None:
    """Undo `up_to_4_3_2`, and name those whom 4.3.2 has a word for as parties."""
    for title in each(root, *_TYPED_TITLES):
        title.attributes["TitleType"] = Said(title.name)
        title.name = "AdditionalTitle"
    for warning in each(root, "ParentalWarningType"):
        _rename_attributes(warning, tuple((b, a) for a, b in _WARNING_ATTRIBUTES))
    for contributor in each(root, "Contributor", "EditionContributor", "DisplayArtist"):
        for role in contributor.all("Role", "ArtisticRole"):
            contributor.parts += role.take("InstrumentType")
        for name, (reference, _) in _SPECIAL.items():
            for special in contributor.take(name):
                book = PartyBook(root)
                contributor.parts.append(book.pointer(reference, special))


def _rename_attributes(draft: Draft, names: tuple[tuple[str, str], ...]) -> None:
    for before, after in names:
        if before in draft.attributes:
            draft.attributes[after] = draft.attributes.pop(before)
