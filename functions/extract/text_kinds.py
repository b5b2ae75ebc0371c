"""What a text is, by the shape of its beginning."""

from __future__ import annotations

import csv
import re
from typing import Final

from .file_kinds import FileKind, Sniffed
from .source_kinds import by_source

_XML_ROOT: Final = re.compile(
    r"<(?![?!])(?:(?P<prefix>[\w.-]+):)?[\w.-]+(?P<attributes>[^>]*)", re.ASCII
)
_DDEX: Final = r"https?://(?:www\.|service-)?ddex\.net/"
_DELIMITERS: Final = ",;\t|"
_LONGEST_HEADING: Final = 60


def is_wide_text(head: bytes) -> bool:
    """Say whether *head* is UTF-16; its mark is also how MPEG Layer I begins."""
    start = head[2:66]
    for mark, high in ((b"\xff\xfe", start[1::2]), (b"\xfe\xff", start[::2])):
        if head.startswith(mark):
            return high.count(0) * 2 >= len(high)
    return False


def by_text(head: bytes, name: str, *, complete: bool) -> Sniffed | None:
    """Tell texts by their shape: XML by its root, JSON, tables; None if no text.

    Args:
        head: The first bytes of the file.
        name: Decides where the content leaves it open.
        complete: *head* is all of it, so that its last line is whole.
    """
    text = _decoded(head)
    if text is None:
        return None
    shown = text.lstrip("\ufeff \t\r\n")
    if not shown:
        return Sniffed(FileKind.TEXT, "text/plain")
    found = by_source(shown, name) or _by_syntax(shown, name)
    if found is not None:
        return found
    lines = shown.splitlines() if complete else shown.splitlines()[:-1] or [shown]
    if _is_table(lines, name):
        return Sniffed(FileKind.TABLE, "text/csv")
    return Sniffed(FileKind.TEXT, "text/plain")


def _by_syntax(text: str, name: str) -> Sniffed | None:
    if text[0] == "<":
        return _by_root(text)
    return _by_json(text, name) if text[0] in "{[" else None


def _decoded(head: bytes) -> str | None:
    """Return *head* as text, or None where it is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    # Markup in UTF-16 without its mark.
    if head.startswith((b"<\x00", b"\x00<")):
        order = "utf-16-le" if head[0] else "utf-16-be"
        return head[: len(head) // 2 * 2].decode(order, "replace")
    if b"\x00" in head:
        return None
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        if exc.start >= len(head) - 3:
            return head[: exc.start].decode("utf-8-sig")
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return None if controls else head.decode("cp1252", "replace")


def _by_root(text: str) -> Sniffed:
    root = _XML_ROOT.search(text)
    if root is None or (
        root["prefix"] is None and text[:14].lower() == "<!doctype html"
    ):
        return Sniffed(FileKind.TEXT, "text/plain")
    declared = f"xmlns:{root['prefix']}" if root["prefix"] else "xmlns"
    if re.search(rf"{re.escape(declared)}\s*=\s*[\"']{_DDEX}", root["attributes"]):
        return Sniffed(FileKind.DDEX_XML, "application/xml")
    if text[root.start() :][:5].lower() == "<html":
        return Sniffed(FileKind.DOCUMENT, "text/html")
    return Sniffed(FileKind.XML, "application/xml")


def _by_json(text: str, name: str) -> Sniffed:
    if text[0] == "[":
        # "[" also opens an INI section or a line of lyrics ("[00:12.00]…").
        if text[1:].lstrip()[:1] in {"{", "]", '"', "["}:
            return Sniffed(FileKind.JSON, "application/json")
        return Sniffed(FileKind.TEXT, "text/plain")
    first, _, rest = text.partition("\n")
    if name.lower().endswith((".jsonl", ".ndjson")):
        return Sniffed(FileKind.JSON_LINES, "application/x-ndjson")
    if first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
        return Sniffed(FileKind.JSON_LINES, "application/x-ndjson")
    if text[1:].lstrip()[:1] in {'"', "}"}:
        return Sniffed(FileKind.JSON, "application/json")
    return Sniffed(FileKind.TEXT, "text/plain")


def _is_table(lines: list[str], name: str) -> bool:
    """Say whether most lines have as many cells as the first, which names them."""
    if any(ord(character) < 9 for character in lines[0]):
        return False
    if name.lower().endswith((".csv", ".tsv", ".tab")):
        return any(mark in lines[0] for mark in _DELIMITERS) or len(lines) > 1
    return any(_is_even(lines[:20], mark) for mark in _DELIMITERS)


def _is_even(lines: list[str], mark: str) -> bool:
    try:
        header, *rows = list(csv.reader(lines, delimiter=mark))
    except (csv.Error, ValueError):
        return False
    names = [cell.strip() for cell in header]
    if len(names) < 2 or not all(0 < len(cell) <= _LONGEST_HEADING for cell in names):
        return False
    alike = sum(len(row) == len(header) for row in rows)
    return bool(rows) and alike * 2 >= len(rows)
