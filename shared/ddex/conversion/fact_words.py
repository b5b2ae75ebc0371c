"""The words in which facts are told, whatever the version that said them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.ddex.model import (
    DateSaid,
    Deal,
    Identifier,
    RightsLine,
    Term,
    Territories,
)
from shared.ddex.nodes import instant

# What is said so is not said.
UNSAID: Final = frozenset({"", "Unknown"})
_WORLD: Final = "Worldwide"


def identifier_words(identifier: Identifier) -> str:
    # A track's ISRC is the sender's own id of it in later versions.
    is_own = identifier.kind in {"ISRC", "ProprietaryId", "CatalogNumber"}
    kind = "" if is_own else f"{identifier.kind} "
    return f"{kind}{identifier.value}" if identifier.value else ""


def said(term: Term) -> str:
    return "" if term.meant in UNSAID else term.meant


def file_words(uri: str, hash_sum: str) -> str:
    return f"{uri} {hash_sum}".strip()


def line_words(line: RightsLine) -> str:
    return " ".join(filter(None, (line.year, line.text)))


def date_words(date: DateSaid) -> str:
    return placed(day_words(date.text), date.territories)


def placed(text: str, territories: Territories) -> str:
    if not text or territories.are_everywhere:
        return text
    return f"{text} in {_territories(territories)}"


def _territories(territories: Territories) -> str:
    if territories.excluded:
        return f"all but {', '.join(sorted(territories.excluded))}"
    return ", ".join(sorted(territories.included)) or _WORLD


def day_words(text: str) -> str:
    """Return a date, or a moment; the first moment of a day as that day."""
    at = instant(text)
    if at is None or len(text.strip()) <= len("2026-01-01"):
        return text.strip()
    is_midnight = (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)
    return at.date().isoformat() if is_midnight else at.isoformat()


def deal_words(deal: Deal) -> str:
    parts = {
        "in": _territories(deal.territories),
        "for": ", ".join(sorted(map(said, deal.uses))),
        "as": ", ".join(sorted(map(said, deal.models))),
        "when": "; ".join(
            f"{day_words(each.starts_at)} to {day_words(each.ends_at) or 'ever'}"
            for each in deal.periods
        ),
        "at": "; ".join(sorted(_prices(deal))),
        "through": ", ".join(sorted(deal.channels)),
        "not through": ", ".join(sorted(deal.excluded_channels)),
        "claiming": ", ".join(sorted(deal.rights_claim_policies)),
        "with": ", ".join(_flags(deal)),
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items() if value)


def _prices(deal: Deal) -> Iterator[str]:
    for price in deal.prices:
        amounts = (
            f"{name} {amount} {currency}" for name, amount, currency in price.amounts
        )
        yield " ".join(filter(None, (price.code.value, *amounts)))


def _flags(deal: Deal) -> Iterator[str]:
    if deal.is_pre_order:
        yield "pre-order"
    if deal.is_promotional:
        yield "promotion"
    if deal.instant_gratification:
        yield f"instant gratification {' '.join(sorted(deal.instant_gratification))}"
