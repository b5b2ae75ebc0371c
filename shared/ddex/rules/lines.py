"""Rules S15 to S17 and L12: P-lines and C-lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_YEAR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_P_LINE: Final = re.compile(r"\s*(?:\(P\)|℗)\s*\d{4}\s+\S", re.IGNORECASE)
_EARLIEST_YEAR: Final = 1900
_MOST_PAIRS: Final = 1_000


@rule(
    "S15",
    Level.ERROR,
    source="logic",
    says="the year of the P-line is not plausible, or not the one in its text",
    fix="Write the year of first publication in both places.",
)
def p_line_year(message: Message) -> Faults:
    said, written = set(message.texts("Year")), set(message.texts("PLineText"))
    is_short = len(said) * len(written) <= _MOST_PAIRS
    # Mostly all lines say the same, and any two of them agree.
    if is_short and not any(
        _disagree(message, year, text) for year in said for text in written
    ):
        return
    years, texts = message.text_in("Year"), message.text_in("PLineText")
    for line in message.all("PLine"):
        year, text = years.get(line, ""), texts.get(line, "")
        if _disagree(message, year, text):
            yield Fault(line, year[:4], text[:40])


def _disagree(message: Message, said: str, text: str) -> bool:
    year, told = said[:4], _years(text)
    return year.isdecimal() and (
        not is_plausible_year(message, int(year)) or bool(told and year not in told)
    )


@lru_cache(maxsize=4096)
def _years(text: str) -> list[str]:
    return _YEAR.findall(text)


def is_plausible_year(message: Message, year: int) -> bool:
    return _EARLIEST_YEAR <= year <= message.now.year + 1


@rule(
    "S16",
    Level.WARNING,
    source="convention; DDEX Knowledge Base",
    says="a P-line starts with (P) or ℗, a year and the owner",
    fix="Write ℗, the year, and who owns the recording.",
)
def p_line_form(message: Message) -> Faults:
    found = [
        node
        for text, node in message.texts_and_nodes("PLineText")
        if not _has_p_line_form(text)
    ]
    if found:
        yield Fault(found[0], text_of(found[0])[:60], f"{len(found)} of them")


@lru_cache(maxsize=4096)
def _has_p_line_form(text: str) -> bool:
    return _P_LINE.match(text) is not None


@rule(
    "S17",
    Level.ERROR,
    source="DDEX Knowledge Base; what stores ask for",
    says="the recording has no P-line in any edition",
    fix="Give the edition its PLine.",
    status="MetadataMissing",
)
def recording_has_p_line(message: Message) -> Faults:
    having: set[Node | None] = set()
    for line in message.all("PLine"):
        parent = line.getparent()
        having.update((parent, None if parent is None else parent.getparent()))
    level = Level.WARNING if message.main_release in having else None
    for resource in message.primary_resources:
        if resource not in having:
            yield Fault(resource, text_of(resource, "ResourceReference"), level=level)


@rule(
    "L12",
    Level.WARNING,
    source="ERN Part 2, 7.3(6); Schematron 2.1, 1026",
    says="the year of the C-line is not plausible",
    fix="Write the year of first publication.",
)
def c_line_year(message: Message) -> Faults:
    for line in message.all("CLine"):
        year = text_of(line, "Year")[:4]
        if year.isdecimal() and not is_plausible_year(message, int(year)):
            yield Fault(line, year)
