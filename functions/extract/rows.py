"""Tables and JSON as rows: CSV, TSV, JSON arrays, JSON lines, one row per track."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from shared.domain.errors import UnreadableFileError

from .headings import recognised
from .kinds import FileKind
from .row import Row

_CHUNK_BYTES: Final = 1024 * 1024
_LARGEST_JSON_BYTES: Final = 64 * 1024 * 1024
_LONGEST_LINE: Final = 1024 * 1024
_DELIMITERS: Final = ",;\t|"
# Some exports put their name, date and address above the table.
_ROWS_ABOVE_HEADER: Final = 15


def read_rows(path: Path, kind: FileKind) -> Iterator[Row]:
    """Yield the rows of the file at *path*, one at a time.

    Raises:
        UnreadableFileError: There is no table in it; told with the first row.
    """
    if kind is FileKind.JSON:
        yield from _json_rows(path)
    elif kind is FileKind.JSON_LINES:
        yield from _json_lines(path)
    else:
        yield from _table_rows(path)


def _encoding(path: Path) -> str:
    """Return UTF-16 or UTF-8 by mark, UTF-8 where it is valid, else Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        if stream.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        stream.seek(0)
        try:
            while chunk := stream.read(_CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _table_rows(path: Path) -> Iterator[Row]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        first = list(islice(_bounded_lines(stream), 30))
    delimiter = _delimiter(first)
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        records = _records(csv.reader(_bounded_lines(stream), delimiter=delimiter))
        header = _header(records)
        for line, cells, error in records:
            if error:
                yield Row(line, error=error)
            elif any(cells):
                yield _row(line, header, cells)


def _bounded_lines(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        # NUL is no character of a table, and stops the reader of older Pythons.
        yield line[:_LONGEST_LINE].replace("\x00", "")


def _delimiter(lines: list[str]) -> str:
    """Return the mark that parts most lines into equally many cells, more than one."""

    def evenness(mark: str) -> tuple[int, int]:
        try:
            counts = [len(cells) for cells in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            return 0, 0
        several = [count for count in counts if count > 1]
        usual = max(several, key=several.count, default=0)
        return several.count(usual), usual

    return max(_DELIMITERS, key=evenness)


def _records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str], str]]:
    """Yield line, trimmed cells and error of each record."""
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as exc:
            yield line, [], str(exc)
        else:
            yield line, [cell.strip() for cell in cells], ""
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _header(records: Iterator[tuple[int, list[str], str]]) -> list[str]:
    """Return the first row that names at least two columns known here, or one alone."""
    for _, cells, _ in islice(records, _ROWS_ABOVE_HEADER):
        named = [cell for cell in cells if cell]
        known = sum(recognised(cell) for cell in named)
        if known >= 2 or (known == 1 and len(named) == 1):
            return cells
    raise UnreadableFileError("the table has no header with known columns")


def _row(line: int, header: list[str], cells: list[str]) -> Row:
    surplus = [cell for cell in cells[len(header) :] if cell]
    if surplus:
        return Row(line, error="more cells than columns")
    values: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        if name and cell:
            values.setdefault(name, cell)
    return Row(line, values)


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open(encoding=_encoding(path), errors="replace") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            if len(line) > _LONGEST_LINE:
                yield Row(number, error="a line beyond the bound")
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                yield Row(number, error="not JSON")
                continue
            yield _object_row(number, found)


def _json_rows(path: Path) -> Iterator[Row]:
    if path.stat().st_size > _LARGEST_JSON_BYTES:
        raise UnreadableFileError(
            "the JSON is too large", limit=_LARGEST_JSON_BYTES, fix="send JSON lines"
        )
    try:
        found = json.loads(path.read_text(encoding=_encoding(path)))
    except (ValueError, RecursionError) as exc:
        raise UnreadableFileError(
            "not valid JSON", reason=str(exc), line=getattr(exc, "lineno", None)
        ) from exc
    objects = _objects(found)
    known = any(recognised(n) for o in objects[:50] if isinstance(o, dict) for n in o)
    if not known:
        raise UnreadableFileError("the JSON has no objects with known fields")
    for number, item in enumerate(objects, start=1):
        yield _object_row(number, item)


def _objects(found: object) -> list[object]:
    """Return the rows: of a list its items, of an album its tracks with its fields."""
    if isinstance(found, list):
        return [row for item in found for row in _objects(item)] if found else []
    if not isinstance(found, dict):
        return [found]
    lists = {
        name: value
        for name, value in found.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    }
    tracks = next((n for n in lists if n.lower() in _TRACK_LISTS), None)
    if tracks is None:
        return [found]
    shared = {_of_release(n): v for n, v in found.items() if n not in lists}
    return [
        {**shared, **item} if isinstance(item, dict) else item for item in lists[tracks]
    ]


_TRACK_LISTS: Final = frozenset({"tracks", "recordings", "songs", "items", "tracklist"})
_OF_RELEASE: Final = {
    "title": "release title",
    "name": "release title",
    "artist": "release artist",
    "artists": "release artist",
    "version": "release version",
}


def _of_release(name: str) -> str:
    return _OF_RELEASE.get(name.lower(), name)


def _object_row(line: int, found: object) -> Row:
    if not isinstance(found, dict):
        return Row(line, error="not an object")
    values = {str(name): _cell(value) for name, value in found.items()}
    return Row(line, {name: value for name, value in values.items() if value})


def _cell(value: object) -> str:
    """Write a value as a cell holds it: names of nested objects, lists by `;`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _cell(value.get("name") or value.get("title"))
    if isinstance(value, list):
        return "; ".join(filter(None, map(_cell, value)))
    return str(value).replace("\x00", "").strip()
