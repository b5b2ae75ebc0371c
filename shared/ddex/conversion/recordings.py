"""Recordings and other resources: dates, files and contents of 3.x in words of 4.x."""

from __future__ import annotations

from typing import Final

from .arranging import resource_list
from .drafts import NOWHERE, Draft, each

_RECORDED: Final = ("SoundRecording", "Video")


def rearrange_recordings(root: Draft) -> None:
    """Say of resources in the words of 4.x what has others in 3.x."""
    listed = root.first("PartyList")
    parties = {
        party.value("PartyReference"): party
        for party in (listed.parts if listed else ())
    }
    for resource in resource_list(root):
        for older in ("OriginalResourceReleaseDate", "ResourceReleaseDate"):
            for date in resource.take(older):
                _first_published(resource, date)
        for contained in resource.take("ResourceContainedResourceReferenceList"):
            _contained(resource, contained)
        for technical in each(resource, "File"):
            _file(technical)
        _name_artist(resource, parties)


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


def _name_artist(resource: Draft, parties: dict[str, Draft]) -> None:
    """Name the displayed artists where a recording has no name for them."""
    if resource.name not in _RECORDED or resource.first("DisplayArtistName"):
        return
    credited = (
        parties.get(artist.value("ArtistPartyReference"))
        for artist in resource.all("DisplayArtist")
    )
    names = [party.first("PartyName/FullName") for party in credited if party]
    known = [name for name in names if name is not None]
    if known:
        text = ", ".join(dict.fromkeys(name.text.strip() for name in known))
        origins = known[0].origins if len(known) == 1 else NOWHERE
        resource.add("DisplayArtistName", text, origins)
