"""CSV and its relatives as records: lines, trimmed cells, and what went wrong."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from shared.formats.encodings import decodes, encoding_of
from shared.formats.opening import open_bytes

_SAMPLE_BYTES: Final = 1024 * 1024
_LONGEST_LINE: Final = 1024 * 1024
_DELIMITERS: Final = ",;\t|"
_SNIFFED_LINES: Final = 30


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a delimited file, or one row of a sheet.

    Attributes:
        line: Where it begins, from 1.
        error: Why it could not be read; then it has no cells.
    """

    line: int
    cells: tuple[str, ...]
    error: str = ""


def text_encoding(path: Path, told: str = "") -> str:
    """Return the encoding of the text at *path*: the one told where that is right."""
    if told:
        return codecs.lookup(told).name
    with open_bytes(path) as stream:
        head = stream.read(_SAMPLE_BYTES)
        found = encoding_of(head, complete=len(head) < _SAMPLE_BYTES)
        if found.codec != "utf-8" or not stream.read(1):
            return "utf-8-sig" if found.codec == "utf-8" else found.codec
    if _is_utf8(path):
        return "utf-8-sig"
    return encoding_of(_high(path)).codec


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as stream:
        try:
            while chunk := stream.read(_SAMPLE_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _high(path: Path) -> bytes:
    """Return the first part of the file that is no UTF-8: it tells the encoding."""
    with open_bytes(path) as stream:
        while chunk := stream.read(_SAMPLE_BYTES):
            if not decodes(chunk, "utf-8", complete=False):
                return chunk
    return b""


def records(path: Path, *, encoding: str = "", delimiter: str = "") -> Iterator[Record]:
    """Yield the records of the file at *path*, one at a time."""
    codec = text_encoding(path, encoding)
    mark = delimiter or delimiter_of(path, codec)
    with open_bytes(path) as stream:
        text = io.TextIOWrapper(stream, codec, errors="replace", newline="")
        yield from _records(csv.reader(_bounded(text), delimiter=mark))


def delimiter_of(path: Path, codec: str) -> str:
    """Return the mark that parts most lines into equally many cells, more than one."""
    with open_bytes(path) as stream:
        text = io.TextIOWrapper(stream, codec, errors="replace", newline="")
        lines = list(islice(_bounded(text), _SNIFFED_LINES))

    def evenness(mark: str) -> tuple[int, int]:
        try:
            counts = [len(cells) for cells in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            return 0, 0
        several = [count for count in counts if count > 1]
        usual = max(several, key=several.count, default=0)
        return several.count(usual), usual

    return max(_DELIMITERS, key=evenness)


def _bounded(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        # NUL is no character of a table, and stops the reader of older Pythons.
        yield line[:_LONGEST_LINE].replace("\x00", "")


def _records(reader: Iterator[list[str]]) -> Iterator[Record]:
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as exc:
            yield Record(line, (), str(exc))
        else:
            yield Record(line, tuple([cell.strip() for cell in cells]))
        line = reader.line_num + 1  # type: ignore[attr-defined]
