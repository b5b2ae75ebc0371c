"""Sets of territories: some countries, or the world without some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WORLDWIDE: Final = "Worldwide"


@dataclass(frozen=True, slots=True)
class Territories:
    """Countries by code; or, where *is_rest*, all the world but these.

    Codes are taken as they stand: a code of a region is not the set of its countries.
    """

    codes: frozenset[str]
    is_rest: bool = False

    @classmethod
    def of(cls, included: Iterable[str], excluded: Iterable[str] = ()) -> Territories:
        """Return the territories of a deal; those of none that are named are all."""
        codes, left_out = frozenset(included), frozenset(excluded)
        if not codes or WORLDWIDE in codes:
            if WORLDWIDE in left_out:
                return cls(frozenset())
            return cls(left_out, is_rest=True)
        return cls(codes - left_out)

    @property
    def is_world(self) -> bool:
        return self.is_rest and not self.codes

    def overlaps(self, other: Territories) -> bool:
        if self.is_rest and other.is_rest:
            return True
        if self.is_rest:
            return bool(other.codes - self.codes)
        if other.is_rest:
            return bool(self.codes - other.codes)
        return not self.codes.isdisjoint(other.codes)

    def without(self, other: Territories) -> Territories:
        """Return what is here and not in *other*."""
        if not other.is_rest:
            if self.is_rest:
                return Territories(self.codes | other.codes, is_rest=True)
            return Territories(self.codes - other.codes)
        if self.is_rest:
            return Territories(other.codes - self.codes)
        return Territories(self.codes & other.codes)

    def joined(self, other: Territories) -> Territories:
        """Return what is here or in *other*."""
        if self.is_rest and other.is_rest:
            return Territories(self.codes & other.codes, is_rest=True)
        if self.is_rest:
            return Territories(self.codes - other.codes, is_rest=True)
        if other.is_rest:
            return Territories(other.codes - self.codes, is_rest=True)
        return Territories(self.codes | other.codes)

    def __bool__(self) -> bool:
        return self.is_rest or bool(self.codes)

    def __str__(self) -> str:
        names = ", ".join(sorted(self.codes)[:8])
        more = len(self.codes) - 8
        listed = f"{names} and {more} more" if more > 0 else names
        if not self.is_rest:
            return listed
        return f"{WORLDWIDE} without {listed}" if listed else WORLDWIDE


NOWHERE: Final = Territories(frozenset())
EVERYWHERE: Final = Territories(frozenset(), is_rest=True)
