"""JSON, a value at a time: lines, and arrays that are larger than memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats.opening import open_bytes
from shared.formats.tables.delimited import text_encoding

_CHUNK: Final = 256 * 1024
_LONGEST_VALUE: Final = 16 * 1024 * 1024
_SPACE: Final = " \t\r\n"
_DECODER: Final = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class JsonItem:
    """One value of a file.

    Attributes:
        line: Where it begins, from 1.
        error: Why it could not be read; then *value* is None.
    """

    line: int
    value: object
    error: str = ""


def json_lines(path: Path) -> Iterator[JsonItem]:
    """Yield the values of the JSON lines at *path*; a bad line does not end it."""
    codec = text_encoding(path)
    with open_bytes(path) as stream:
        text = TextIOWrapper(stream, codec, errors="replace")
        number = 0
        while line := text.readline(_LONGEST_VALUE):
            number += 1
            if len(line) >= _LONGEST_VALUE:
                yield JsonItem(number, None, "a line beyond the bound")
                while line and not line.endswith("\n"):
                    line = text.readline(_CHUNK)
            elif line.strip():
                yield _item(number, line)


def _item(number: int, line: str) -> JsonItem:
    try:
        return JsonItem(number, json.loads(line))
    except (ValueError, RecursionError) as exc:
        return JsonItem(number, None, f"not JSON: {exc}"[:200])


def json_values(path: Path) -> Iterator[JsonItem]:
    """Yield the values of the JSON at *path*: of an array its items, else the one.

    Raises:
        UnreadableFileError: It is no JSON; raised where that is seen, after what came
            before. The facts name the line.
        LimitExceededError: One value is larger than is read.
    """
    codec = text_encoding(path)
    with open_bytes(path) as stream:
        window = _Window(TextIOWrapper(stream, codec, errors="replace"))
        if window.next_character() == "[":
            yield from _items(window)
        else:
            yield window.value()
        if window.next_character():
            raise window.broken("more after the end")


def _items(window: _Window) -> Iterator[JsonItem]:
    window.skip(1)
    if window.next_character() == "]":
        window.skip(1)
        return
    while True:
        yield window.value()
        mark = window.next_character()
        window.skip(1)
        if mark == "]":
            return
        if mark != ",":
            raise window.broken("expected a comma or the end of the array")


class _Window:
    """The part of a text that is being looked at."""

    def __init__(self, stream: TextIOWrapper) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._line = 1
        self._is_over = False

    def next_character(self) -> str:
        """Return the next character that is no space, or nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self, characters: int) -> None:
        self._at += characters

    def value(self) -> JsonItem:
        """Return the value that begins here."""
        self.next_character()
        line = self._line
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as exc:
                raise self.broken("nested too deeply") from exc
            except ValueError as exc:
                if not self._more():
                    raise self.broken(str(exc)) from exc
                continue
            # A number at the end of what was read may go on.
            if end < len(self._text) or not self._more():
                self._line += self._text.count("\n", self._at, end)
                self._at = end
                return JsonItem(line, found)

    def _more(self) -> bool:
        if self._is_over:
            return False
        self._text = self._text[self._at :]
        self._at = 0
        if len(self._text) > _LONGEST_VALUE:
            raise LimitExceededError("a value beyond the bound", line=self._line)
        # Doubled each time, so that a long value is not begun again too often.
        chunk = self._stream.read(max(_CHUNK, len(self._text)))
        self._is_over = not chunk
        self._text += chunk
        return not self._is_over

    def broken(self, reason: str) -> UnreadableFileError:
        return UnreadableFileError("not valid JSON", reason=reason, line=self._line)
