"""From 3.x to 4.1: no details by territory, one list of parties, one group a release.

Who is described where 3.x credits them is listed once, and what it says by territory
names its territory; see `parties`, `territories` and `arranging`.
"""

from __future__ import annotations

from typing import Final

from .arranging import (
    TRACK_TYPES,
    arrange,
    as_track,
    primary_references,
    resource_list,
)
from .drafts import NOWHERE, Draft, Origins, each, merged
from .parties import PartyBook, list_parties
from .tables import PROFILES_OF_3

_TITLE_HOLDERS: Final = (
    *("SoundRecording", "Video", "Image", "Text", "SheetMusic", "Software"),
    *("Release", "TrackRelease", "ResourceGroup", "RelatedRelease"),
)
_DISPLAYED: Final = ("SoundRecording", "Video", "Release")
_INDIRECT: Final = ("IndirectResourceContributor", "MusicalWorkContributor")
_INDIRECT_ROLES: Final = (
    "IndirectResourceContributorRole",
    "MusicalWorkContributorRole",
)
_USAGE: Final = (
    *("UseType", "UserInterfaceType", "CarrierType", "TechnicalInstantiation"),
    *("NumberOfUsages", "DistributionChannelType"),
)
_COMMON_ARTISTS: Final = ("DisplayConductor", "DisplayComposer")
_DISPLAY_ROLES: Final = ("MainArtist", "FeaturedArtist", "Artist")


def up_to_4_1(root: Draft) -> None:
    """Give a message of 3.x the layout of 4.1."""
    _profile(root)
    _credits(root)
    list_parties(root)
    _labels(root)
    for holder in each(root, *_TITLE_HOLDERS):
        _titles(holder)
    _works(root)
    _resources(root)
    _releases(root)
    _deals(root)
    _header(root)


def _profile(root: Draft) -> None:
    said = root.attributes.get("ReleaseProfileVersionId")
    if said is None:
        return
    name = said.text.rpartition("/")[2]
    profile, variant = PROFILES_OF_3.get(name, ("", ""))
    if not profile:
        return
    said.text = profile
    if variant:
        root.set("ReleaseProfileVariantVersionId", variant, said.origins)


def _header(root: Draft) -> None:
    for party in each(root, "MessageSender", "SentOnBehalfOf", "MessageRecipient"):
        ids = party.all("PartyId")
        # The one that says it is a DPID comes first: only the first is kept.
        ids.sort(key=lambda part: not part.is_said("IsDPID"))
        party.take("PartyId")
        party.parts = ids + party.parts
        for identifier in ids[:1]:
            identifier.imply(identifier.attributes.pop("IsDPID", None))


def _credits(root: Draft) -> None:
    for holder in [part for part in root.within() if part.parts]:
        for artist in holder.all(*_COMMON_ARTISTS):
            kind = artist.name.removeprefix("Display")
            artist.name = "DisplayArtist"
            artist.add("ArtisticRole", kind)
        for writer in holder.all(*_INDIRECT):
            writer.name = "Contributor"
            for role in writer.all(*_INDIRECT_ROLES):
                role.name = "Role"
        for artist in holder.all("DisplayArtist"):
            _roles(artist)


def _roles(artist: Draft) -> None:
    """Say how an artist is displayed, and what else the artist is, in two elements."""
    roles = artist.all("ArtistRole")
    shown = next(
        (r for name in _DISPLAY_ROLES for r in roles if r.value() == name), None
    )
    for role in roles:
        role.name = "DisplayArtistRole" if role is shown else "ArtisticRole"


def _labels(root: Draft) -> None:
    book = PartyBook(root)
    for holder in [part for part in root.within() if part.parts]:
        for label in holder.all("LabelName"):
            name = Draft("FullName", label.text, label.origins)
            label.name = "ReleaseLabelReference"
            label.text = book.listed([Draft("PartyName", parts=[name])])
            label.origins = NOWHERE
            if "LabelNameType" in label.attributes:
                kind = label.attributes.pop("LabelNameType")
                kind.text = kind.text.removesuffix("Name")
                label.attributes["LabelType"] = kind


def _titles(holder: Draft) -> None:
    """Turn a reference title and typed titles into displayed and additional ones."""
    reference = next(iter(holder.take("ReferenceTitle")), None)
    titles = holder.take("Title")
    shown = [title for title in titles if title.get("TitleType") == "DisplayTitle"]
    shown = shown or [title for title in titles if not title.get("TitleType")]
    if not shown and reference is not None:
        shown = [reference.copy()]
    elif not shown and holder.name in _DISPLAYED:
        shown = [title.copy() for title in titles[:1]]
    made = [_displayed(title) for title in shown]
    for title in titles:
        if title not in shown:
            title.name = "AdditionalTitle"
    text = _display_text(reference, made)
    others = [title for title in titles if title not in shown]
    found = merged([*text, *made, *others])
    if holder.name == "TrackRelease":
        found = [part for part in found if part.name != "DisplayTitleText"] or found
    holder.parts = found + holder.parts


def _displayed(title: Draft) -> Draft:
    title.name = "DisplayTitle"
    kind = title.attributes.pop("TitleType", None)
    if kind is not None and kind.text.strip() == "DisplayTitle":
        title.imply(kind)
    return title


def _display_text(reference: Draft | None, shown: list[Draft]) -> list[Draft]:
    source = reference or (shown[0] if shown else None)
    title = source.first("TitleText") if source else None
    if source is None or title is None:
        return []
    text = Draft("DisplayTitleText", title.text, title.origins)
    text.attributes = {**source.attributes, **title.attributes}
    text.attributes.pop("TitleType", None)
    subtitles = [part for part in source.all("SubTitle") if part.text.strip()]
    if reference is not None and subtitles:
        origins = frozenset[str]().union(*(part.origins for part in subtitles))
        words = " ".join(part.text.strip() for part in subtitles)
        text = Draft(
            text.name,
            f"{title.text} ({words})",
            title.origins | origins,
            text.attributes,
        )
    return [text]


def _works(root: Draft) -> None:
    """Say of a recording itself what the list of works says of its work."""
    listed = next(iter(root.take("WorkList")), None)
    works = {
        work.value("MusicalWorkReference"): work
        for work in (listed.parts if listed else ())
    }
    for resource in resource_list(root):
        for pointed in resource.take("ResourceMusicalWorkReferenceList"):
            for part in each(pointed, "ResourceMusicalWorkReference"):
                work = None if part.parts else works.get(part.text.strip())
                if work is not None:
                    _tell_work(resource, work.copy())


def _tell_work(resource: Draft, work: Draft) -> None:
    for identifier in work.all("MusicalWorkId"):
        identifier.name = "WorkId"
        resource.parts.append(identifier)
    resource.parts += work.all("Contributor")
    resource.parts = merged(resource.parts)


def _resources(root: Draft) -> None:
    for resource in resource_list(root):
        for older in ("OriginalResourceReleaseDate", "ResourceReleaseDate"):
            for date in resource.take(older):
                _first_published(resource, date)
        for contained in resource.take("ResourceContainedResourceReferenceList"):
            _contained(resource, contained)
        for technical in each(resource, "File"):
            _file(technical)
        _from_main_release(root, resource)


def _first_published(resource: Draft, date: Draft) -> None:
    date.name = "FirstPublicationDate"
    if not any(each.tell(date) for each in resource.all(date.name)):
        resource.parts.append(date)


def _contained(resource: Draft, contained: Draft) -> None:
    for part in contained.parts:
        pointer = part.first("ResourceContainedResourceReference")
        if pointer is None:
            continue
        related = resource.add("RelatedResource")
        related.add("ResourceRelationshipType", "HasContentFrom")
        pointer.name = "ResourceRelatedResourceReference"
        related.parts.append(pointer)
        timing = [
            each for each in part.parts if each.name in {"StartPoint", "DurationUsed"}
        ]
        if timing:
            related.parts.append(Draft("Timing", parts=timing))


def _file(file: Draft) -> None:
    """Write name and folder as one URI, relative to the message."""
    name, folder = file.first("FileName"), file.first("FilePath")
    if name is None or file.first("URI") is not None:
        return
    file.take("FileName", "FilePath")
    text, origins = name.text.strip(), name.origins
    if folder is not None:
        origins |= folder.origins
        if folder.text.strip("/ "):
            text = f"{folder.text.strip().rstrip('/')}/{text}"
    file.add("URI", text, origins)


def _from_main_release(root: Draft, resource: Draft) -> None:
    """Name the displayed artist of the release where a recording has none."""
    if resource.name not in {"SoundRecording", "Video"}:
        return
    if resource.first("DisplayArtistName") is not None:
        return
    names = [
        party.first("PartyName/FullName")
        for artist in resource.all("DisplayArtist")
        for party in _party(root, artist.value("ArtistPartyReference"))
    ]
    known = [name for name in names if name is not None]
    if known:
        origins: Origins = frozenset[str]().union(*(name.origins for name in known))
        text = ", ".join(dict.fromkeys(name.text.strip() for name in known))
        resource.add("DisplayArtistName", text, origins if len(known) == 1 else NOWHERE)


def _party(root: Draft, reference: str) -> list[Draft]:
    listed = root.first("PartyList")
    parties = listed.parts if listed else []
    return [party for party in parties if party.value("PartyReference") == reference]


def _releases(root: Draft) -> None:
    listed = root.first("ReleaseList")
    if listed is None:
        return
    main = _main(listed.all("Release"))
    for release in listed.all("Release"):
        _general_dates(release)
        _one_id(release)
        if release.is_said("IsMainRelease") is (release is main):
            release.imply(release.attributes.pop("IsMainRelease", None))
        if release is main:
            arrange(root, release)
        elif len(primary_references(root, release)) == 1:
            as_track(root, release, main)
    # The main release first: of several whole releases 4.x has room for one.
    listed.parts.sort(key=lambda part: part is not main)


def _general_dates(release: Draft) -> None:
    """Take a global date for one that holds where no territory is named."""
    for date in ("ReleaseDate", "OriginalReleaseDate"):
        for part in release.take(f"Global{date}"):
            part.name = date
            if not any(other.tell(part) for other in release.all(date)):
                release.parts.append(part)


def _main(releases: list[Draft]) -> Draft | None:
    said = [release for release in releases if release.is_said("IsMainRelease")]
    whole = [
        release
        for release in releases
        if not {part.value() for part in release.all("ReleaseType")} & TRACK_TYPES
    ]
    return next(iter(said or whole or releases), None)


def _one_id(release: Draft) -> None:
    """Put all identifiers into one element, the valid ones first."""
    ids = release.take("ReleaseId")
    ids.sort(key=lambda part: part.is_said("IsReplaced"))
    if not ids:
        return
    first, *others = ids
    for other in others:
        first.parts += other.parts
        for name, said in other.attributes.items():
            first.attributes.setdefault(name, said)
    release.parts.insert(0, first)


def _deals(root: Draft) -> None:
    for terms in each(root, "DealTerms"):
        for usage in terms.take("Usage"):
            terms.parts += usage.take(*_USAGE)
        terms.parts = merged(terms.parts)
    _pre_order_dates(root)
    for release_deal in each(root, "ReleaseDeal"):
        effective = next(iter(release_deal.take("EffectiveDate")), None)
        for deal in release_deal.all("Deal"):
            if _takes_down(deal):
                release_deal.parts.remove(deal)
            elif effective is not None:
                _start(deal, effective)


def _pre_order_dates(root: Draft) -> None:
    """A pre-order ends when the release is out: that day is said there."""
    dates = [date for r in each(root, "Release") for date in r.all("ReleaseDate")]
    for terms in each(root, "DealTerms"):
        for said in terms.all("PreOrderReleaseDate"):
            for date in dates:
                if date.value() == said.value():
                    date.origins |= said.origins


def _takes_down(deal: Draft) -> bool:
    """Tell whether 4.x says the same by leaving the deal out."""
    return any(
        deal.is_true(f"DealTerms/{name}") for name in ("TakeDown", "AllDealsCancelled")
    )


def _start(deal: Draft, effective: Draft) -> None:
    for terms in deal.all("DealTerms"):
        for period in terms.all("ValidityPeriod"):
            start = period.first("StartDate") or period.first("StartDateTime")
            if start is not None:
                if start.text.strip() == effective.text.strip():
                    start.origins |= effective.origins
            elif period.first("EndDateTime") is None:
                period.add("StartDate", effective.text, effective.origins)
