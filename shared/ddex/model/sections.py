"""The parts of a thing that say something for the same territories.

ERN 3.x puts what may differ under `…DetailsByTerritory`; 4.x marks single values with
`ApplicableTerritoryCode`, and from 4.3 on keeps a recording's identifiers, lines and
files in editions. Here all of these are sections of one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from .parts import Part
from .values import (
    EVERYWHERE,
    Advice,
    DateSaid,
    Genre,
    Identifier,
    RightsLine,
    Term,
    Territories,
    Title,
    Wording,
)

_BY_TERRITORY: Final = "DetailsByTerritory"
_EDITION: Final = "Edition"
_TRUE: Final = frozenset({"true", "1"})
_TITLES: Final = ("DisplayTitleText", "DisplayTitle", "AdditionalTitle", "Title")
_UNTYPED_TITLES: Final = ("ReferenceTitle", "FormalTitle", "GroupingTitle")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Section:
    part: Part
    territories: Territories = EVERYWHERE

    def where(self, value: Part) -> Territories:
        """Return where *value*, a child of the section, holds."""
        code = value.get("ApplicableTerritoryCode") or value.get("TerritoryCode")
        return Territories((code,)) if code else self.territories


def sections_of(part: Part) -> tuple[Section, ...]:
    """Return *part* itself, and its details by territory and editions, in order."""
    found = [Section(part)]
    for child in part.parts:
        if child.name.endswith(_BY_TERRITORY):
            found.append(Section(child, territories_of(child)))
        elif child.name.endswith(_EDITION):
            found.append(Section(child))
    return tuple(found)


def territories_of(part: Part) -> Territories:
    """Return the territories that *part* lists."""
    return Territories(
        part.values("TerritoryCode"), part.values("ExcludedTerritoryCode")
    )


def gathered(
    sections: tuple[Section, ...],
    make: Callable[[Part, Territories], T],
    *names: str,
) -> tuple[T, ...]:
    """Return what *make* makes of the children of these names; equal ones once."""
    found = {
        make(child, section.where(child)): None
        for section in sections
        for child in section.part.all(*names)
    }
    return tuple(found)


def each_child(
    sections: tuple[Section, ...], *names: str
) -> Iterator[tuple[Part, Territories]]:
    """Yield the children of these names, each with where it holds."""
    for section in sections:
        for child in section.part.all(*names):
            yield child, section.where(child)


def is_true(text: str) -> bool:
    """Tell whether *text* is XML Schema's true."""
    return text in _TRUE


def whole_number(text: str) -> int | None:
    """Return *text* as a whole number; None if it is none, or beyond all sense."""
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= 9
    return int(text) if is_number else None


def term(part: Part | None) -> Term:
    """Return a word of a list; of none, an empty one."""
    if part is None:
        return Term("")
    value = part.first("Value") or part
    return Term(value.value(), value.get("Namespace"), value.get("UserDefinedValue"))


def terms(part: Part, *names: str) -> tuple[Term, ...]:
    """Return the children of these names as words of a list."""
    return tuple(map(term, part.all(*names)))


def titles_of(sections: tuple[Section, ...]) -> tuple[Title, ...]:
    """Return all titles of the sections, equal ones once."""
    return gathered(sections, _title, *_UNTYPED_TITLES, *_TITLES)


def _title(part: Part, territories: Territories) -> Title:
    kind = part.name
    if kind in {"AdditionalTitle", "Title"}:
        kind = part.get("TitleType") or kind
        if kind == "UserDefined":
            kind = part.get("UserDefinedValue") or kind
    has_text = part.first("TitleText") is not None
    return Title(
        kind=kind,
        text=part.value("TitleText" if has_text else ""),
        subtitles=tuple(filter(None, part.values("SubTitle"))),
        language=part.get("LanguageAndScriptCode"),
        territories=territories,
        is_default=is_true(part.get("IsDefault")),
    )


def wording(part: Part, territories: Territories) -> Wording:
    return Wording(
        part.value(),
        part.get("LanguageAndScriptCode"),
        territories,
        is_true(part.get("IsDefault")),
    )


def lines_of(sections: tuple[Section, ...]) -> tuple[RightsLine, ...]:
    """Return all P- and C-lines of the sections, equal ones once."""
    return gathered(sections, _line, "PLine", "CLine")


def _line(part: Part, territories: Territories) -> RightsLine:
    kind = part.name
    return RightsLine(
        kind[0],
        part.value(f"{kind}Text"),
        part.value("Year"),
        part.value(f"{kind}Company"),
        territories,
    )


def genre(part: Part, territories: Territories) -> Genre:
    return Genre(
        part.value("GenreText"),
        part.value("SubGenre"),
        territories,
        is_true(part.get("IsDefault")),
    )


def advice(part: Part, territories: Territories) -> Advice:
    said = Term(
        part.value(),
        part.get("Namespace") or part.get("TypeNamespace"),
        part.get("UserDefinedValue") or part.get("TypeUserDefinedValue"),
    )
    return Advice(said, territories)


def date_said(part: Part, territories: Territories) -> DateSaid:
    inner = part.first("FulfillmentDate") or part
    return DateSaid(
        inner.value(), territories, is_approximate=is_true(part.get("IsApproximate"))
    )


def identifiers_of(parts: Iterator[Part]) -> tuple[Identifier, ...]:
    """Return the identifiers that these `…Id` elements hold, equal ones once."""
    return tuple(
        dict.fromkeys(
            Identifier(
                kind=child.name,
                value=child.value(),
                namespace=child.get("Namespace"),
                is_replaced=is_true(part.get("IsReplaced")),
            )
            for part in parts
            for child in part.parts
            if child.value()
        )
    )
