"""What a message offers: releases, how they are arranged, and the deals for them.

Each keeps its `source`: the part it was read from, with all that has no field.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .parts import Part
from .things import NO_PART, Credit, Party, best_title
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

_NO_TERM = Term("")


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
    source: Part = field(default=NO_PART, repr=False, compare=False)


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
    source: Part = field(default=NO_PART, repr=False, compare=False)

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
    source: Part = field(default=NO_PART, repr=False, compare=False)

    @property
    def title(self) -> str:
        return best_title(self.titles)

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
    source: Part = field(default=NO_PART, repr=False, compare=False)
