"""Texts that were written in one encoding and declared as another.

Mended only where it is certain: where the text cannot have been meant as it stands,
and reads well in exactly one other way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# Such a text was never written by a person who meant it, so the repair is as good as
# sure; below 1 because the file itself says otherwise.
REPAIRED_UTF_8: Final = 0.95
REPAIRED_UTF_16: Final = 0.95
REPAIRED_BY_LETTERS: Final = 0.8

_BYTE_ORDER_MARKS: Final = ("\xff\xfe", "\xfe\xff")
# Control characters that Latin-1 has, and no Latin-1 text.
_CONTROLS: Final = re.compile("[\x80-\x9f]")
_LATIN_WORD: Final = re.compile(r"[^\W\d_]+")
_KANA: Final = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HALF_WIDTH: Final = re.compile("[\uff61-\uff9f]")
_CYRILLIC_WORD: Final = re.compile(
    "[\u0401\u0410-\u042f]?[\u0430-\u044f\u0451]+|[\u0401\u0410-\u042f]+"
)
_SHORTEST_CYRILLIC: Final = 4


@dataclass(frozen=True, slots=True)
class Mended:
    """A text as it was meant.

    Attributes:
        encoding: What it was in truth, or empty where it was left alone.
        suspect: It cannot be what it declares, and nothing certain was found.
    """

    text: str
    encoding: str = ""
    confidence: float = 1.0
    suspect: bool = False


def repaired(text: str) -> Mended:
    """Return *text*, its encoding repaired where that is certain."""
    if text.isascii():
        return Mended(text)
    content = _as_bytes(text)
    if content is None:
        return Mended(text)
    return (
        _as_utf_16(text, content)
        or _as_utf_8(content)
        or _as_shift_jis(text, content)
        or _as_cyrillic(text, content)
        or Mended(text, suspect=_CONTROLS.search(text) is not None)
    )


def _as_bytes(text: str) -> bytes | None:
    """Return the bytes that were taken for Latin-1 or Windows-1252, if any were."""
    for encoding in ("latin-1", "cp1252"):
        try:
            return text.encode(encoding)
        except UnicodeEncodeError:
            continue
    return None


def _as_utf_16(text: str, content: bytes) -> Mended | None:
    if not text.startswith(_BYTE_ORDER_MARKS):
        return None
    try:
        meant = content[: len(content) // 2 * 2].decode("utf-16")
    except UnicodeDecodeError:
        return None
    return Mended(meant.rstrip("\x00"), "UTF-16", REPAIRED_UTF_16)


def _as_utf_8(content: bytes) -> Mended | None:
    try:
        return Mended(content.decode("utf-8"), "UTF-8", REPAIRED_UTF_8)
    except UnicodeDecodeError:
        return None


def _as_shift_jis(text: str, content: bytes) -> Mended | None:
    if not _CONTROLS.search(text):
        return None
    try:
        meant = content.decode("cp932")
    except UnicodeDecodeError:
        return None
    if not _KANA.search(meant) or _HALF_WIDTH.search(meant):
        return None
    return Mended(meant, "Shift JIS", REPAIRED_BY_LETTERS)


def _as_cyrillic(text: str, content: bytes) -> Mended | None:
    """Read Windows-1251: words without a single ASCII letter that case well."""
    if _CONTROLS.search(text):
        return None
    words = [word for word in _LATIN_WORD.findall(text) if not word.isascii()]
    pure = all(not any(letter.isascii() for letter in word) for word in words)
    if not pure or max(map(len, words), default=0) < _SHORTEST_CYRILLIC:
        return None
    meant = content.decode("cp1251", "replace")
    read = [word for word in _LATIN_WORD.findall(meant) if not word.isascii()]
    if not all(_CYRILLIC_WORD.fullmatch(word) for word in read):
        return None
    return Mended(meant, "Windows-1251", REPAIRED_BY_LETTERS)
