"""What a message is about: header, parties, works, resources, releases, deals.

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

_NO_PART = Part("")
_NO_TERM = Term("")
# How well a title answers "what is it called?", best first.
_DISPLAYED = ("DisplayTitleText", "DisplayTitle", "ReferenceTitle", "FormalTitle")


def _best_title(titles: tuple[Title, ...]) -> str:
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
    source: Part = field(default=_NO_PART, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Party:
    """A person, group or organisation.

    Attributes:
        reference: `P…` of a party list; empty in 3.x, where parties have no list.
    """

    reference: str = ""
    names: tuple[PartyName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    source: Part = field(default=_NO_PART, repr=False, compare=False)

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
    source: Part = field(default=_NO_PART, repr=False, compare=False)


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
    source: Part = field(default=_NO_PART, repr=False, compare=False)


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
    source: Part = field(default=_NO_PART, repr=False, compare=False)


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
    source: Part = field(default=_NO_PART, repr=False, compare=False)

    @property
    def title(self) -> str:
        return _best_title(self.titles)

    def identifier(self, kind: str) -> str:
        """Return the valid identifier of *kind*, or an empty text."""
        found = (i for i in self.identifiers if i.kind == kind and not i.is_replaced)
        return next((each.value for each in found), "")


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a release; *party* where the message has a list of parties."""

    name: str
    party: Party | None = None
    kind: str = ""
    territories: Territories = EVERYWHERE


@dataclass(frozen=True, slots=True)
class GroupItem:
    """A resource's place on a release."""

    reference: str
    sequence: int | None = None
    linked: tuple[str, ...] = ()
    is_bonus: bool = False
    is_hidden: bool = False
    is_instant_gratification: bool = False
    source: Part = field(default=_NO_PART, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """A medium, a work of several movements, or the whole release.

    Attributes:
        linked: Resources that belong to the group, such as a cover.
        release_reference: The component release that it is, such as a disc of a box.
    """

    titles: tuple[Title, ...] = ()
    sequence: int | None = None
    carriers: tuple[Term, ...] = ()
    items: tuple[GroupItem, ...] = ()
    groups: tuple[ResourceGroup, ...] = ()
    linked: tuple[str, ...] = ()
    release_reference: str = ""
    identifiers: tuple[Identifier, ...] = ()
    source: Part = field(default=_NO_PART, repr=False, compare=False)

    def all_items(self) -> tuple[GroupItem, ...]:
        """Return the items of the group and of all groups in it, in order."""
        inner = (item for group in self.groups for item in group.all_items())
        return (*self.items, *inner)


@dataclass(frozen=True, slots=True)
class RelatedRelease:
    relationship: Term
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Title, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """What is sold.

    Attributes:
        kind: `Release`, `TrackRelease` or `ClipRelease`; of 3.x a release of one
            resource that is not the main one is a `TrackRelease`.
        resources: References of what it consists of, in order.
        groups: How they are arranged; of 3.x those of the first territory that has
            one, all territories in `source`.
        released_on: Release dates; the first without territories is the general one.
        visibility: What may be shown before the release.
    """

    reference: str
    kind: str
    is_main: bool = False
    types: tuple[Term, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    titles: tuple[Title, ...] = ()
    versions: tuple[Term, ...] = ()
    artist_names: tuple[Wording, ...] = ()
    credits: tuple[Credit, ...] = ()
    labels: tuple[Label, ...] = ()
    lines: tuple[RightsLine, ...] = ()
    genres: tuple[Genre, ...] = ()
    warnings: tuple[Advice, ...] = ()
    duration_ms: int | None = None
    released_on: tuple[DateSaid, ...] = ()
    originally_released_on: tuple[DateSaid, ...] = ()
    is_compilation: bool | None = None
    resources: tuple[str, ...] = ()
    groups: tuple[ResourceGroup, ...] = ()
    related: tuple[RelatedRelease, ...] = ()
    keywords: tuple[Wording, ...] = ()
    synopsis: tuple[Wording, ...] = ()
    source: Part = field(default=_NO_PART, repr=False, compare=False)

    @property
    def title(self) -> str:
        return _best_title(self.titles)

    def identifier(self, kind: str) -> str:
        """Return the valid identifier of *kind*, or an empty text."""
        found = (i for i in self.identifiers if i.kind == kind and not i.is_replaced)
        return next((each.value for each in found), "")


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when, as written: dates or date-times of ISO 8601; empty if open."""

    starts_at: str = ""
    ends_at: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """A price.

    Attributes:
        code: A price category.
        amounts: Element's name → (amount, currency), as written.
    """

    code: Term = _NO_TERM
    kind: str = ""
    amounts: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Showing:
    """When a release, its tracks, cover and clips may be shown before it is out."""

    release_at: str = ""
    tracks_at: str = ""
    cover_at: str = ""
    clips_at: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """One set of terms under which releases may be used.

    Attributes:
        releases: The references of the releases.
        uses: `Stream`, `PermanentDownload` …
        models: `SubscriptionModel`, `PayAsYouGoModel` …
        channels, excluded_channels: DPIDs or names of services.
        is_takedown: 3.x: the release shall be taken down; in 4.x a deal ends or goes.
        showing: What may be shown before; of 4.2 and later found by the releases'
            visibility references.
    """

    releases: tuple[str, ...]
    territories: Territories = EVERYWHERE
    periods: tuple[Period, ...] = ()
    models: tuple[Term, ...] = ()
    uses: tuple[Term, ...] = ()
    interfaces: tuple[Term, ...] = ()
    channels: tuple[str, ...] = ()
    excluded_channels: tuple[str, ...] = ()
    prices: tuple[Price, ...] = ()
    rights_claim_policies: tuple[str, ...] = ()
    instant_gratification: tuple[str, ...] = ()
    is_pre_order: bool = False
    is_promotional: bool = False
    is_takedown: bool = False
    showing: Showing | None = None
    source: Part = field(default=_NO_PART, repr=False, compare=False)
