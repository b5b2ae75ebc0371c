"""The library of iTunes and Music as XML: a property list of tracks and playlists.

Read one track at a time: a library of a hundred thousand has 150 MB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from lxml import etree

from shared.domain.claims import JsonValue, Kind
from shared.domain.names import split_credit
from shared.formats.entries import SourceEntry, Thing
from shared.formats.playlists.playlist import Playlist, playlist_entry
from shared.formats.statements import FieldClaim, Statements
from shared.formats.xml_stream import elements, local_name, words

SOURCE: Final = "itunes-library"
_TEXTS: Final = MappingProxyType(
    {
        "Name": (Kind.RECORDING, "title"),
        "Album": (Kind.RELEASE, "title"),
        "Comments": (Kind.RECORDING, "comment"),
    }
)
_NUMBERS: Final = MappingProxyType(
    {
        "Total Time": (Kind.RECORDING, "duration_ms"),
        "BPM": (Kind.RECORDING, "bpm"),
        "Disc Count": (Kind.RELEASE, "medium_count"),
        "Track Count": (Kind.RELEASE, "track_count"),
        "Disc Number": (Kind.TRACK_POSITION, "medium_number"),
        "Track Number": (Kind.TRACK_POSITION, "track_number"),
    }
)
# Kept as they came, beside what the catalog knows.
_RAW: Final = (
    *("Track ID", "Persistent ID", "Location", "Kind", "Size", "Bit Rate"),
    *("Sample Rate", "Date Added", "Date Modified", "Play Count", "Rating"),
    *("Compilation", "Sort Artist", "Sort Album", "Sort Name", "Work", "Grouping"),
)
# Lists that every library has, and that say nothing.
_OWN_LISTS: Final = frozenset({"Master", "Distinguished Kind", "Folder"})
_DIGITS: Final = re.compile(r"\d{1,12}")
Dict = dict[str, str]


def read_itunes_library(path: Path) -> Iterator[SourceEntry]:
    """Yield the tracks of the library at *path*, then its playlists.

    Raises:
        UnreadableFileError: It is not well-formed; raised after what came before.
    """
    known: dict[str, dict[str, JsonValue]] = {}
    for element in elements(path, _is_record):
        line = element.sourceline or 0
        if element.getparent() is not None and local_name(element) == "dict":
            told = _dict(element)
            if "Playlist Persistent ID" in told or "Playlist ID" in told:
                yield _playlist(element, told, known, line)
            elif "Track ID" in told:
                known[told["Track ID"]] = _shown(told)
                yield _track(told, line)


def _is_record(element: etree._Element, depth: int) -> bool:
    # plist > dict > dict (tracks) > dict, and plist > dict > array (lists) > dict.
    return depth == 3 and local_name(element) == "dict"


def _dict(element: etree._Element) -> Dict:
    """Return keys and scalar values of a property list's dict."""
    found: Dict = {}
    key = ""
    for child in element:
        name = local_name(child)
        if name == "key":
            key = words(child)
        elif key:
            found.setdefault(key, name if name in {"true", "false"} else words(child))
            key = ""
    return found


def _track(told: Dict, line: int) -> SourceEntry:
    said = Statements(line=line)
    for name, (kind, field) in _TEXTS.items():
        if told.get(name, "").strip():
            said.say(kind, field, told[name])
    for name, (kind, field) in _NUMBERS.items():
        if _DIGITS.fullmatch(told.get(name, "")) and int(told[name]):
            said.say(kind, field, int(told[name]))
    _say_people(said, told)
    _say_dates(said, told)
    genre = told.get("Genre", "").strip()
    explicit = True if told.get("Explicit") == "true" else None
    more = {"genres": [genre] if genre else None, "explicit": explicit}
    said.say_all(Kind.RECORDING, more)
    claims: tuple[FieldClaim, ...] = tuple(said.claims)
    if said.said(Kind.RECORDING, "title") is None:
        fix = "Give the track a name in Music, and export the library again."
        said.doubt("no-recording", "title", "a track without a name", "", fix)
        claims = ()
    raw: dict[str, JsonValue] = {"line": line}
    raw |= {name: told[name] for name in _RAW if told.get(name)}
    return SourceEntry(line, claims, (), tuple(said.findings), raw)


def _say_people(said: Statements, told: Dict) -> None:
    for kind, name in ((Kind.RECORDING, "Artist"), (Kind.RELEASE, "Album Artist")):
        artists = [credit.to_json() for credit in split_credit(told.get(name, ""))]
        if artists:
            said.say(kind, "artists", artists, 1.0 if len(artists) == 1 else 0.8)
    composers = split_credit(told.get("Composer", ""))
    people = [{"name": c.name, "role": "Composer"} for c in composers]
    said.say_all(Kind.RECORDING, {"contributors": people})


def _say_dates(said: Statements, told: Dict) -> None:
    if re.fullmatch(r"[12]\d{3}", told.get("Year", "")):
        said.say(Kind.RECORDING, "release_date", told["Year"], 0.9)
        said.say(Kind.RELEASE, "release_date", told["Year"], 0.9)
    day = told.get("Release Date", "")[:10]
    if (
        re.fullmatch(r"\d{4}-\d\d-\d\d", day)
        and said.said(Kind.RELEASE, "release_date") is None
    ):
        said.say(Kind.RECORDING, "release_date", day)


def _shown(told: Mapping[str, str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {
        field: told[name]
        for name, field in (
            ("Name", "title"),
            ("Artist", "artist"),
            ("Album", "album"),
            ("Persistent ID", "identifier"),
        )
        if told.get(name)
    }
    if told.get("Location"):
        found["location"] = told["Location"]
        found["path"] = unquote(re.sub(r"^file://(?:localhost)?", "", told["Location"]))
    return found


def _playlist(
    element: etree._Element,
    told: Dict,
    known: Mapping[str, dict[str, JsonValue]],
    line: int,
) -> SourceEntry:
    if _OWN_LISTS & told.keys():
        return SourceEntry(line, raw={"passed over": told.get("Name", "")})
    numbers = (words(number) for number in element.iterfind("array/dict/integer"))
    items = tuple(known[number] for number in numbers if number in known)
    own = told.get("Playlist Persistent ID") or told.get("Playlist ID", "")
    values: dict[str, JsonValue] = {"external_id": f"itunes:{own}"}
    if told.get("Name"):
        values["title"] = told["Name"]
    found = playlist_entry(Playlist("itunes", values, items), f"itunes:{own}")
    things = tuple(
        Thing(t.kind, t.keys, t.claims, f"{SOURCE}:{own}", has_parties=False)
        for t in found.things
    )
    return SourceEntry(line, (), things, found.findings)
