"""What a conversion lost, changed and supplied, by XPath."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shared.domain.claims import JsonValue

from .drafts import PREFIX, Draft
from .tables import REASONS

_NO_PLACE: Final = "has no place in the version"


@dataclass(frozen=True, slots=True)
class Loss:
    """A text or attribute of the source that the result does not have.

    Attributes:
        xpath: In the source.
    """

    xpath: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """A text or attribute that the result says in other words.

    Attributes:
        xpath: In the source.
    """

    xpath: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Supplied:
    """What the result has to have and the source did not say.

    Attributes:
        xpath: In the result.
    """

    xpath: str
    value: str


@dataclass(frozen=True, slots=True)
class Balance:
    """The account of one conversion.

    Attributes:
        leaves: How many texts and attributes the source has.
    """

    leaves: int
    losses: tuple[Loss, ...] = ()
    changes: tuple[Change, ...] = ()
    supplied: tuple[Supplied, ...] = ()

    @property
    def kept(self) -> int:
        """How many leaves of the source the result has, some in other words."""
        return self.leaves - len(self.losses)

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "leaves": self.leaves,
            "kept": self.kept,
            "losses": [
                {"xpath": each.xpath, "value": each.value, "reason": each.reason}
                for each in self.losses
            ],
            "changes": [
                {"xpath": each.xpath, "before": each.before, "after": each.after}
                for each in self.changes
            ],
            "supplied": [
                {"xpath": each.xpath, "value": each.value} for each in self.supplied
            ],
        }


class Ledger:
    """Keeps what the source said, and why parts of it were dropped."""

    def __init__(self, source: Draft) -> None:
        self._source = {
            origin: said.text for _, said in source.leaves() for origin in said.origins
        }
        self._reasons: dict[str, str] = {}

    def drop(self, draft: Draft, reason: str) -> None:
        """Note why *draft* goes; what is kept elsewhere is no loss all the same."""
        for _, said in draft.leaves():
            for origin in said.origins:
                self._reasons.setdefault(origin, reason)

    def drop_attribute(self, draft: Draft, name: str, reason: str) -> None:
        for origin in draft.attributes.pop(name).origins:
            self._reasons.setdefault(origin, reason)

    def drop_text(self, draft: Draft, reason: str) -> None:
        for origin in draft.origins:
            self._reasons.setdefault(origin, reason)
        draft.text = ""

    def _reason(self, origin: str) -> str:
        known = REASONS.get(_name_in(origin))
        return known or self._reasons.get(origin, _NO_PLACE)

    def balance(self, result: Draft) -> Balance:
        """Hold *result* against the source."""
        told = {
            origin: self._source.get(origin, "").strip()
            for part in result.within()
            for origin in part.implied
        }
        supplied = []
        for xpath, text, origins in _placed_leaves(result):
            if not origins:
                supplied.append(Supplied(xpath, text))
            for origin in origins:
                if told.get(origin) != self._source.get(origin, "").strip():
                    told[origin] = text.strip()
        return Balance(
            leaves=len(self._source),
            losses=tuple(
                Loss(origin, text, self._reason(origin))
                for origin, text in self._source.items()
                if origin not in told
            ),
            changes=tuple(
                Change(origin, text, told[origin])
                for origin, text in self._source.items()
                if origin in told and told[origin] != text.strip()
            ),
            supplied=tuple(supplied),
        )


def _name_in(xpath: str) -> str:
    """Return the name of the element or attribute at *xpath*."""
    return xpath.rpartition("/")[2].partition("[")[0].removeprefix("@")


def _placed_leaves(
    draft: Draft, path: str = ""
) -> Iterator[tuple[str, str, frozenset[str]]]:
    path = path or f"/{PREFIX}:{draft.name.rpartition('}')[2]}"
    if not draft.parts or draft.text.strip():
        yield path, draft.text, draft.origins
    for name, said in draft.attributes.items():
        yield f"{path}/@{name}", said.text, said.origins
    totals: dict[str, int] = {}
    for part in draft.parts:
        totals[part.name] = totals.get(part.name, 0) + 1
    counts: dict[str, int] = {}
    for part in draft.parts:
        counts[part.name] = counts.get(part.name, 0) + 1
        index = f"[{counts[part.name]}]" if totals[part.name] > 1 else ""
        yield from _placed_leaves(part, f"{path}/{part.name}{index}")
