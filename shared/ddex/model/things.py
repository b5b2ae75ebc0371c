"""Whom and what a message tells of: correspondents, parties, works, resources.

Each thing keeps its `source`: the part it was read from, with all that has no field.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .parts import Part
from .values import (
    EVERYWHERE,
    Advice,
    DateSaid,
    Genre,
    Identifier,
    PartyName,
    RightsLine,
    Term,
    Territories,
    Title,
    Wording,
)

NO_PART = Part("")
_NO_TERM = Term("")
# How well a title answers "what is it called?", best first.
_DISPLAYED = ("DisplayTitleText", "DisplayTitle", "ReferenceTitle", "FormalTitle")


def best_title(titles: tuple[Title, ...]) -> str:
    """Return the title that is shown, or the first; empty if there is none."""
    ranked = sorted(
        (title for title in titles if title.kind in _DISPLAYED and title.text),
        key=lambda title: (
            _DISPLAYED.index(title.kind),
            not title.is_default,
            not title.territories.are_everywhere,
        ),
    )
    found = ranked or [title for title in titles if title.text]
    return found[0].text if found else ""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Who sends a message or gets it."""

    dpid: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The envelope.

    Attributes:
        created_at: As written; `shared.ddex.nodes.instant` reads it.
        control_type: `LiveMessage`, `TestMessage` or empty.
        update_indicator: Of 3.8: `OriginalMessage`, `UpdateMessage` or empty.
    """

    message_id: str
    thread_id: str = ""
    sender: Correspondent = Correspondent("")
    on_behalf_of: Correspondent | None = None
    recipients: tuple[Correspondent, ...] = ()
    created_at: str = ""
    control_type: str = ""
    update_indicator: str = ""
    source: Part = field(default=NO_PART, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Party:
    """A person, group or organisation.

    Attributes:
        reference: `P…` of a party list; empty in 3.x, where parties have no list.
    """

    reference: str = ""
    names: tuple[PartyName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    source: Part = field(default=NO_PART, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The default name, or the first; empty where the party has ids alone."""
        named = [name for name in self.names if name.full]
        default = [name for name in named if name.is_default]
        return (default or named)[0].full if named else ""

    def identifier(self, kind: str) -> str:
        """Return the identifier of *kind*, or an empty text."""
        return next((i.value for i in self.identifiers if i.kind == kind), "")


@dataclass(frozen=True, slots=True)
class Credit:
    """A party's part in something.

    Attributes:
        kind: `DisplayArtist`, `Contributor`, `IndirectContributor` (writers and
            publishers of the work, in 3.x), `RightsController`, `Character`, or
            `DisplayConductor`, `DisplayComposer` of 3.x.
        roles: `MainArtist`, `Producer`, `ComposerLyricist` …; of a display artist
            the display role is the first.
        share_percent: Of a rights controller, 0 to 100, as written; else empty.
    """

    kind: str
    party: Party
    roles: tuple[Term, ...] = ()
    sequence: int | None = None
    instruments: tuple[Term, ...] = ()
    territories: Territories = EVERYWHERE
    is_featured: bool = False
    share_percent: str = ""
    source: Part = field(default=NO_PART, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Work:
    """A musical work as the message tells it.

    Attributes:
        reference: `W…` of the work list of 3.x; empty in 4.x.
    """

    reference: str = ""
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Title, ...] = ()
    credits: tuple[Credit, ...] = ()
    source: Part = field(default=NO_PART, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """A file that belongs to a resource, and what it is technically.

    Attributes:
        reference: `T…`, of the technical details that name it.
        uri: Path and name, or URL, relative to the message; empty where only the
            technical details are given.
        hash_algorithm: `MD5`, `SHA-256` …
        bit_rate_kbps: As written, converted by its unit; None where not said.
    """

    reference: str = ""
    uri: str = ""
    hash_sum: str = ""
    hash_algorithm: str = ""
    container: str = ""
    codec: str = ""
    bit_rate_kbps: float | None = None
    sampling_rate_hz: float | None = None
    bits_per_sample: int | None = None
    channels: int | None = None
    width_px: int | None = None
    height_px: int | None = None
    duration_ms: int | None = None
    is_preview: bool = False
    source: Part = field(default=NO_PART, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Resource:
    """A delivered recording, video, image or text.

    Attributes:
        kind: The element's name: `SoundRecording Video Image Text SheetMusic Software
            MIDI UserDefinedResource`.
        type: Its type within the kind: `MusicalWorkSoundRecording`, `FrontCoverImage`.
        artist_names: As displayed.
        works: What it is a recording of.
        released_on: First publications.
    """

    reference: str
    kind: str
    type: Term = _NO_TERM
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Title, ...] = ()
    versions: tuple[Term, ...] = ()
    artist_names: tuple[Wording, ...] = ()
    credits: tuple[Credit, ...] = ()
    lines: tuple[RightsLine, ...] = ()
    genres: tuple[Genre, ...] = ()
    warnings: tuple[Advice, ...] = ()
    duration_ms: int | None = None
    created_on: str = ""
    released_on: tuple[DateSaid, ...] = ()
    languages: tuple[str, ...] = ()
    works: tuple[Work, ...] = ()
    files: tuple[DeliveredFile, ...] = ()
    contained: tuple[str, ...] = ()
    is_instrumental: bool | None = None
    is_supplemental: bool = False
    source: Part = field(default=NO_PART, repr=False, compare=False)

    @property
    def title(self) -> str:
        return best_title(self.titles)

    def identifier(self, kind: str) -> str:
        """Return the valid identifier of *kind*, or an empty text."""
        found = (i for i in self.identifiers if i.kind == kind and not i.is_replaced)
        return next((each.value for each in found), "")
