"""Whether a text was read in its right encoding and holds nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# UTF-8 read as Latin-1 or Windows-1252: the first byte of two, and behind it a byte
# from 80 to BF, as either has it. And the mark of what could not be read.
_TRAILING: Final = "".join(
    bytes([byte]).decode("cp1252", errors="ignore") + chr(byte)
    for byte in range(0x80, 0xC0)
)
_MOJIBAKE: Final = re.compile(f"[ÃÂ][{re.escape(_TRAILING)}]|â€|\ufffd")
_SUSPECT: Final = frozenset("ÃÂâ\ufffd")
_CONTROLS: Final = re.compile("[\u0080-\u009f\u200b\u2028\u2029\ufeff]")


def is_clean(text: str) -> bool:
    """Tell whether *text* is in form C, without mojibake or control characters."""
    return text.isascii() or (
        unicodedata.is_normalized("NFC", text)
        and (_SUSPECT.isdisjoint(text) or _MOJIBAKE.search(text) is None)
        and _CONTROLS.search(text) is None
    )
