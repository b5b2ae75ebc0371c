"""From 4.1 to 3.x: parties where they are credited, details by territory."""

from __future__ import annotations

from typing import Final

from .drafts import Draft, Said, each
from .parties import inline_parties
from .tables import PROFILE_PREFIX_OF_3, PROFILES_OF_4
from .territories import sectioned
from .titles import type_titles

_POINTERS: Final = (
    *("ArtistPartyReference", "ContributorPartyReference"),
    *("RightsControllerPartyReference", "CharacterPartyReference"),
    "RecordCompanyPartyReference",
)
_RESOURCES: Final = (
    "SoundRecording",
    "Video",
    "Image",
    "Text",
    "SheetMusic",
    "Software",
)
_WRITERS: Final = frozenset(
    {
        *("Adapter", "Arranger", "AssociatedPerformer", "Author", "Composer"),
        *("ComposerLyricist", "Librettist", "Lyricist", "NonLyricAuthor"),
        *("OriginalPublisher", "SubArranger", "SubLyricist", "SubPublisher"),
        *("MusicPublisher", "Translator"),
    }
)
# What stands in details by territory in 3.x.
_OF_RESOURCE: Final = frozenset(
    {
        *("Title", "DisplayArtist", "DisplayArtistName", "ResourceContributor"),
        *("IndirectResourceContributor", "RightsController", "PLine", "CLine"),
        *("CourtesyLine", "Genre", "ParentalWarningType", "AvRating", "Keywords"),
        *("Synopsis", "MarketingComment", "Description", "ResourceReleaseDate"),
        *("OriginalResourceReleaseDate", "Character", "LabelName"),
        *(f"Technical{kind}Details" for kind in _RESOURCES),
    }
)
_OF_RELEASE: Final = frozenset(
    {
        *("Title", "DisplayArtist", "DisplayArtistName", "LabelName", "RelatedRelease"),
        *("IsMultiArtistCompilation", "AdministratingRecordCompany", "AvRating"),
        *("ParentalWarningType", "MarketingComment", "ResourceGroup", "Genre"),
        *("ReleaseDate", "OriginalReleaseDate", "Keywords", "Synopsis", "Character"),
    }
)
_USAGE: Final = (
    *("UseType", "UserInterfaceType", "CarrierType", "TechnicalInstantiation"),
    *("NumberOfUsages",),
)
_PREVIEWS: Final = (
    *("ReleaseDisplayStartDate", "TrackListingPreviewStartDate"),
    *("CoverArtPreviewStartDate", "ClipPreviewStartDate"),
)
_TITLED: Final = (*_RESOURCES, "Release", "ResourceGroup", "RelatedRelease")


def describe_parties(root: Draft) -> None:
    """Describe parties where they are credited: before their credits are renamed."""
    inline_parties(root, _POINTERS)


def down_to_3(root: Draft) -> None:
    """Give a message of 4.1 the layout of 3.x."""
    _profile(root)
    _tracks(root)
    _own_isrcs(root)
    for holder in each(root, *_TITLED):
        type_titles(holder)
    for credited in each(root, "DisplayArtist"):
        for role in credited.all("DisplayArtistRole", "ArtisticRole"):
            role.name = "ArtistRole"
    for resource in _listed(root, "ResourceList"):
        _resource(resource)
    for release in _listed(root, "ReleaseList"):
        _release(release)
    for terms in each(root, "DealTerms"):
        used = terms.take(*_USAGE)
        if used:
            terms.parts.append(Draft("Usage", parts=used))
        _complete_previews(terms)
    _channels(root)


def _listed(root: Draft, name: str) -> list[Draft]:
    listed = root.first(name)
    return listed.parts if listed else []


def _profile(root: Draft) -> None:
    said = root.attributes.get("ReleaseProfileVersionId")
    variant = root.get("ReleaseProfileVariantVersionId")
    if said is None:
        return
    name = PROFILES_OF_4.get((said.text.strip(), variant))
    if name is None:
        return
    of_variant = root.attributes.pop("ReleaseProfileVariantVersionId", Said(""))
    said.text = PROFILE_PREFIX_OF_3 + name
    said.origins |= of_variant.origins


def _tracks(root: Draft) -> None:
    releases = _listed(root, "ReleaseList")
    recordings = {
        r.value("ResourceReference"): r for r in _listed(root, "ResourceList")
    }
    for release in releases:
        if release.name == "Release":
            release.set("IsMainRelease", "true")
            continue
        kind = "TrackRelease" if release.name == "TrackRelease" else "UserDefined"
        release.name = "Release"
        if not release.all("ReleaseType"):
            release.add("ReleaseType", kind)
        recording = recordings.get(release.value("ReleaseResourceReference"))
        if recording is not None:
            _tell_of_recording(release, recording)
        _reference_list(release)


def _tell_of_recording(release: Draft, recording: Draft) -> None:
    """Say of the release of a track what 4.x says of the recording alone."""
    for name in (
        "DisplayTitleText",
        "DisplayTitle",
        "DisplayArtistName",
        "DisplayArtist",
    ):
        if release.first(name) is None:
            release.parts += [part.copy() for part in recording.all(name)]
    for name in ("ParentalWarningType", "PLine"):
        release.parts += [part.copy() for part in recording.all(name)]


def _reference_list(release: Draft) -> None:
    listed = Draft("ReleaseResourceReferenceList")
    for part in release.take("ReleaseResourceReference"):
        part.set("ReleaseResourceType", "PrimaryResource")
        listed.parts.append(part)
    for part in release.take("LinkedReleaseResourceReference"):
        part.name = "ReleaseResourceReference"
        part.set("ReleaseResourceType", "SecondaryResource")
        listed.parts.append(part)
    if listed.parts:
        release.parts.append(listed)


def _own_isrcs(root: Draft) -> None:
    """Make the sender's own id of a track an ISRC again, if the recording has it."""
    isrcs = {
        part.text.strip()
        for resource in _listed(root, "ResourceList")
        for part in each(resource, "ISRC")
    }
    for release in _listed(root, "ReleaseList"):
        for identifier in release.all("ReleaseId"):
            for own in identifier.all("ProprietaryId"):
                if own.text.strip() in isrcs and identifier.first("ISRC") is None:
                    own.name = "ISRC"


def _resource(resource: Draft) -> None:
    for writer in [
        part for part in resource.all("ResourceContributor") if _writes(part)
    ]:
        writer.name = "IndirectResourceContributor"
        for role in writer.all("ResourceContributorRole"):
            role.name = "IndirectResourceContributorRole"
    for published in resource.take("FirstPublicationDate"):
        date = published.first("FulfillmentDate") or published
        released = Draft("OriginalResourceReleaseDate", date.text, date.origins)
        released.attributes = dict(published.attributes)
        resource.parts.append(released)
    _contained(resource)
    for file in each(resource, "File"):
        _file(file)
    name = f"{resource.name}DetailsByTerritory"
    resource.parts += sectioned(resource, name, _OF_RESOURCE)


def _writes(contributor: Draft) -> bool:
    roles = [role.value() for role in contributor.all("ResourceContributorRole")]
    return bool(roles) and all(role in _WRITERS for role in roles)


def _contained(resource: Draft) -> None:
    listed = Draft("ResourceContainedResourceReferenceList")
    for related in resource.all("RelatedResource"):
        pointer = related.first("ResourceRelatedResourceReference")
        if (
            pointer is None
            or related.value("ResourceRelationshipType") != "HasContentFrom"
        ):
            continue
        resource.parts.remove(related)
        pointer.name = "ResourceContainedResourceReference"
        inner = Draft(pointer.name, parts=[pointer])
        for timing in related.all("Timing"):
            inner.parts += timing.parts
        listed.parts.append(inner)
    if listed.parts:
        resource.parts.append(listed)


def _file(file: Draft) -> None:
    """Write a URI of folder and name as these."""
    uri = next(iter(file.take("URI", "URL")), None)
    if uri is None:
        return
    folder, slash, name = uri.text.strip().rpartition("/")
    if "://" in uri.text or not name:
        file.add("URL", uri.text, uri.origins)
        return
    file.add("FileName", name, uri.origins)
    if slash:
        file.add("FilePath", f"{folder}/", uri.origins)


def _release(release: Draft) -> None:
    listed = release.first("ReleaseResourceReferenceList")
    if listed is None:
        pointed = _all_references(release)
        release.parts += [pointed] if pointed.parts else []
    for group in each(release, "ResourceGroup"):
        for linked in group.take("LinkedReleaseResourceReference"):
            linked.name = "ReleaseResourceReference"
            linked.set("ReleaseResourceType", "SecondaryResource")
            group.parts.append(Draft("ResourceGroupContentItem", parts=[linked]))
    for name in ("ReleaseDate", "OriginalReleaseDate"):
        for date in release.all(name):
            is_general = not date.get("ApplicableTerritoryCode")
            if is_general and len(release.all(name)) > 1:
                date.name = f"Global{name}"
    release.parts += sectioned(release, "ReleaseDetailsByTerritory", _OF_RELEASE)


def _all_references(release: Draft) -> Draft:
    listed = Draft("ReleaseResourceReferenceList")
    seen: set[str] = set()
    for name, kind in (
        ("ReleaseResourceReference", "PrimaryResource"),
        ("LinkedReleaseResourceReference", "SecondaryResource"),
    ):
        for part in each(release, name):
            if part.text.strip() not in seen:
                seen.add(part.text.strip())
                copied = part.copy()
                copied.name = "ReleaseResourceReference"
                copied.set("ReleaseResourceType", kind)
                listed.parts.append(copied)
    return listed


def _complete_previews(terms: Draft) -> None:
    """3.x wants all four dates or none: what has none is shown with the last."""
    for ending in ("", "Time"):
        names = [f"{name}{ending}" for name in _PREVIEWS]
        given = [terms.value(name) for name in names if terms.first(name)]
        for name in names if given else ():
            if terms.first(name) is None:
                terms.add(name, max(given))


def _channels(root: Draft) -> None:
    for deal in each(root, "Deal"):
        # A deal that is told elsewhere has no terms here: nothing of it can be said.
        deal.take("IsCommunicatedOutOfBand")
