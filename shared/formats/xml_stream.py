"""XML that is larger than memory, one record's element at a time.

Nothing is fetched, no entity is expanded, and a document type is passed over unread
(programs such as iTunes write one). An element that was handed on is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats.opening import open_bytes

_DEPTH: Final = 100
_MOST_CHILDREN: Final = 200_000
_HEAD_BYTES: Final = 64 * 1024


def elements(
    path: Path, is_record: Callable[[etree._Element, int], bool]
) -> Iterator[etree._Element]:
    """Yield the elements that are records, whole; each is emptied once it was used.

    Args:
        is_record: Asked of each element as it begins, with its depth from 0.

    Raises:
        UnreadableFileError: It is not well-formed; raised where that is seen, after
            what came before. The facts name the line.
        LimitExceededError: An element is deeper or larger than records are.
    """
    with open_bytes(path) as stream:
        events = etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        try:
            yield from _records(iter(events), is_record)
        except etree.XMLSyntaxError as exc:
            raise UnreadableFileError(
                "the XML is not well-formed", reason=exc.msg, line=exc.lineno or 0
            ) from exc


def _records(
    events: Iterator[tuple[str, etree._Element]],
    is_record: Callable[[etree._Element, int], bool],
) -> Iterator[etree._Element]:
    depth = 0
    record: etree._Element | None = None
    size = 0
    for event, element in events:
        if event == "start":
            if depth > _DEPTH or size > _MOST_CHILDREN:
                raise LimitExceededError("an element beyond the bounds of a record")
            if record is None and is_record(element, depth):
                record, size = element, 0
            depth += 1
            size += record is not None
            continue
        depth -= 1
        if element is record:
            yield element
            record = None
            _forget(element)
        elif record is None and len(element):
            # What surrounds records is needed until it ends, its values too.
            _forget(element)


def _forget(element: etree._Element) -> None:
    """Empty *element*, and drop those before it that were emptied."""
    element.clear(keep_tail=False)
    before = element.getprevious()
    parent = element.getparent()
    while before is not None and parent is not None and _is_empty(before):
        parent.remove(before)
        before = element.getprevious()


def _is_empty(element: etree._Element) -> bool:
    return not len(element) and not element.text and not element.attrib


def well_formed_head(path: Path, wanted: int = 200) -> list[tuple[str, ...]]:
    """Return the paths of the first elements of the file at *path*, as names."""
    found: list[tuple[str, ...]] = []
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    with open_bytes(path) as stream:
        try:
            parser.feed(stream.read(_HEAD_BYTES))
        except etree.XMLSyntaxError:
            return found
    open_names: list[str] = []
    for event, element in parser.read_events():
        if event == "start":
            open_names.append(local_name(element))
            found.append(tuple(open_names))
        elif open_names:
            open_names.pop()
        if len(found) >= wanted:
            break
    return found


def local_name(element: etree._Element) -> str:
    """Return the name of *element* without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def words(element: etree._Element | None) -> str:
    """Return the text within *element*, trimmed; empty where there is none."""
    if element is None:
        return ""
    return "".join(str(part) for part in element.itertext()).strip()
