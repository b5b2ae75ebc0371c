"""Lines and columns of elements, found only for those that are asked about.

libxml2 keeps a line that ends at 65,535 and no column at all, so the bytes are read
once more, by expat, when there is something to point at.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from xml.parsers import expat

from lxml import etree

Position = tuple[int, int]


def positions(
    content: bytes, root: etree._Element, elements: Collection[etree._Element]
) -> dict[etree._Element, Position]:
    """Return line and column, both from 1, of the start tags of *elements*."""
    if not elements:
        return {}
    wanted = set(elements)
    numbers: dict[int, etree._Element] = {}
    for number, element in enumerate(root.iter()):
        if element in wanted:
            numbers[number] = element
            if len(numbers) == len(wanted):
                break
    return _found(content, numbers)


def _found(
    content: bytes, numbers: dict[int, etree._Element]
) -> dict[etree._Element, Position]:
    found: dict[etree._Element, Position] = {}
    last = max(numbers, default=-1)
    count = -1
    parser = expat.ParserCreate()

    def started(_name: str, _attributes: object) -> None:
        nonlocal count
        count += 1
        element = numbers.get(count)
        if element is not None:
            found[element] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        if count >= last:
            parser.StartElementHandler = None

    parser.StartElementHandler = started
    # libxml2 has read it: what the two disagree about goes without a column.
    with suppress(expat.ExpatError):
        parser.Parse(content, True)
    return {**_by_line(numbers), **found}


def _by_line(numbers: dict[int, etree._Element]) -> dict[etree._Element, Position]:
    return {element: (element.sourceline or 0, 0) for element in numbers.values()}
