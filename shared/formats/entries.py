"""What a reader hands on: one entry per raw record, with where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.claims import JsonValue, Kind
from shared.formats.statements import FieldClaim, FileFinding


@dataclass(frozen=True, slots=True)
class Thing:
    """What one raw record says of one thing.

    Attributes:
        keys: Evidence of which thing it is, strongest first (`domain.keys`).
        origin: What later words about it replace, such as `musicbrainz:work/…`;
            empty where only another version of the same file replaces them.
        has_parties: The credits among its claims name parties to be told of.
    """

    kind: Kind
    keys: tuple[str, ...]
    claims: tuple[FieldClaim, ...]
    origin: str = ""
    raw: Mapping[str, JsonValue] = field(default_factory=dict)
    has_parties: bool = True


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One raw record of a source: a row, a line, an element.

    Attributes:
        line: Where it begins in the file, from 1.
        track: What it says of a recording, its release and its place there, where
            which things these are follows from their values.
        things: What it says of things that it identifies itself.
        raw: The words as received.
        is_error: It said nothing that could be used.
    """

    line: int
    track: tuple[FieldClaim, ...] = ()
    things: tuple[Thing, ...] = ()
    findings: tuple[FileFinding, ...] = ()
    raw: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return not (self.track or self.things)
