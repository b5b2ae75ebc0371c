"""Text of any script in Latin letters, beside the original."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_SIGNS = re.compile(r"[^a-z0-9]+")
_WRITTEN_SIGNS = re.compile(r"[^\w]+|_+")
_APOSTROPHES = re.compile(r"\s?['`\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032]+")
_AND = re.compile(r"&| \+ ")


@lru_cache(maxsize=16_384)
def romanised_words(text: str) -> str:
    """Return the words of *text* in a-z and 0-9, one space apart.

    Accents and case go, other scripts are transliterated letter by letter (Greek and
    Cyrillic as people do; Han by its Mandarin readings), "&" is "and", apostrophes
    join: "Don't" and "Do n't" are one.
    """
    plain = _AND.sub(" and ", _APOSTROPHES.sub("", text))
    if not plain.isascii():
        plain = anyascii(plain)
    return _SIGNS.sub(" ", plain.casefold()).strip()


def native_words(text: str) -> str:
    """Return the words of *text* in its own script; empty where that is Latin."""
    if text.isascii():
        return ""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WRITTEN_SIGNS.sub(" ", folded).strip()
    return words if any(_is_of_other_script(letter) for letter in words) else ""


def _is_of_other_script(letter: str) -> bool:
    # Latin with all its extensions ends at U+024F, but for U+1E00 to U+1EFF.
    return letter > "\u024f" and letter.isalpha() and not "\u1e00" <= letter <= "\u1eff"
