"""Workbooks (XLSX) as records, row by row; what could burst is refused unread."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats.tables.delimited import Record

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_MOST_BYTES: Final = 1024 * 1024 * 1024
# Shared strings and styles are held in memory while the sheets are read.
_MOST_HELD_BYTES: Final = 96 * 1024 * 1024
_HELD: Final = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml")
_MOST_PARTS: Final = 2_000
_MOST_ROWS: Final = 1_048_576
_CHUNK_BYTES: Final = 1024 * 1024


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets that have cells, in their order.

    Raises:
        UnreadableFileError: It is no workbook, or damaged.
        LimitExceededError: It unpacks to more than is read.
    """
    inspect(path)
    with _Book(path) as book:
        return book.names()


def records(path: Path, sheet: str) -> Iterator[Record]:
    """Yield the rows of *sheet* in the workbook at *path*, one at a time.

    Raises:
        UnreadableFileError: The workbook is damaged.
    """
    with _Book(path) as book:
        yield from book.records(sheet)


def inspect(path: Path) -> None:
    """Refuse what is no workbook, and what would burst when it is unpacked.

    Every part is unpacked once and counted, whatever its header says of its size. A
    document type in a part is how XML is attacked; programs never write one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise LimitExceededError("more parts than a workbook has")
            total = 0
            for part in parts:
                total += _inspected(archive, part, _MOST_BYTES - total)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as exc:
        raise UnreadableFileError("not a workbook", reason=str(exc)) from exc
    except (EOFError, ValueError, _ZLIB_ERROR) as exc:
        raise UnreadableFileError("the workbook is damaged", reason=str(exc)) from exc


def _inspected(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    limit = min(left, _MOST_HELD_BYTES) if part.filename in _HELD else left
    is_xml = part.filename.endswith((".xml", ".rels"))
    size, last = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > limit:
                raise LimitExceededError("it unpacks to too much", part=part.filename)
            if is_xml and _declares(last + chunk):
                raise UnreadableFileError(
                    "a part declares a document type", part=part.filename
                )
            last = chunk[-32:]
    return size


def _declares(chunk: bytes) -> bool:
    bare = chunk.replace(b"\x00", b"")
    return b"<!DOCTYPE" in bare or b"<!ENTITY" in bare


class _Book:
    """A workbook that is open while it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            self._stream = self._path.open("rb")
            self._book = load_workbook(
                self._stream, read_only=True, data_only=True, keep_links=False
            )
        except (InvalidFileException, *_DAMAGED) as exc:
            self._stream.close()
            raise UnreadableFileError(
                "the workbook is damaged", reason=str(exc)
            ) from exc
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()
        self._stream.close()

    def names(self) -> list[str]:
        return [sheet.title for sheet in self._sheets()]

    def _sheets(self) -> list[ReadOnlyWorksheet]:
        return [s for s in self._book.worksheets if hasattr(s, "iter_rows")]

    def records(self, name: str) -> Iterator[Record]:
        sheet = next((s for s in self._sheets() if s.title == name), None)
        if sheet is None:
            raise UnreadableFileError("no such sheet", sheet=name)
        # What the sheet says of its own size may be wrong, or a trap.
        sheet.reset_dimensions()
        try:
            rows = sheet.iter_rows(max_row=_MOST_ROWS, values_only=True)
            for number, cells in enumerate(rows, start=1):
                told = [cell_text(cell) for cell in cells]
                while told and not told[-1]:
                    told.pop()
                if told:
                    yield Record(number, tuple(told))
        except _DAMAGED as exc:
            raise UnreadableFileError("the sheet is damaged", reason=str(exc)) from exc


def cell_text(value: object) -> str:
    """Return what a cell holds as people see it: dates in ISO 8601, whole numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        value = round(value.total_seconds(), 3)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()


def _zlib_error() -> type[Exception]:
    import zlib

    return zlib.error


_ZLIB_ERROR: Final = _zlib_error()
# What a parser of packed XML raises when what it reads was cut or changed.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OverflowError,
    SyntaxError,
    OSError,
    NotImplementedError,
    RuntimeError,
    _ZLIB_ERROR,
)
