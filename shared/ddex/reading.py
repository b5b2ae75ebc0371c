"""Bytes to a tree, safely: what could harm is refused before it is parsed.

A DDEX message needs no document type, and every attack by entities needs one. So a
document type is looked for in the bytes, and the parser never sees it. Nothing is
fetched: neither schema locations nor entities.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Final

from lxml import etree

from shared.domain.errors import (
    InvalidInputError,
    LimitExceededError,
    UnreadableFileError,
)

_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
_BEFORE_ROOT: Final = re.compile(r"(?:[\s\ufeff]++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_ENCODINGS: Final = {"utf-8", "utf8", "us-ascii", "ascii"}
_WIDE: Final = {"utf-16", "utf-16le", "utf-16be", "utf16"}


class ForbiddenMarkupError(InvalidInputError):
    """The XML holds what a message must not: a document type."""

    code = "forbidden-markup"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large, deep and slow a message may be.

    A delivery of 5,000 tracks has 15 MB; the deepest element of any official schema
    lies some twenty levels down, and no element has more than nine attributes.
    """

    size_bytes: int = 64 * 2**20
    depth: int = 64
    attributes: int = 32
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which all must be done."""

    at_s: float

    @classmethod
    def within(cls, seconds: float) -> Deadline:
        return cls(time.monotonic() + seconds)

    def check(self) -> None:
        """Raise LimitExceededError once the time is up."""
        if time.monotonic() > self.at_s:
            raise LimitExceededError("the message took too long to check")


def parsed(
    content: bytes, limits: Limits | None = None, deadline: Deadline | None = None
) -> etree._Element:
    """Return the root of the message in *content*, without comments.

    Raises:
        LimitExceededError: It is beyond a limit; the facts name which.
        ForbiddenMarkupError: It has a document type.
        UnreadableFileError: It is not well-formed, or neither UTF-8 nor UTF-16; the
            facts give the line and the reason.
    """
    limits = limits or Limits()
    root = well_formed(content, limits, deadline or Deadline.within(limits.seconds))
    hold_to_limits(root, limits)
    return root


def well_formed(content: bytes, limits: Limits, deadline: Deadline) -> etree._Element:
    """Do what `parsed` does, but for the limits of depth and attributes."""
    if len(content) > limits.size_bytes:
        raise LimitExceededError("the message is too large", limit=limits.size_bytes)
    codec = _codec(content)
    _refuse_document_type(content, codec)
    root = _tree(content)
    deadline.check()
    return root


def hold_to_limits(root: etree._Element, limits: Limits) -> None:
    """Refuse what is deeper or wider than any message.

    What has been found valid is neither, and need not be asked.

    Raises:
        LimitExceededError: It is; the facts name which.
    """
    if root.xpath(f"boolean({'/*' * (limits.depth + 1)})"):
        raise LimitExceededError("the message is too deep", limit=limits.depth)
    if root.xpath(f"boolean(//@*[{limits.attributes + 1}])"):
        raise LimitExceededError("too many attributes", limit=limits.attributes)


def _codec(content: bytes) -> str:
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise UnreadableFileError("an encoding that is not read", encoding="utf-32")
    if content.startswith((b"\xff\xfe", b"<\x00")):
        return "utf-16-le"
    if content.startswith((b"\xfe\xff", b"\x00<")):
        return "utf-16-be"
    found = _DECLARED.search(content[:400])
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    if declared in _WIDE or declared not in _ENCODINGS:
        raise UnreadableFileError("an encoding that is not read", encoding=declared)
    return "utf-8"


def _refuse_document_type(content: bytes, codec: str) -> None:
    # Where an encoding is damaged the parser will say so, with the line.
    text = content.decode(codec, errors="replace")
    before = _BEFORE_ROOT.match(text)
    if before and text.startswith("<!", before.end()):
        raise ForbiddenMarkupError("the XML declares a document type")


def _tree(content: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as exc:
        raise UnreadableFileError(
            "the XML is not well-formed",
            reason=exc.msg,
            line=exc.lineno or 0,
            column=exc.offset or 0,
        ) from exc
    # What the look at the bytes has missed, if ever: better late than never.
    if root.getroottree().docinfo.internalDTD is not None:
        raise ForbiddenMarkupError("the XML declares a document type")
    return root
