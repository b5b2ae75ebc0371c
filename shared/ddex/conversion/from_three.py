"""From 3.x to 4.1: no details by territory, one list of parties, one group a release.

Who is described where 3.x credits them is listed once, and what it says by territory
names its territory; see `parties`, `territories` and `arranging`.
"""

from __future__ import annotations

from typing import Final

from .arranging import TRACK_TYPES, Arranger, resource_list
from .drafts import NOWHERE, Draft, Said, each, merged
from .parties import PartyBook, list_parties
from .recordings import rearrange_recordings
from .tables import PROFILES_OF_3
from .titles import display_titles

_TITLE_HOLDERS: Final = (
    *("SoundRecording", "Video", "Image", "Text", "SheetMusic", "Software"),
    *("Release", "TrackRelease", "ResourceGroup", "RelatedRelease"),
)
_INDIRECT: Final = ("IndirectResourceContributor", "MusicalWorkContributor")
_INDIRECT_ROLES: Final = (
    "IndirectResourceContributorRole",
    "MusicalWorkContributorRole",
)
_OF_CREDIT: Final = ("Role", "InstrumentType")
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
        display_titles(holder)
    _works(root)
    for holder in [part for part in root.within() if part.first("Contributor")]:
        _contributors_once(holder)
    rearrange_recordings(root)
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
        for number, artist in enumerate(holder.all("DisplayArtist"), 1):
            _roles(artist)
            artist.attributes.setdefault("SequenceNumber", Said(str(number)))


def _roles(artist: Draft) -> None:
    """Say how an artist is displayed, and what else the artist is, in two elements."""
    roles = artist.all("ArtistRole")
    shown = next(
        (r for name in _DISPLAY_ROLES for r in roles if r.value() == name), None
    )
    for role in roles:
        role.name = "DisplayArtistRole" if role is shown else "ArtisticRole"


def _contributors_once(holder: Draft) -> None:
    """Credit each contributor once, with all roles."""
    first: dict[str, Draft] = {}
    for credit in holder.all("Contributor"):
        reference = credit.value("ContributorPartyReference")
        known = first.setdefault(reference, credit)
        if known is not credit and reference:
            holder.parts.remove(credit)
            known.imply(credit.attributes.pop("SequenceNumber", None))
            known.parts += [part for part in credit.parts if part.name in _OF_CREDIT]
            known.parts = merged(known.parts)


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


def _releases(root: Draft) -> None:
    listed = root.first("ReleaseList")
    if listed is None:
        return
    main = _main(listed.all("Release"))
    arranger = Arranger(root, main)
    for release in listed.all("Release"):
        _general_dates(release)
        _one_id(release)
        if release.is_said("IsMainRelease") is (release is main):
            release.imply(release.attributes.pop("IsMainRelease", None))
        if release is main:
            arranger.arrange(release)
        elif len(arranger.primary_references(release)) == 1:
            arranger.as_track(release)
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
