"""Playlists of lines: M3U with or without its extensions, and PLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from shared.domain.claims import JsonValue
from shared.formats.encodings import encoding_of
from shared.formats.playlists.playlist import Playlist
from shared.formats.statements import FileFinding

_MOST_ENTRIES: Final = 100_000
_INFO: Final = re.compile(r"#EXTINF:\s*(-?\d+(?:\.\d+)?)?([^,]*),?(.*)", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_NUMBERED: Final = re.compile(r"(file|title|length)(\d{1,6})\s*=(.*)", re.IGNORECASE)
# Tags about the list, and about the entry that follows.
_OF_LIST: Final = {"#PLAYLIST": "title", "#EXTALBUMARTURL": "image_url"}
_OF_ENTRY: Final = {
    "#EXTALB": "album",
    "#EXTART": "artist",
    "#EXTGENRE": "genre",
    "#EXTIMG": "image_url",
    "#EXTGRP": "group",
}


def text_of(content: bytes) -> str:
    """Return *content* as text, in whatever encoding it is."""
    codec = encoding_of(content).codec
    return content.decode(codec, errors="replace").lstrip("\ufeff")


def read_m3u(content: bytes) -> Playlist:
    """Read M3U or M3U8: locations, and what `#EXT…` lines say of list and entries."""
    values: dict[str, JsonValue] = {}
    items: list[dict[str, JsonValue]] = []
    findings: list[FileFinding] = []
    told: dict[str, JsonValue] = {}
    for number, line in _lines(text_of(content)):
        if len(items) >= _MOST_ENTRIES:
            findings.append(_too_many(number))
            break
        if not line.startswith("#"):
            items.append({**told, **located(line)})
            told = {}
            continue
        if found := _INFO.fullmatch(line):
            told |= _info(found)
        tag, _, words = line.partition(":")
        if tag.upper() in _OF_LIST and words.strip():
            values.setdefault(_OF_LIST[tag.upper()], words.strip())
        elif tag.upper() in _OF_ENTRY and words.strip():
            told[_OF_ENTRY[tag.upper()]] = words.strip()
    if told:
        message = "the list ends where an entry should follow"
        findings.append(
            FileFinding("playlist-cut-off", "items", message, str(told)[:80])
        )
    return Playlist("m3u", values, tuple(items), findings=tuple(findings))


def read_pls(content: bytes) -> Playlist:
    """Read PLS: `File1=`, `Title1=`, `Length1=` (seconds; -1 is unknown)."""
    entries: dict[int, dict[str, JsonValue]] = {}
    findings: list[FileFinding] = []
    for number, line in _lines(text_of(content)):
        found = _NUMBERED.fullmatch(line)
        if found is None or not found[3].strip():
            continue
        if len(entries) >= _MOST_ENTRIES:
            findings.append(_too_many(number))
            break
        entry = entries.setdefault(int(found[2]), {})
        entry |= _of_entry(found[1].lower(), found[3].strip())
    for place, entry in entries.items():
        if "location" not in entry:
            message = "an entry without a file"
            findings.append(
                FileFinding("playlist-no-file", "items", message, str(place))
            )
    items = tuple(e for _, e in sorted(entries.items()) if "location" in e)
    return Playlist("pls", {}, items, findings=tuple(findings))


def _of_entry(name: str, value: str) -> dict[str, JsonValue]:
    if name == "file":
        return located(value)
    if name == "title":
        return named(value)
    is_known = re.fullmatch(r"\d{1,7}", value, re.ASCII) and int(value)
    return {"duration_ms": int(value) * 1000} if is_known else {}


def located(line: str) -> dict[str, JsonValue]:
    """Return a location as written; the address of a file as a plain path too."""
    found: dict[str, JsonValue] = {"location": line}
    if line.lower().startswith("file:"):
        path = unquote(
            re.sub(r"^file:(?://(?:localhost)?)?", "", line, flags=re.IGNORECASE)
        )
        found["path"] = path
    elif "\\" in line and "://" not in line:
        found["path"] = line.replace("\\", "/")
    return found


def named(words: str) -> dict[str, JsonValue]:
    """Return artist and title of `Artist - Title`; the whole where there is no dash."""
    artist, dash, title = words.partition(" - ")
    if dash and artist.strip() and title.strip():
        return {"artist": artist.strip(), "title": title.strip()}
    return {"title": words.strip()} if words.strip() else {}


def _info(found: re.Match[str]) -> dict[str, JsonValue]:
    told: dict[str, JsonValue] = named(found[3])
    seconds = float(found[1] or 0)
    if 0 < seconds < 10_000_000:
        told["duration_ms"] = round(seconds * 1000)
    attributes: dict[str, JsonValue] = dict(_ATTRIBUTE.findall(found[2]))
    return told | ({"attributes": attributes} if attributes else {})


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        shown = line.replace("\x00", "").strip()
        if shown:
            yield number, shown


def _too_many(line: int) -> FileFinding:
    message = "more entries than are read"
    return FileFinding("playlist-too-long", "items", message, str(_MOST_ENTRIES), line)
