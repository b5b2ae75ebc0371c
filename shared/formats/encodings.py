"""Which encoding a text is in: by its mark, by what it says, or by how it reads."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']?([A-Za-z0-9._:-]{1,40})["'\s?]"""
)
# As browsers do: nobody who writes "iso-8859-1" means its control characters.
_MEANT: Final = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252"}
_SAMPLE_BYTES: Final = 64 * 1024
# What a text in each encoding mostly consists of, beside ASCII: from and to in code
# points, and how much it shows. The order decides between equals.
_KANA: Final = (0x3040, 0x30FF, 1.0)
_HAN: Final = (0x4E00, 0x9FFF, 1.0)
_HAN_AMONG_KANA: Final = (0x4E00, 0x9FFF, 0.8)
_WIDE: Final = ((0x3000, 0x301F, 1.0), (0xFF01, 0xFF5E, 1.0))
_CYRILLIC: Final = (0x410, 0x44F, 1.0)
_DASHES: Final = (0x2010, 0x2026, 1.0)
_LIKELY: Final[tuple[tuple[str, tuple[tuple[int, int, float], ...]], ...]] = (
    ("cp1252", ((0xC0, 0x17F, 1.0), _DASHES, (0xA1, 0xBF, 1.0))),
    ("koi8-r", (_CYRILLIC,)),
    ("cp1251", (_CYRILLIC, _DASHES)),
    ("shift_jis", (_KANA, _HAN_AMONG_KANA, *_WIDE)),
    ("euc-jp", (_KANA, _HAN_AMONG_KANA, *_WIDE)),
    ("euc-kr", ((0xAC00, 0xD7A3, 1.0),)),
    ("big5", (_HAN, *_WIDE)),
    ("gb18030", (_HAN, *_WIDE)),
    ("cp874", ((0xE01, 0xE5B, 1.0),)),
    ("iso-8859-7", ((0x3AC, 0x3CE, 1.0),)),
)
_ENOUGH_LETTERS: Final = 8
_CAPITALS: Final = (0x410, 0x42F)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding, and how it was told.

    Attributes:
        codec: A name that Python knows.
        how: `mark`, `zeros`, `declared`, `valid` or `guessed`.
    """

    codec: str
    how: str

    @property
    def is_certain(self) -> bool:
        return self.how != "guessed"


def encoding_of(content: bytes, *, complete: bool = True) -> Encoding:
    """Return the encoding of the text that *content* begins, or is.

    Args:
        content: The text's first bytes, or all.
        complete: They are all of it, so that the last character is whole.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return Encoding(codec, "mark")
    if wide := _wide(content):
        return Encoding(wide, "zeros")
    declared = _declared(content)
    if declared and decodes(content, declared, complete=complete):
        return Encoding(declared, "declared")
    if decodes(content, "utf-8", complete=complete):
        return Encoding("utf-8", "valid")
    return Encoding(_likeliest(content), "guessed")


def decodes(content: bytes, codec: str, *, complete: bool = True) -> bool:
    """Say whether *content* is valid in *codec*."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        decoder.decode(content, final=complete)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _wide(content: bytes) -> str:
    """Tell UTF-16 without its mark by where the zeros of its ASCII stand."""
    start = content[:200]
    if len(start) < 4 or b"\x00" not in start:
        return ""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd * 2 > len(start) // 2 and even * 8 < odd:
        return "utf-16-le"
    return "utf-16-be" if even * 2 > len(start) // 2 and odd * 8 < even else ""


def _declared(content: bytes) -> str:
    found = _DECLARED.search(content[:1024])
    if found is None:
        return ""
    name = found[1].decode("ascii").lower()
    name = _MEANT.get(name, name)
    try:
        info = codecs.lookup(name)
    except LookupError:
        return ""
    is_text = getattr(info, "_is_text_encoding", True)
    # What was read up to here as ASCII is no UTF-16, whatever it says.
    return info.name if is_text and not info.name.startswith("utf-16") else ""


def _likeliest(content: bytes) -> str:
    sample = content[:_SAMPLE_BYTES]
    if all(byte < 0x80 for byte in sample):
        sample = content[-_SAMPLE_BYTES:]
    best, best_score = "cp1252", -1.0
    for codec, ranges in _LIKELY:
        score = _likelihood(sample, codec, ranges)
        if score > best_score + 0.05:
            best, best_score = codec, score
    return best


def _likelihood(
    sample: bytes, codec: str, ranges: tuple[tuple[int, int, float], ...]
) -> float:
    """Return how much of what is not ASCII is what texts in *codec* consist of."""
    text = sample.decode(codec, errors="replace")
    high = [ord(letter) for letter in text if ord(letter) > 0x7F]
    if not high:
        return 0.0
    usual = sum(
        next((weight for low, top, weight in ranges if low <= point <= top), 0.0)
        for point in high
    )
    damaged = sum(point == 0xFFFD for point in high)
    shouted = sum(_CAPITALS[0] <= point <= _CAPITALS[1] for point in high)
    # Single accented letters stand between plain ones; a run of them is another script.
    runs = _share_in_runs(text) if codec == "cp1252" else 0.0
    return (usual - 3 * damaged - 0.2 * shouted) / len(high) - runs


def _share_in_runs(text: str) -> float:
    runs = re.findall(r"[\u00a1-\u02ff]{3,}", text)
    high = sum(ord(letter) > 0x7F for letter in text)
    # Three letters such as "æøå" show nothing yet.
    return sum(map(len, runs)) / high if high >= _ENOUGH_LETTERS else 0.0
