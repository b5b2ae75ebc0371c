"""The small things that a message says: names, titles, identifiers, dates, lines.

All are read alike from ERN 3.x, which groups by territory, and 4.x, which marks each
value with its territory: here each value carries its own territories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Territories:
    """Where something holds: as said, not resolved; nothing said means everywhere.

    Attributes:
        included: Codes such as `DE`, `US-CA`, `Worldwide`.
        excluded: Codes; then it holds everywhere else.
    """

    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def are_everywhere(self) -> bool:
        return not self.excluded and (not self.included or "Worldwide" in self.included)


EVERYWHERE: Final = Territories()


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier as written.

    Attributes:
        kind: The element's name, the same in all versions: `ISRC ICPN GRid ISWC ISNI
            DPID IpiNameNumber IPN CatalogNumber ProprietaryId …`; `PartyId` for one
            of 3.x that does not say what it is.
        namespace: Who gave it, of a proprietary one or a catalogue number.
        is_replaced: Whether it is an old one.
    """

    kind: str
    value: str
    namespace: str = ""
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a closed list, or one of the sender's own.

    Attributes:
        value: The word of the list; `UserDefined` where *own* says it.
        namespace: Whose own word it is.
        own: The sender's word.
    """

    value: str
    namespace: str = ""
    own: str = ""

    @property
    def meant(self) -> str:
        """The sender's word where the list had none."""
        return self.own if self.value == "UserDefined" and self.own else self.value


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in a language, for territories, such as an artist's displayed name."""

    text: str
    language: str = ""
    territories: Territories = EVERYWHERE
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A title.

    Attributes:
        kind: `DisplayTitleText`, `DisplayTitle`, `ReferenceTitle` (3.x), or the
            title's type: `FormalTitle`, `OriginalTitle`, `GroupingTitle` …
    """

    kind: str
    text: str
    subtitles: tuple[str, ...] = ()
    language: str = ""
    territories: Territories = EVERYWHERE
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class PartyName:
    """A party's name, whole and in the pieces that the sender gave."""

    full: str
    indexed: str = ""
    ascii: str = ""
    before_key: str = ""
    key: str = ""
    after_key: str = ""
    abbreviated: str = ""
    language: str = ""
    territories: Territories = EVERYWHERE
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class RightsLine:
    """A P- or C-line.

    Attributes:
        kind: `P` or `C`.
        year: Four digits, or empty.
    """

    kind: str
    text: str
    year: str = ""
    company: str = ""
    territories: Territories = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Genre:
    text: str
    sub: str = ""
    territories: Territories = EVERYWHERE
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What parents are told.

    Attributes:
        term: `Explicit`, `NotExplicit`, `ExplicitContentEdited`, `Unknown` …
    """

    term: Term
    territories: Territories = EVERYWHERE


@dataclass(frozen=True, slots=True)
class DateSaid:
    """A date as written: a year, a month, a day, or a date-time.

    Attributes:
        text: ISO 8601; `shared.ddex.nodes.instant` reads it.
    """

    text: str
    territories: Territories = EVERYWHERE
    is_approximate: bool = False
