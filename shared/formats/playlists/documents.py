"""Playlists that are documents: XSPF, its twin JSPF, and smart playlists (NSP)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError, UnreadableFileError
from shared.formats.feeds.moments import moment
from shared.formats.playlists.lines import located, text_of
from shared.formats.playlists.playlist import Playlist
from shared.formats.xml_stream import elements, local_name, words

# Members of a playlist and of a track (xspf.org, version 1), by our names.
_OF_LIST: Final = {
    "title": "title",
    "creator": "creator",
    "annotation": "description",
    "info": "link",
    "image": "image_url",
    "identifier": "external_id",
}
_OF_TRACK: Final = {
    "title": "title",
    "creator": "artist",
    "album": "album",
    "annotation": "comment",
    "image": "image_url",
    "info": "link",
    "identifier": "identifier",
}
_NO_TEXT: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*', re.DOTALL)
_TRAILING: Final = re.compile(r",(\s*[}\]])")
_RULES: Final = ("all", "any")
_MOST_ENTRIES: Final = 100_000


def read_xspf(path: Path) -> Playlist:
    """Read XSPF, an element at a time.

    Raises:
        UnreadableFileError: It is not well-formed.
    """
    values: dict[str, JsonValue] = {}
    items: list[dict[str, JsonValue]] = []
    names = {*_OF_LIST, "date", "track"}
    for element in elements(
        path,
        lambda e, depth: local_name(e) in names and depth in {1, 2},
    ):
        name = local_name(element)
        if name == "track":
            told: dict[str, Any] = {}
            for child in element:
                told.setdefault(local_name(child), []).append(words(child))
            items.append(_track({key: found[0] for key, found in told.items()}))
        else:
            _note(values, name, words(element))
        if len(items) >= _MOST_ENTRIES:
            break
    return Playlist("xspf", values, tuple(item for item in items if item))


def read_jspf(content: bytes) -> Playlist:
    """Read JSPF.

    Raises:
        UnreadableFileError: It is no JSON, or no playlist.
    """
    told = _loaded(text_of(content)).get("playlist")
    if not isinstance(told, dict):
        raise UnreadableFileError("no playlist in the JSON")
    values: dict[str, JsonValue] = {}
    for name in (*_OF_LIST, "date"):
        if isinstance(told.get(name), str):
            _note(values, name, told[name])
    tracks = told.get("track")
    items = [
        _track({name: _first(value) for name, value in track.items()})
        for track in (tracks if isinstance(tracks, list) else [])[:_MOST_ENTRIES]
        if isinstance(track, dict)
    ]
    return Playlist("jspf", values, tuple(item for item in items if item))


def read_nsp(content: bytes) -> Playlist:
    """Read a smart playlist as Navidrome writes them: JSON with comments.

    Raises:
        UnreadableFileError: It is no JSON even without them.
    """
    text = _TRAILING.sub(r"\1", _NO_TEXT.sub(_without_comment, text_of(content)))
    told = _loaded(text)
    rules: dict[str, JsonValue] = {
        name: told[name] for name in (*_RULES, "sort", "order", "limit") if name in told
    }
    if not any(name in rules for name in _RULES):
        raise UnreadableFileError("neither `all` nor `any` rules in it")
    values: dict[str, JsonValue] = {}
    for name, field in (("name", "title"), ("comment", "description")):
        if isinstance(told.get(name), str):
            values[field] = told[name]
    return Playlist("nsp", values, rules=(rules,))


def _without_comment(found: re.Match[str]) -> str:
    text = found.group()
    return text if text.startswith('"') else "\n" * text.count("\n")


def _loaded(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise UnreadableFileError(
            "not valid JSON", reason=str(exc), line=getattr(exc, "lineno", None)
        ) from exc
    if not isinstance(told, dict):
        raise UnreadableFileError("no playlist in the JSON")
    return told


def _first(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value) if isinstance(value, str | int | float) else ""


def _note(values: dict[str, JsonValue], name: str, text: str) -> None:
    if not text.strip():
        return
    if name == "date":
        try:
            values.setdefault("created_at", moment(text))
        except InvalidInputError:
            return
    else:
        values.setdefault(_OF_LIST[name], text.strip())


def _track(told: Mapping[str, str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {
        field: told[name].strip()
        for name, field in _OF_TRACK.items()
        if told.get(name, "").strip()
    }
    if told.get("location", "").strip():
        found |= located(told["location"].strip())
    for name, field in (("duration", "duration_ms"), ("trackNum", "track_number")):
        number = told.get(name, "").strip()
        if re.fullmatch(r"\d{1,9}", number, re.ASCII) and int(number):
            found[field] = int(number)
    return found
