"""ERN NewReleaseMessages, in essentials: one reader for 3.x and 4.x.

Version 4 gathers parties in a list and refers to them; version 3 names them in place
and puts much of a resource or release into `…DetailsByTerritory`. Both are read by
paths tried in order, the worldwide details (or the first) standing for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError

from .ern_credits import contributors, say_artists
from .ern_elements import Element, all_under, files_of, line_of, text_of
from .languages import language_tag
from .message_readings import (
    ImageReading,
    PartyReading,
    PositionReading,
    RecordingReading,
    ReleaseReading,
)
from .statements import FieldClaim, FileFinding, Statements
from .values import calendar_date, duration_ms, notices

_WARNINGS: Final = {
    "Explicit": True,
    "NotExplicit": False,
    "ExplicitContentEdited": False,
}


@dataclass(slots=True)
class _Message:
    """What is known while a message is read."""

    root: Element
    parties: dict[str, dict[str, str]] = field(default_factory=dict)
    findings: list[FileFinding] = field(default_factory=list)


def content_of(root: Element) -> dict[str, Any]:
    """Return parties, recordings, releases, positions, images and findings."""
    message = _Message(root)
    parties = tuple(_parties(message))
    track_releases, releases = _releases(root)
    return {
        "parties": parties,
        "recordings": tuple(_recordings(message, track_releases)),
        "releases": tuple(_release(message, release) for release in releases),
        "positions": tuple(
            p for release in releases for p in _positions(message, release)
        ),
        "images": tuple(_images(root)),
        "findings": tuple(message.findings),
    }


def _closed(message: _Message, statements: Statements) -> tuple[FieldClaim, ...]:
    message.findings += statements.findings
    return tuple(statements.claims)


def _say(statements: Statements, kind: Kind, name: str, value: object) -> None:
    if value not in (None, "", []):
        statements.say(kind, name, value, frames=["ern"])


def _parties(message: _Message) -> Iterator[PartyReading]:
    for party in message.root.findall("PartyList/Party"):
        reference = text_of(party, "PartyReference")
        known = {
            "name": text_of(party, "PartyName/FullName"),
            "sort_name": text_of(party, "PartyName/FullNameIndexed"),
            "isni": text_of(party, "PartyId/ISNI"),
            "ipi": text_of(party, "PartyId/IpiNameNumber"),
        }
        message.parties[reference] = known
        statements = Statements(line=line_of(party))
        for name, value in known.items():
            _say(statements, Kind.PARTY, name, value)
        yield PartyReading(
            reference=reference,
            claims=_closed(message, statements),
            dpid=text_of(party, "PartyId/DPID") or None,
            line=line_of(party),
        )


def _releases(root: Element) -> tuple[dict[str, Element], list[Element]]:
    """Part the releases of single tracks, by resource, from what is sold as such."""
    tracks: dict[str, Element] = {}
    releases: list[Element] = []
    for release in root.findall("ReleaseList/*"):
        kind = text_of(release, "ReleaseType")
        if release.tag == "TrackRelease" or kind == "TrackRelease":
            reference = text_of(
                release,
                "ReleaseResourceReference",
                "ReleaseResourceReferenceList/ReleaseResourceReference",
            )
            tracks.setdefault(reference, release)
        elif release.tag == "Release":
            releases.append(release)
    return tracks, releases


def _recordings(
    message: _Message, track_releases: Mapping[str, Element]
) -> Iterator[RecordingReading]:
    for resource in message.root.findall("ResourceList/SoundRecording"):
        reference = text_of(resource, "ResourceReference")
        statements = Statements(line=line_of(resource))
        _say_common(message, statements, Kind.RECORDING, resource)
        _say_recording(message, statements, resource)
        track = track_releases.get(reference)
        if track is not None:
            _say_genres(statements, Kind.RECORDING, track)
            _say(statements, Kind.RECORDING, "label", _label(message, track))
        yield RecordingReading(
            reference=reference,
            claims=_closed(message, statements),
            files=files_of(resource),
            line=line_of(resource),
        )


def _say_recording(
    message: _Message, statements: Statements, resource: Element
) -> None:
    kind = Kind.RECORDING
    isrc = text_of(resource, "ResourceId/ISRC", "SoundRecordingId/ISRC")
    _say(statements, kind, "isrc", isrc)
    iswc = text_of(
        resource,
        "WorkId/ISWC",
        "MusicalWorkId/ISWC",
        "IndirectSoundRecordingId/ISWC",
    )
    _say(statements, kind, "iswc", iswc)
    _say_read(
        statements, kind, "duration_ms", duration_ms, text_of(resource, "Duration")
    )
    language = text_of(resource, "LanguageOfPerformance")
    _say_read(statements, kind, "language", language_tag, language)
    created_on = text_of(resource, "CreationDate")
    _say_read(statements, kind, "recorded_on", calendar_date, created_on)
    _say(
        statements, kind, "contributors", list(contributors(message.parties, resource))
    )


def _say_read(
    statements: Statements, kind: Kind, name: str, read: Any, text: str
) -> None:
    try:
        value = read(text) if text else None
    except InvalidInputError as exc:
        statements.doubt(f"invalid-{name.replace('_', '-')}", name, exc.message, text)
        return
    _say(statements, kind, name, value)


def _release(message: _Message, release: Element) -> ReleaseReading:
    kind = Kind.RELEASE
    statements = Statements(line=line_of(release))
    _say_common(message, statements, kind, release)
    _say(statements, kind, "gtin", text_of(release, "ReleaseId/ICPN"))
    _say(statements, kind, "grid", text_of(release, "ReleaseId/GRid"))
    _say(
        statements, kind, "catalog_number", text_of(release, "ReleaseId/CatalogNumber")
    )
    _say(statements, kind, "release_type", text_of(release, "ReleaseType"))
    _say(statements, kind, "label", _label(message, release))
    _say_genres(statements, kind, release)
    released_on = text_of(release, "ReleaseDate", "GlobalReleaseDate")
    _say_read(statements, kind, "release_date", calendar_date, released_on)
    original = text_of(release, "OriginalReleaseDate", "GlobalOriginalReleaseDate")
    _say_read(statements, kind, "original_release_date", calendar_date, original)
    places = list(_positions(message, release))
    _say(statements, kind, "track_count", len(places) or None)
    media = max((place.medium_number for place in places), default=None)
    _say(statements, kind, "medium_count", media)
    return ReleaseReading(
        reference=text_of(release, "ReleaseReference"),
        claims=_closed(message, statements),
        line=line_of(release),
    )


def _say_common(
    message: _Message, statements: Statements, kind: Kind, element: Element
) -> None:
    """Claim what recordings and releases have alike: titles, artists, notices."""
    title = text_of(
        element,
        "DisplayTitle/TitleText",
        "Title[@TitleType='DisplayTitle']/TitleText",
        "DisplayTitleText",
        "ReferenceTitle/TitleText",
    )
    _say(statements, kind, "title", title)
    subtitle = text_of(
        element,
        "DisplayTitle/SubTitle",
        "Title[@TitleType='DisplayTitle']/SubTitle",
        "ReferenceTitle/SubTitle",
    )
    _say(statements, kind, "subtitle", subtitle)
    say_artists(message.parties, statements, kind, element)
    _say(statements, kind, "p_line", _notice(element, "PLine"))
    _say(statements, kind, "c_line", _notice(element, "CLine"))
    warning = _WARNINGS.get(text_of(element, "ParentalWarningType"))
    _say(statements, kind, "explicit", warning)


def _notice(element: Element, name: str) -> str:
    text = text_of(element, f"{name}/{name}Text")
    year = text_of(element, f"{name}/Year")
    found = notices(text)
    shown = found.p_line or found.c_line or text
    return f"{year} {shown}" if shown and year and year not in shown else shown


def _label(message: _Message, release: Element) -> str:
    reference = text_of(release, "ReleaseLabelReference")
    return message.parties.get(reference, {}).get("name", "") or text_of(
        release, "LabelName"
    )


def _say_genres(statements: Statements, kind: Kind, release: Element) -> None:
    texts = [
        " ".join((part.text or "").split())
        for genre in all_under(release, "Genre")
        for part in genre.findall("*")
        if part.tag in ("GenreText", "SubGenre")
    ]
    _say(statements, kind, "genres", [text for text in texts if text])


def _positions(message: _Message, release: Element) -> Iterator[PositionReading]:
    reference = text_of(release, "ReleaseReference")
    recordings = {
        text_of(resource, "ResourceReference")
        for resource in message.root.findall("ResourceList/SoundRecording")
    }
    for medium, items in enumerate(_media(release), start=1):
        track = 0
        for item, recording in items:
            if recording not in recordings:
                continue
            track += 1
            stated = re.fullmatch(r"\d{1,4}", text_of(item, "SequenceNumber"))
            yield PositionReading(
                release=reference,
                recording=recording,
                medium_number=medium,
                track_number=(int(stated.group()) if stated else 0) or track,
                line=line_of(item),
            )


def _media(release: Element) -> list[list[tuple[Element, str]]]:
    """Return per medium its items and what they refer to.

    Media are the groups inside a group that has no items itself. A release without
    groups lists its resources in the order of play.
    """
    groups = list(all_under(release, "ResourceGroup"))
    if len(groups) == 1 and groups[0].find("ResourceGroupContentItem") is None:
        groups = groups[0].findall("ResourceGroup") or groups
    media = [
        [
            (item, text_of(item, "ReleaseResourceReference"))
            for item in group.iter("ResourceGroupContentItem")
        ]
        for group in groups
    ]
    if any(media):
        return media
    listed = all_under(release, "ReleaseResourceReferenceList/ReleaseResourceReference")
    return [[(item, (item.text or "").strip()) for item in listed]]


def _images(root: Element) -> Iterator[ImageReading]:
    for image in root.findall("ResourceList/Image"):
        yield ImageReading(
            reference=text_of(image, "ResourceReference"),
            type=text_of(image, "Type", "ImageType"),
            files=files_of(image),
            line=line_of(image),
        )
