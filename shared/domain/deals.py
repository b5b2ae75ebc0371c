"""What a right is granted for: uses, commercial models, and a period of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from shared.domain.errors import InvalidInputError
from shared.domain.territories import EVERYWHERE, Territories

STREAM: Final = "Stream"
DOWNLOAD: Final = "Download"

# Uses of DDEX's UseType that a general one stands for. Asked for "Stream", any of these
# will do; granted "Stream", all of these are.
_KINDS_OF: Final = {
    STREAM: frozenset(
        {
            "Stream", "OnDemandStream", "NonInteractiveStream", "TimeInfluencedStream",
            "ContentInfluencedStream", "ConditionalStream", "LimitedStream", "Webcast",
        }
    ),
    DOWNLOAD: frozenset(
        {
            "Download", "PermanentDownload", "ConditionalDownload", "TetheredDownload",
            "SingleDownload",
        }
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """From *starts_at* on, until just before *ends_at*; None is open on that side."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.starts_at, self.ends_at):
            if instant is not None:
                check_aware(instant)

    @classmethod
    def of_days(cls, first: date | None, last: date | None) -> Period:
        """Return the days from *first* to *last*, both included, in UTC."""
        return cls(
            None if first is None else _midnight(first),
            None if last is None else _midnight(last + timedelta(days=1)),
        )

    def has_started(self, at: datetime) -> bool:
        return self.starts_at is None or self.starts_at <= at

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at

    def __contains__(self, at: datetime) -> bool:
        return self.has_started(at) and not self.has_ended(at)


@dataclass(frozen=True, slots=True)
class Deal:
    """One grant of rights, or a takedown, which takes back what was granted before it.

    Attributes:
        uses: DDEX's UseType; empty for all.
        models: DDEX's CommercialModelType; empty for all.
        stated_at: When it was said. A takedown beats what was said before or with it;
            what is granted later stands.
    """

    id: str
    territories: Territories = EVERYWHERE
    uses: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    period: Period = field(default_factory=Period)
    is_takedown: bool = False
    stated_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.stated_at is not None:
            check_aware(self.stated_at)

    def is_for_use(self, use: str) -> bool:
        """Whether *use* is among its uses, by itself or as one of a kind."""
        return not self.uses or not use or not self._said.isdisjoint(kinds_of(use))

    def is_for_model(self, model: str) -> bool:
        return not self.models or not model or model in self.models

    def uses_for(self, use: str, named: Iterable[str] = ()) -> frozenset[str]:
        """Return the single uses it has of what *use* asks for.

        Args:
            named: Uses to tell apart where neither side names any: the rest is "*".
        """
        asked = kinds_of(use) if use else None
        if not self.uses:
            return asked or frozenset({"*"}).union(*map(kinds_of, named))
        return self._said if asked is None else self._said & asked

    def models_for(self, model: str, named: Iterable[str] = ()) -> frozenset[str]:
        """Return the models it has of what *model* asks for, as `uses_for` does."""
        if model:
            return frozenset({model})
        return self.models or frozenset({"*", *named})

    def covers(self, use: str, model: str) -> bool:
        """Whether one single use in one model is within it."""
        return (not self.uses or use in self._said) and self.is_for_model(model)

    @property
    def _said(self) -> frozenset[str]:
        return _expanded(self.uses)

    def takes_back(self, other: Deal) -> bool:
        """Whether this takedown was said after *other*, or no later can be shown."""
        if not self.is_takedown or other.is_takedown:
            return False
        if self.stated_at is None or other.stated_at is None:
            return True
        return self.stated_at >= other.stated_at


def kinds_of(use: str) -> frozenset[str]:
    """Return the single uses that *use* stands for: mostly itself."""
    return _KINDS_OF.get(use, frozenset({use}))


@lru_cache(maxsize=1024)
def _expanded(uses: frozenset[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(kinds_of, uses))


def check_aware(instant: datetime) -> None:
    """Raise InvalidInputError where *instant* does not say in which time zone."""
    if instant.tzinfo is None:
        raise InvalidInputError("a time without a zone", at=instant.isoformat())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
