"""DDEX messages: recognised by namespace and version, ERN read in its essentials."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from lxml import etree

from shared.domain.errors import UnreadableFileError

from .ern import content_of
from .message_readings import MessageReading

# A delivery of a thousand tracks is 20 MB; the tree takes some five times the text.
_LARGEST_BYTES: Final = 64 * 1024 * 1024
_NAMESPACE: Final = re.compile(
    r"https?://(?:www\.|service-)?ddex\.net/xml/(?:\d{4}/)?"
    r"(?P<standard>[a-z]+(?:-c-[a-z]+)?)(?:-main)?/(?P<digits>\d+)(?P<draft>[A-Za-z]\d+)?"
)


def read_message(path: Path) -> MessageReading:
    """Read the DDEX message at *path*.

    Releases, recordings and the rest are filled for NewReleaseMessages of ERN 3.x and
    4.x; of any other DDEX message the header is read.

    Raises:
        UnreadableFileError: It is not well-formed, has a document type, is beyond
            64 MiB, or is not DDEX; the facts say where and which namespace.
    """
    root = _parsed(path)
    name = etree.QName(root)
    namespace = name.namespace or ""
    found = _NAMESPACE.match(namespace)
    if found is None:
        raise UnreadableFileError(
            "not a DDEX message", namespace=namespace, root=name.localname
        )
    header = root.find("MessageHeader")
    content = content_of(root) if name.localname == "NewReleaseMessage" else {}
    return MessageReading(
        standard=found["standard"],
        version=".".join(found["digits"]) + (found["draft"] or ""),
        namespace=namespace,
        message_type=name.localname,
        message_id=_text(header, "MessageId"),
        thread_id=_text(header, "MessageThreadId"),
        sender_dpid=_text(header, "MessageSender/PartyId"),
        sender_name=_text(header, "MessageSender/PartyName/FullName"),
        recipient_dpid=_text(header, "MessageRecipient/PartyId"),
        created_at=_text(header, "MessageCreatedDateTime"),
        is_test=_text(header, "MessageControlType") == "TestMessage",
        **content,
    )


def _text(element: etree._Element | None, path: str) -> str:
    text = None if element is None else element.findtext(path)
    return (text or "").strip()


def _parsed(path: Path) -> etree._Element:
    if path.stat().st_size > _LARGEST_BYTES:
        raise UnreadableFileError("the message is too large", limit=_LARGEST_BYTES)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        with path.open("rb") as stream:
            tree = etree.parse(stream, parser)
    except etree.XMLSyntaxError as exc:
        raise UnreadableFileError(
            "the XML is not well-formed", reason=exc.msg, line=exc.lineno
        ) from exc
    # A DDEX message needs no document type, and an attack by entities needs one.
    if tree.docinfo.internalDTD is not None:
        raise UnreadableFileError("the XML declares a document type")
    return tree.getroot()
