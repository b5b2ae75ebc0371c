"""Discogs: its monthly dumps of artists, labels, masters and releases, as XML.

Read element by element (data.discogs.com), so that a dump of any size can be taken in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from lxml import etree

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.keys import (
    party_keys,
    position_keys,
    release_group_keys,
    release_keys,
)
from shared.domain.names import FEATURED_ARTIST, MAIN_ARTIST
from shared.formats.entries import SourceEntry, Thing
from shared.formats.statements import FieldClaim, Statements
from shared.formats.values import calendar_date, duration_ms
from shared.formats.xml_stream import elements, local_name, words

SOURCE: Final = "discogs"
_KINDS: Final = frozenset({"artist", "label", "master", "release"})
# "Prince (2)" is the second of that name; the number is no part of it.
_NUMBERED: Final = re.compile(r"(.*\S)\s+\((\d{1,4})\)")
_POSITION: Final = re.compile(
    r"(?:(?:CD|DVD)?(\d{1,2})[-.])?([A-Z]{0,2})(\d{1,3})[a-z]?"
)
_BARCODE: Final = re.compile(r"\D")
_NOBODY: Final = frozenset({"", "not on label", "none"})
_ROLES: Final = MappingProxyType(
    {
        "producer": "Producer",
        "remix": "Remixer",
        "written-by": "ComposerLyricist",
        "composed by": "Composer",
        "music by": "Composer",
        "lyrics by": "Lyricist",
        "words by": "Lyricist",
        "arranged by": "Arranger",
        "mixed by": "Mixer",
        "dj mix": "DJ",
        "mastered by": "MasteringEngineer",
        "engineer": "Engineer",
        "vocals": "Vocalist",
        "conductor": "Conductor",
        "featuring": FEATURED_ARTIST,
    }
)
Element = etree._Element  # noqa: SLF001 - lxml has no public name for its elements


def read_discogs(path: Path) -> Iterator[SourceEntry]:
    """Yield what the elements of the dump at *path* say.

    Raises:
        UnreadableFileError: It is not well-formed; raised after what came before.
    """
    for element in elements(path, _is_record):
        yield entry_of(element)


def _is_record(element: Element, depth: int) -> bool:
    # A slice may be one element alone; in a dump they lie within the root.
    return depth <= 1 and local_name(element) in _KINDS


def entry_of(element: Element) -> SourceEntry:
    """Return what one element says."""
    line = element.sourceline or 0
    said = Statements(line=line)
    kind = local_name(element)
    number = element.get("id") or words(element.find("id"))
    things = tuple(_READERS[kind](element, number, said)) if number else ()
    if not things:
        said.doubt("nothing-said", "", "without number, name or title", kind)
    raw: dict[str, Any] = {"line": line, "discogs": kind, "id": number}
    return SourceEntry(line, (), things, tuple(said.findings), raw)


def _artist(element: Element, number: str, said: Statements) -> Iterator[Thing]:
    return _party(element, number, said, "artist")


def _label(element: Element, number: str, said: Statements) -> Iterator[Thing]:
    return _party(element, number, said, "label")


def _party(
    element: Element, number: str, said: Statements, what: str
) -> Iterator[Thing]:
    written = words(element.find("name"))
    if not written:
        return
    found = _NUMBERED.fullmatch(written)
    name = found[1] if found else written
    kind = Kind.PARTY
    said.say(kind, "name", name)
    said.say(kind, "discogs_id", f"{what}/{number}")
    if what == "label":
        said.say(kind, "type", "Label")
    aliases = [words(child) for child in element.iterfind("namevariations/name")]
    links = [words(child) for child in element.iterfind("urls/url")]
    for field, listed in (("aliases", aliases), ("links", links)):
        if kept := [item for item in dict.fromkeys(listed) if item]:
            said.say(kind, field, kept)
    own = f"discogs:{what}/{number}"
    # The first of a name is the one people mean; the others only Discogs tells apart.
    keys = (own,) if found else (*party_keys(name), own)
    yield Thing(kind, keys, tuple(said.claims), own)


def _master(element: Element, number: str, said: Statements) -> Iterator[Thing]:
    kind = Kind.RELEASE_GROUP
    if not words(element.find("title")):
        return
    said.say(kind, "title", words(element.find("title")))
    said.say(kind, "discogs_id", f"master/{number}")
    if people := _credits(element.find("artists")):
        said.say(kind, "artists", people)
    year = words(element.find("year"))
    if re.fullmatch(r"[12]\d{3}", year):
        said.say(kind, "first_release_date", year)
    if genres := _genres(element):
        said.say(kind, "genres", genres)
    if main := words(element.find("main_release")):
        said.say(kind, "main_release", f"discogs:release/{main}")
    values = {claim.field: claim.value for claim in said.claims}
    origin = f"discogs:master/{number}"
    yield Thing(kind, release_group_keys(values), tuple(said.claims), origin)


def _release(element: Element, number: str, said: Statements) -> Iterator[Thing]:
    if not words(element.find("title")):
        return
    _say_release(element, number, said)
    claims = tuple(said.claims)
    values = {claim.field: claim.value for claim in claims}
    own = f"discogs:release/{number}"
    keys = (*(release_keys(values) if values.get("gtin") else ()), own)
    yield Thing(Kind.RELEASE, keys, claims, own)
    artists = values.get("artists")
    for place, track in enumerate(element.iterfind("tracklist/track"), start=1):
        yield from _track(track, place, (keys[0], own), artists, said)


def _say_release(element: Element, number: str, said: Statements) -> None:
    label, catalog_number = _label_of(element)
    formats = [f.get("name", "").strip() for f in element.iterfind("formats/format")]
    master = words(element.find("master_id"))
    said.say_all(
        Kind.RELEASE,
        {
            "title": words(element.find("title")),
            "discogs_id": f"release/{number}",
            "artists": _credits(element.find("artists")),
            "label": label,
            "catalog_number": catalog_number,
            "country": words(element.find("country")),
            "status": words(element.find("status")) or element.get("status", ""),
            "release_date": _valid(calendar_date, words(element.find("released"))),
            "genres": _genres(element),
            "formats": [name for name in dict.fromkeys(formats) if name],
            "release_group": f"discogs:master/{master}" if master else "",
        },
    )
    _say_barcode(element, said)


def _label_of(element: Element) -> tuple[str, str]:
    """Return the first label and catalogue number that are any."""
    name = number = ""
    for label in element.iterfind("labels/label"):
        told, catalog = label.get("name", "").strip(), label.get("catno", "").strip()
        if not name and told.casefold() not in _NOBODY:
            found = _NUMBERED.fullmatch(told)
            name = found[1] if found else told
        if not number and catalog.casefold() not in _NOBODY:
            number = catalog
    return name, number


def _say_barcode(element: Element, said: Statements) -> None:
    for identifier in element.iterfind("identifiers/identifier"):
        if identifier.get("type") == "Barcode":
            digits = _BARCODE.sub("", identifier.get("value", ""))
            if (
                len(digits) in {8, 12, 13, 14}
                and said.said(Kind.RELEASE, "gtin") is None
            ):
                said.say(Kind.RELEASE, "gtin", digits)


def _track(
    track: Element,
    place: int,
    release: tuple[str, str],
    artists: JsonValue,
    said: Statements,
) -> Iterator[Thing]:
    title, position = words(track.find("title")), words(track.find("position"))
    # Without a position it is the heading of a part, not a track.
    if not title or not position:
        return
    own = Statements(line=said.line)
    kind = Kind.RECORDING
    own.say(kind, "title", title)
    credited: JsonValue = _credits(track.find("artists")) or artists
    if credited:
        own.say(kind, "artists", credited)
    if helpers := _credits(track.find("extraartists"), by_role=True):
        own.say(kind, "contributors", helpers)
    if length := _valid(duration_ms, words(track.find("duration"))):
        own.say(kind, "duration_ms", length)
    claims: tuple[FieldClaim, ...] = tuple(own.claims)
    key, origin = (
        f"discogs:{release[1].partition(':')[2]}/{place}",
        f"{release[1]}/{place}",
    )
    yield Thing(kind, (key,), claims, origin)
    yield _place(position, (release[0], key), origin, said)


def _place(
    position: str, keys: tuple[str, str], origin: str, said: Statements
) -> Thing:
    own = Statements(line=said.line)
    kind = Kind.TRACK_POSITION
    own.say(kind, "release", keys[0])
    own.say(kind, "recording", keys[1])
    found = _POSITION.fullmatch(position.upper())
    if found:
        # Two sides of a record are one medium.
        side = (ord(found[2][0]) - ord("A")) // 2 + 1 if found[2] else 1
        own.say(kind, "medium_number", int(found[1] or side) or 1)
        if int(found[3]):
            own.say(kind, "track_number", int(found[3]))
    return Thing(kind, position_keys(*keys), tuple(own.claims), f"{origin}/place")


def _credits(element: Element | None, *, by_role: bool = False) -> list[JsonValue]:
    found: list[JsonValue] = []
    for artist in element.iterfind("artist") if element is not None else ():
        written = words(artist.find("name"))
        numbered = _NUMBERED.fullmatch(written)
        name = numbered[1] if numbered else written
        told = words(artist.find("role")).split("[")[0].strip().casefold()
        role = _ROLES.get(told, told.title().replace(" ", "")) if by_role else ""
        if not name or (by_role and not role):
            continue
        credit: dict[str, JsonValue] = {"name": name, "role": role or MAIN_ARTIST}
        if shown := words(artist.find("anv")):
            credit["credited_as"] = shown
        if join := words(artist.find("join")):
            credit["join"] = f"{join} " if join == "," else f" {join} "
        found.append(credit)
    return found


def _genres(element: Element) -> list[str]:
    paths = ("genres/genre", "styles/style")
    told = (words(child) for path in paths for child in element.iterfind(path))
    return list(dict.fromkeys(name for name in told if name))


def _valid(parse: Callable[[str], JsonValue], text: str) -> JsonValue:
    try:
        return parse(text) if text else None
    except InvalidInputError:
        return None


_READERS: Final[Mapping[str, Callable[[Element, str, Statements], Iterator[Thing]]]] = (
    MappingProxyType(
        {"artist": _artist, "label": _label, "master": _master, "release": _release}
    )
)
