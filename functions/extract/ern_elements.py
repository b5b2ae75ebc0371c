"""Looking into ERN messages: paths tried in order, wherever a version put things."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml names its element type so

_DETAILS: Final = (
    ".",
    "SoundRecordingEdition",
    "SoundRecordingDetailsByTerritory",
    "ReleaseDetailsByTerritory",
    "VideoDetailsByTerritory",
    "ImageDetailsByTerritory",
)


def all_under(element: Element, path: str) -> Iterator[Element]:
    """Yield what stands under *path*, in the element or its territorial details."""
    for details in _DETAILS:
        found = [
            match
            for part in _worldwide_first(element.findall(details))
            for match in part.findall(path)
        ]
        if found:
            yield from found
            return


def _worldwide_first(parts: list[Element]) -> list[Element]:
    """Of details by territory only one set counts: a message repeats them."""
    if not parts or not str(parts[0].tag).endswith("DetailsByTerritory"):
        return parts
    for part in parts:
        if part.findtext("TerritoryCode") == "Worldwide":
            return [part]
    return parts[:1]


def text_of(element: Element, *paths: str) -> str:
    """Return the text under the first path that has one; a default goes first."""
    for path in paths:
        found = sorted(
            all_under(element, path), key=lambda e: e.get("IsDefault") != "true"
        )
        for match in found:
            text = " ".join((match.text or "").split())
            if text:
                return text
    return ""


def line_of(element: Element) -> int:
    """Return the line on which *element* starts, from 1."""
    return int(element.sourceline or 0)


def files_of(resource: Element) -> tuple[str, ...]:
    """Return the addresses of the files that *resource* consists of."""
    found = ((file.text or "").strip() for file in resource.iter("URI", "FileName"))
    return tuple(dict.fromkeys(uri for uri in found if uri))
