"""Details by territory of 3.x, and values that name their territory in 4.x."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from .drafts import Draft, Said, merged

_BY_TERRITORY: Final = "DetailsByTerritory"
_CODE: Final = "ApplicableTerritoryCode"
_CODES: Final = ("TerritoryCode", "ExcludedTerritoryCode")
_EVERYWHERE: Final = "Worldwide"
# What 4.x can say for one territory; other things hold for all.
_TERRITORIAL: Final = frozenset(
    {
        *("Title", "DisplayArtistName", "LabelName", "PLine", "CLine", "CourtesyLine"),
        *("Genre", "ParentalWarningType", "AvRating", "MarketingComment", "Keywords"),
        *("Synopsis", "ReleaseDate", "OriginalReleaseDate", "ResourceReleaseDate"),
        *("OriginalResourceReleaseDate", "Description"),
    }
)
# What is one thing however many territories say it: the first says it.
_ONCE: Final = frozenset({"ResourceGroup"})


def flatten(holder: Draft) -> None:
    """Put what *holder* says by territory into *holder*, each value with its code."""
    sections = [part for part in holder.parts if part.name.endswith(_BY_TERRITORY)]
    if not sections:
        return
    holder.parts = [part for part in holder.parts if part not in sections]
    sections.sort(key=lambda each: each.value("TerritoryCode") != _EVERYWHERE)
    seen_once: set[str] = set()
    for section in sections:
        codes = section.take("TerritoryCode")
        for name in _ONCE & {part.name for part in section.parts}:
            if name in seen_once:
                section.take(name)
            seen_once.add(name)
        # What names no territory holds for the world.
        holder.imply(*(code for code in codes if code.value() == _EVERYWHERE))
        for part in section.parts:
            holder.parts += _placed(part, codes)
        for name, said in section.attributes.items():
            holder.attributes.setdefault(name, said)
    holder.parts = merged(holder.parts)
    _mark_defaults(holder)


def _placed(part: Draft, codes: list[Draft]) -> list[Draft]:
    if part.name not in _TERRITORIAL or not codes:
        return [part]
    found = []
    for code in codes:
        placed = part.copy()
        placed.attributes[_CODE] = Said(code.text.strip(), code.origins)
        found.append(placed)
    return found


def _mark_defaults(holder: Draft) -> None:
    """Say of values that differ by territory which one holds where none is named."""
    for name in _TERRITORIAL:
        found = holder.all(name)
        kinds = {part.get("TitleType") for part in found}
        for kind in kinds:
            alike = [part for part in found if part.get("TitleType") == kind]
            codes = {part.get(_CODE) for part in alike}
            if len(codes) > 1 and alike[0].get(_CODE):
                alike[0].set("IsDefault", "true")


def codes_of(parts: Iterable[Draft]) -> list[str]:
    """Return the territories that these name, in order, each once."""
    return list(dict.fromkeys(part.get(_CODE) for part in parts))


def sectioned(holder: Draft, section_name: str, names: frozenset[str]) -> list[Draft]:
    """Take what *names* lists out of *holder*, and return it by territory.

    Values without a territory hold everywhere, and come first with what is said for
    the world; there is always such a section, unless all name a territory.
    """
    parts = holder.take(*names)
    sections: dict[str, Draft] = {}
    for part in sorted(parts, key=lambda each: _code(each) != _EVERYWHERE):
        code = _code(part)
        if code not in sections:
            sections[code] = Draft(section_name)
            sections[code].add("TerritoryCode", code)
        said = part.attributes.pop(_CODE, None)
        # The first section is what holds unless another is more exact.
        part.imply(part.attributes.pop("IsDefault", None))
        if said is not None:
            sections[code].parts[0].origins |= said.origins
        sections[code].parts.append(part)
    if not sections:
        sections[_EVERYWHERE] = Draft(section_name)
        sections[_EVERYWHERE].add("TerritoryCode", _EVERYWHERE)
    return list(sections.values())


def _code(part: Draft) -> str:
    return part.get(_CODE) or _EVERYWHERE
