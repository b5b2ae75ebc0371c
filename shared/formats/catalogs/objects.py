"""JSON catalogs: arrays, lines, and albums that hold their tracks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.domain.errors import UnreadableFileError
from shared.formats.catalogs.records import NamedRecords, Values
from shared.formats.entries import SourceEntry
from shared.formats.json_lines import JsonItem, json_lines, json_values
from shared.formats.tables.mapping import TableMapping

_LOOKED_AT: Final = 50
_TRACK_LISTS: Final = frozenset({"tracks", "recordings", "songs", "items", "tracklist"})
# Lists of whole releases or tracks, in whatever they are wrapped.
_WRAPPERS: Final = frozenset({"releases", "albums", "data", "results", "catalog"})
_OF_RELEASE: Final = {
    "title": "release title",
    "name": "release title",
    "artist": "release artist",
    "artists": "release artist",
    "version": "release version",
}
_LEVELS: Final = 6


def read_objects(
    path: Path, mapping: TableMapping | None = None, *, is_lines: bool = False
) -> Iterator[SourceEntry]:
    """Yield what the objects at *path* say.

    Raises:
        UnreadableFileError: It is no JSON, or no object of it has a known member.
    """
    records = NamedRecords(mapping)
    known, seen = False, 0
    waiting: list[SourceEntry] = []
    for item in json_lines(path) if is_lines else json_values(path):
        for line, values, error in _rows(item):
            seen += 1
            known = known or records.knows(values)
            entry = records.entry(line, values, error)
            if known:
                yield from waiting
                waiting = []
                yield entry
            else:
                waiting.append(entry)
        if not known and seen >= _LOOKED_AT:
            break
    if not known:
        raise UnreadableFileError(
            "the JSON has no objects with known fields",
            fix="Name the members title, artist, isrc …; or send a mapping.",
        )


def _rows(item: JsonItem) -> Iterator[tuple[int, Values, str]]:
    if item.error:
        yield item.line, {}, item.error
        return
    for found in _objects(item.value, _LEVELS):
        if isinstance(found, dict):
            values = {str(name): cell(value) for name, value in found.items()}
            yield item.line, {n: v for n, v in values.items() if v}, ""
        else:
            yield item.line, {}, "not an object"


def _objects(found: object, levels: int) -> Iterator[object]:
    """Yield rows: of a list its items, of an album its tracks with its fields."""
    if isinstance(found, list) and levels:
        for item in found:
            yield from _objects(item, levels - 1)
        return
    if not isinstance(found, dict):
        yield found
        return
    lists = {
        str(name): value
        for name, value in found.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    }
    wrapper = next((n for n in lists if n.lower() in _WRAPPERS), None)
    if wrapper is not None and levels:
        yield from _objects(lists[wrapper], levels - 1)
        return
    tracks = next((n for n in lists if n.lower() in _TRACK_LISTS), None)
    if tracks is None:
        yield found
        return
    shared = {_of_release(str(n)): v for n, v in found.items() if n not in lists}
    for item in lists[tracks]:
        yield {**shared, **item} if isinstance(item, dict) else item


def _of_release(name: str) -> str:
    return _OF_RELEASE.get(name.lower(), name)


def cell(value: object, levels: int = _LEVELS) -> str:
    """Write a value as a cell holds it: names of nested objects, lists by `;`."""
    if value is None or not levels:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return cell(value.get("name") or value.get("title"), levels - 1)
    if isinstance(value, list):
        return "; ".join(filter(None, (cell(item, levels - 1) for item in value)))
    return str(value).replace("\x00", "").strip()
