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

from lxml import etree

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import IpiName, Isni
from shared.domain.names import name_key, split_credit

from .languages import language_tag
from .messages import (
    ImageReading,
    PartyReading,
    PositionReading,
    RecordingReading,
    ReleaseReading,
)
from .statements import FieldClaim, FileFinding, Statements
from .values import calendar_date, duration_ms, notices

Element = etree._Element  # noqa: SLF001 - lxml names its element type so

# A name that only the display line gives, split by its punctuation.
SPLIT: Final = 0.8

_DETAILS: Final = (
    ".",
    "SoundRecordingEdition",
    "SoundRecordingDetailsByTerritory",
    "ReleaseDetailsByTerritory",
    "VideoDetailsByTerritory",
    "ImageDetailsByTerritory",
)
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


def _all(element: Element, path: str) -> Iterator[Element]:
    """Yield what stands under *path*, in the element or its territorial details."""
    for details in _DETAILS:
        found = [
            match
            for part in _worldwide_first(element.findall(details))
            for match in part.findall(path)
        ]
        if found:
            yield from found
            return


def _worldwide_first(parts: list[Element]) -> list[Element]:
    """Of details by territory only one set counts: a message repeats them."""
    if not parts or not str(parts[0].tag).endswith("DetailsByTerritory"):
        return parts
    for part in parts:
        if part.findtext("TerritoryCode") == "Worldwide":
            return [part]
    return parts[:1]


def _text(element: Element, *paths: str) -> str:
    """Return the text under the first path that has one; a default goes first."""
    for path in paths:
        found = sorted(_all(element, path), key=lambda e: e.get("IsDefault") != "true")
        for match in found:
            text = " ".join((match.text or "").split())
            if text:
                return text
    return ""


def _line(element: Element) -> int:
    return int(element.sourceline or 0)


def _closed(message: _Message, statements: Statements) -> tuple[FieldClaim, ...]:
    message.findings += statements.findings
    return tuple(statements.claims)


def _say(statements: Statements, kind: Kind, name: str, value: object) -> None:
    if value not in (None, "", []):
        statements.say(kind, name, value, frames=["ern"])


def _parties(message: _Message) -> Iterator[PartyReading]:
    for party in message.root.findall("PartyList/Party"):
        reference = _text(party, "PartyReference")
        known = {
            "name": _text(party, "PartyName/FullName"),
            "sort_name": _text(party, "PartyName/FullNameIndexed"),
            "isni": _text(party, "PartyId/ISNI"),
            "ipi": _text(party, "PartyId/IpiNameNumber"),
        }
        message.parties[reference] = known
        statements = Statements(line=_line(party))
        for name, value in known.items():
            _say(statements, Kind.PARTY, name, value)
        yield PartyReading(
            reference=reference,
            claims=_closed(message, statements),
            dpid=_text(party, "PartyId/DPID") or None,
            line=_line(party),
        )


def _releases(root: Element) -> tuple[dict[str, Element], list[Element]]:
    """Part the releases of single tracks, by resource, from what is sold as such."""
    tracks: dict[str, Element] = {}
    releases: list[Element] = []
    for release in root.findall("ReleaseList/*"):
        kind = _text(release, "ReleaseType")
        if release.tag == "TrackRelease" or kind == "TrackRelease":
            reference = _text(
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
        reference = _text(resource, "ResourceReference")
        statements = Statements(line=_line(resource))
        _say_common(message, statements, Kind.RECORDING, resource)
        _say_recording(message, statements, resource)
        track = track_releases.get(reference)
        if track is not None:
            _say_genres(statements, Kind.RECORDING, track)
            _say(statements, Kind.RECORDING, "label", _label(message, track))
        yield RecordingReading(
            reference=reference,
            claims=_closed(message, statements),
            files=_files(resource),
            line=_line(resource),
        )


def _say_recording(
    message: _Message, statements: Statements, resource: Element
) -> None:
    kind = Kind.RECORDING
    isrc = _text(resource, "ResourceId/ISRC", "SoundRecordingId/ISRC")
    _say(statements, kind, "isrc", isrc)
    iswc = _text(
        resource,
        "WorkId/ISWC",
        "MusicalWorkId/ISWC",
        "IndirectSoundRecordingId/ISWC",
    )
    _say(statements, kind, "iswc", iswc)
    _say_read(statements, kind, "duration_ms", duration_ms, _text(resource, "Duration"))
    language = _text(resource, "LanguageOfPerformance")
    _say_read(statements, kind, "language", language_tag, language)
    created_on = _text(resource, "CreationDate")
    _say_read(statements, kind, "recorded_on", calendar_date, created_on)
    _say(statements, kind, "contributors", list(_contributors(message, resource)))


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
    statements = Statements(line=_line(release))
    _say_common(message, statements, kind, release)
    _say(statements, kind, "gtin", _text(release, "ReleaseId/ICPN"))
    _say(statements, kind, "grid", _text(release, "ReleaseId/GRid"))
    _say(statements, kind, "catalog_number", _text(release, "ReleaseId/CatalogNumber"))
    _say(statements, kind, "release_type", _text(release, "ReleaseType"))
    _say(statements, kind, "label", _label(message, release))
    _say_genres(statements, kind, release)
    released_on = _text(release, "ReleaseDate", "GlobalReleaseDate")
    _say_read(statements, kind, "release_date", calendar_date, released_on)
    original = _text(release, "OriginalReleaseDate", "GlobalOriginalReleaseDate")
    _say_read(statements, kind, "original_release_date", calendar_date, original)
    places = list(_positions(message, release))
    _say(statements, kind, "track_count", len(places) or None)
    media = max((place.medium_number for place in places), default=None)
    _say(statements, kind, "medium_count", media)
    return ReleaseReading(
        reference=_text(release, "ReleaseReference"),
        claims=_closed(message, statements),
        line=_line(release),
    )


def _say_common(
    message: _Message, statements: Statements, kind: Kind, element: Element
) -> None:
    """Claim what recordings and releases have alike: titles, artists, notices."""
    title = _text(
        element,
        "DisplayTitle/TitleText",
        "Title[@TitleType='DisplayTitle']/TitleText",
        "DisplayTitleText",
        "ReferenceTitle/TitleText",
    )
    _say(statements, kind, "title", title)
    subtitle = _text(
        element,
        "DisplayTitle/SubTitle",
        "Title[@TitleType='DisplayTitle']/SubTitle",
        "ReferenceTitle/SubTitle",
    )
    _say(statements, kind, "subtitle", subtitle)
    _say_artists(message, statements, kind, element)
    _say(statements, kind, "p_line", _notice(element, "PLine"))
    _say(statements, kind, "c_line", _notice(element, "CLine"))
    warning = _WARNINGS.get(_text(element, "ParentalWarningType"))
    _say(statements, kind, "explicit", warning)


def _notice(element: Element, name: str) -> str:
    text = _text(element, f"{name}/{name}Text")
    year = _text(element, f"{name}/Year")
    found = notices(text)
    shown = found.p_line or found.c_line or text
    return f"{year} {shown}" if shown and year and year not in shown else shown


def _say_artists(
    message: _Message, statements: Statements, kind: Kind, element: Element
) -> None:
    line = _text(element, "DisplayArtistName")
    artists = [
        credit
        for artist in _all(element, "DisplayArtist")
        if (
            credit := _credit(
                message, artist, "Artist", ("DisplayArtistRole", "ArtistRole")
            )
        )
    ]
    if artists:
        _join(artists, line)
        statements.say(kind, "artists", artists, frames=["DisplayArtist"])
    elif line:
        value = [credit.to_json() for credit in split_credit(line)]
        certainty = 1.0 if len(value) == 1 else SPLIT
        statements.say(kind, "artists", value, certainty, ["DisplayArtistName"])


def _join(artists: list[dict[str, JsonValue]], line: str) -> None:
    """Add the words between the names, where the display line has the same names."""
    names = [str(artist["name"]) for artist in artists]
    found = split_credit(line, names)
    if [name_key(credit.name) for credit in found] == [name_key(n) for n in names]:
        for artist, credit in zip(artists, found, strict=True):
            if credit.join:
                artist["join"] = credit.join


def _credit(
    message: _Message, element: Element, prefix: str, role_paths: tuple[str, ...]
) -> dict[str, JsonValue] | None:
    reference = _text(element, f"{prefix}PartyReference")
    party = message.parties.get(reference, {})
    name = party.get("name") or _text(element, "PartyName/FullName")
    if not name:
        return None
    credit: dict[str, JsonValue] = {"name": name, "role": _role(element, role_paths)}
    for extra, parse in (("isni", Isni.parse), ("ipi", IpiName.parse)):
        try:
            if party.get(extra):
                credit[extra] = parse(party[extra]).value
        except InvalidInputError:
            # The party's own reading has told of it.
            continue
    return credit


def _role(element: Element, paths: tuple[str, ...]) -> str:
    for path in paths:
        found = element.find(path)
        if found is not None:
            defined = found.get("UserDefinedValue")
            return defined or (found.text or "").strip() or "MainArtist"
    return "MainArtist"


def _contributors(
    message: _Message, resource: Element
) -> Iterator[dict[str, JsonValue]]:
    for tag, role_path in (
        ("Contributor", "Role"),
        ("ResourceContributor", "ResourceContributorRole"),
        ("IndirectResourceContributor", "IndirectResourceContributorRole"),
    ):
        for element in _all(resource, tag):
            credit = _credit(message, element, "Contributor", (role_path,))
            instrument = _text(element, "InstrumentType")
            if credit is None:
                continue
            if instrument:
                credit["role"] = f"{credit['role']} ({instrument})"
            yield credit


def _label(message: _Message, release: Element) -> str:
    reference = _text(release, "ReleaseLabelReference")
    return message.parties.get(reference, {}).get("name", "") or _text(
        release, "LabelName"
    )


def _say_genres(statements: Statements, kind: Kind, release: Element) -> None:
    texts = [
        " ".join((part.text or "").split())
        for genre in _all(release, "Genre")
        for part in genre.findall("*")
        if part.tag in ("GenreText", "SubGenre")
    ]
    _say(statements, kind, "genres", [text for text in texts if text])


def _files(resource: Element) -> tuple[str, ...]:
    found = ((file.text or "").strip() for file in resource.iter("URI", "FileName"))
    return tuple(dict.fromkeys(uri for uri in found if uri))


def _positions(message: _Message, release: Element) -> Iterator[PositionReading]:
    reference = _text(release, "ReleaseReference")
    recordings = {
        _text(resource, "ResourceReference")
        for resource in message.root.findall("ResourceList/SoundRecording")
    }
    for medium, items in enumerate(_media(release), start=1):
        track = 0
        for item, recording in items:
            if recording not in recordings:
                continue
            track += 1
            stated = re.fullmatch(r"\d{1,4}", _text(item, "SequenceNumber"))
            yield PositionReading(
                release=reference,
                recording=recording,
                medium_number=medium,
                track_number=(int(stated.group()) if stated else 0) or track,
                line=_line(item),
            )


def _media(release: Element) -> list[list[tuple[Element, str]]]:
    """Return per medium its items and what they refer to.

    Media are the groups inside a group that has no items itself. A release without
    groups lists its resources in the order of play.
    """
    groups = list(_all(release, "ResourceGroup"))
    if len(groups) == 1 and groups[0].find("ResourceGroupContentItem") is None:
        groups = groups[0].findall("ResourceGroup") or groups
    media = [
        [
            (item, _text(item, "ReleaseResourceReference"))
            for item in group.iter("ResourceGroupContentItem")
        ]
        for group in groups
    ]
    if any(media):
        return media
    listed = _all(release, "ReleaseResourceReferenceList/ReleaseResourceReference")
    return [[(item, (item.text or "").strip()) for item in listed]]


def _images(root: Element) -> Iterator[ImageReading]:
    for image in root.findall("ResourceList/Image"):
        yield ImageReading(
            reference=_text(image, "ResourceReference"),
            type=_text(image, "Type", "ImageType"),
            files=_files(image),
            line=_line(image),
        )
