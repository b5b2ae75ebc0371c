"""Rules T: territories."""

from __future__ import annotations

from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, text_of, texts_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.ddex.territories import NOWHERE, WORLDWIDE, Territories
from shared.domain.findings import Level
from shared.domain.isrc_prefixes import ADDITIONAL, ISRC_PREFIXES

_COUNTRIES: Final = frozenset(ISRC_PREFIXES) - frozenset(ADDITIONAL) | {"XK"}


@rule(
    "T02",
    Level.ERROR,
    source="DDEX Knowledge Base, excluded territories and Worldwide",
    says="Worldwide beside single countries",
    fix="Leave the countries out, or Worldwide.",
)
def worldwide_alone(message: Message) -> Faults:
    for terms in message.all("DealTerms"):
        codes = texts_of(terms, "TerritoryCode")
        if WORLDWIDE in codes and len(set(codes)) > 1:
            yield Fault(terms, ", ".join(codes))


@rule(
    "T03",
    Level.ERROR,
    source="DDEX Knowledge Base, excluded territories and Worldwide",
    says="the whole world is left out",
    fix="Name the countries that are left out, or end the deal.",
)
def world_not_excluded(message: Message) -> Faults:
    for node in message.all("ExcludedTerritoryCode"):
        if text_of(node) == WORLDWIDE:
            yield Fault(node, WORLDWIDE)


@rule(
    "T04",
    Level.ERROR,
    source="ISO 3166-1; AVS CurrentTerritoryCode",
    says="no country has this code now",
    fix="Use the codes of the countries that there are now.",
)
def country_exists(message: Message) -> Faults:
    for node in message.all("TerritoryCode", "ExcludedTerritoryCode"):
        code = text_of(node)
        if len(code) == 2 and code.isalpha() and code not in _COUNTRIES:
            yield Fault(node, code)


@rule(
    "T05",
    Level.WARNING,
    source="logic",
    says="a territory is named twice",
    fix="Name it once.",
)
def territories_once(message: Message) -> Faults:
    for terms in message.all("DealTerms"):
        for name in ("TerritoryCode", "ExcludedTerritoryCode"):
            seen: set[str] = set()
            for node in terms.iterfind(name):
                if text_of(node) in seen:
                    yield Fault(node, text_of(node))
                seen.add(text_of(node))


@rule(
    "T06",
    Level.WARNING,
    source="DDEX Knowledge Base, ApplicableTerritoryCode and deal territories",
    says="said for a territory that has no deal",
    fix="Leave it out, or add the deal.",
)
def said_where_dealt(message: Message) -> Faults:
    dealt = _dealt(message)
    told: set[str] = set()
    codes = {
        code
        for code in (message.values_of("ApplicableTerritoryCode") if dealt else ())
        if len(code) == 2 and not Territories.of([code]).overlaps(dealt)
    }
    for node in message.holders_of("ApplicableTerritoryCode") if codes else ():
        code = node.get("ApplicableTerritoryCode", "")
        if code in codes - told:
            told.add(code)
            yield Fault(node, code)


def _dealt(message: Message) -> Territories:
    dealt = NOWHERE
    for terms in message.deal_terms:
        dealt = dealt.joined(terms.territories)
    return dealt


@rule(
    "T07",
    Level.ERROR,
    source="ERN Part 2, 7.3",
    says="territories with a deal have no such value",
    fix="Give a value for them, or one Worldwide.",
    status="MetadataMissing",
)
def value_where_dealt(message: Message) -> Faults:
    names = ("DisplayTitleText", "DisplayTitle", "DisplayArtistName")
    dealt = _dealt(message)
    release = message.main_release
    for name in names if release is not None else ():
        nodes: list[Node] = [] if release is None else release.findall(name)
        told = NOWHERE
        for node in nodes:
            code = node.get("ApplicableTerritoryCode", "")
            told = told.joined(Territories.of(code.split()))
        missing = dealt.without(told)
        if nodes and missing and not any(n.get("IsDefault") == "true" for n in nodes):
            yield Fault(nodes[0], text_of(nodes[0]), f"{name}, {missing}")
