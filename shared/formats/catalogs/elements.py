"""XML catalogs of no standard: whatever element repeats and has known names within."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from shared.domain.errors import UnreadableFileError
from shared.formats.catalogs.records import NamedRecords, Values
from shared.formats.entries import SourceEntry
from shared.formats.tables.heading_words import SCOPES
from shared.formats.tables.headings import column
from shared.formats.tables.mapping import TableMapping
from shared.formats.xml_stream import elements, local_name, well_formed_head, words

_ENOUGH_KNOWN: Final = 2
_LEVELS: Final = 4


def read_elements(
    path: Path, mapping: TableMapping | None = None
) -> Iterator[SourceEntry]:
    """Yield what the repeated elements at *path* say; around them stands their release.

    Raises:
        UnreadableFileError: It is not well-formed, or nothing in it is known.
    """
    names = record_path(path)
    records = NamedRecords(mapping)
    depth, name = len(names) - 1, names[-1]
    for element in elements(path, lambda e, at: at == depth and local_name(e) == name):
        values = {**_around(element), **_values(element)}
        yield records.entry(element.sourceline or 0, values)


def record_path(path: Path) -> tuple[str, ...]:
    """Return the names from the root to the element that is one record.

    Raises:
        UnreadableFileError: No element holds two whose names mean something.
    """
    heads = well_formed_head(path)
    within: Counter[tuple[str, ...]] = Counter()
    seen: set[tuple[str, ...]] = set()
    for names in heads:
        if names in seen or len(names) < 2:
            continue
        seen.add(names)
        if column(names[-1]) is not None and not _is_container(names, heads):
            within[names[:-1]] += 1
    known = [names for names, count in within.items() if count >= _ENOUGH_KNOWN]
    if not known:
        raise UnreadableFileError(
            "no element of the XML has known names within",
            fix="Send DDEX ERN, RSS, or elements such as <title> and <isrc>.",
        )
    # Tracks lie within their release: the innermost is the record.
    return max(known, key=lambda names: (len(names), within[names]))


def _is_container(names: tuple[str, ...], heads: list[tuple[str, ...]]) -> bool:
    """Say whether an element such as `<track>` holds others, and so is no value."""
    return any(len(o) > len(names) and o[: len(names)] == names for o in heads)


def _values(element: etree._Element, prefix: str = "", levels: int = _LEVELS) -> Values:
    found: Values = {}
    for name, value in element.attrib.items():
        if str(value).strip():
            found[f"{prefix}{name}".rpartition("}")[2]] = str(value).strip()
    for child in element:
        name = local_name(child)
        if not name:
            continue
        if len(child) and levels:
            inner = _listed(child)
            if inner:
                _add(found, f"{prefix}{name}", inner)
        elif words(child):
            _add(found, f"{prefix}{name}", words(child))
    return found


def _listed(element: etree._Element) -> str:
    """Return the names that an element such as `<artists>` lists."""
    names = [
        words(child.find("name")) or words(child)
        for child in element
        if local_name(child)
    ]
    return "; ".join(name for name in names if name and len(name) < 500)


def _add(found: Values, name: str, value: str) -> None:
    found[name] = f"{found[name]}; {value}" if name in found else value


def _around(element: etree._Element) -> Values:
    """Return the values of the elements around a track: those of its release."""
    found: Values = {}
    for parent in element.iterancestors():
        scope = SCOPES.get(local_name(parent).casefold(), "")
        for child in parent:
            name = local_name(child)
            if name and not len(child) and words(child):
                own = f"{scope} {name}" if scope else name
                found.setdefault(own, words(child))
        for name, value in parent.attrib.items():
            found.setdefault(f"{scope} {name}".strip(), str(value))
    return found
