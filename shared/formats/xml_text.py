"""XML as text, made harmless: no document type, nothing fetched, nothing expanded."""

from __future__ import annotations

import re
from typing import Final

_BEFORE_ROOT: Final = re.compile(r"(?:[\s\ufeff]++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DOCUMENT_TYPE: Final = re.compile(
    r"<!DOCTYPE\b[^\[>]*+(?:\[(?:[^\]\"']++|\"[^\"]*+\"|'[^']*+')*+\]\s*+)?>",
    re.IGNORECASE,
)
_DECLARATION: Final = re.compile(r"^[\s\ufeff]*<\?xml\b[^>]*>")
# What XML 1.0 (§2.2) allows in a text; NUL and its like end a parser's patience.
_NO_CHARACTER: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
)


def without_document_type(text: str) -> tuple[str, str]:
    """Return *text* without its document type, and that; its lines are still there.

    A document type is how XML is attacked: entities that grow, files that are
    fetched. None of it is looked at.
    """
    before = _BEFORE_ROOT.match(text)
    found = _DOCUMENT_TYPE.match(text, before.end() if before else 0)
    if found is None:
        return text, ""
    return _blanked(text, found), found.group()


def without_declaration(text: str) -> str:
    """Return *text* without `<?xml …?>`, so that it may be encoded anew."""
    found = _DECLARATION.match(text)
    return _blanked(text, found) if found else text


def without_control_characters(text: str) -> tuple[str, int]:
    """Return *text* without characters that XML forbids, and how many there were."""
    return _NO_CHARACTER.subn("", text)


def _blanked(text: str, found: re.Match[str]) -> str:
    lines = "\n" * found.group().count("\n")
    return f"{text[: found.start()]}{lines}{text[found.end() :]}"


def has_document_type(text: str) -> bool:
    """Say whether *text* declares a document type before its root."""
    before = _BEFORE_ROOT.match(text)
    at = before.end() if before else 0
    return text[at : at + 9].upper() == "<!DOCTYPE"
