"""The rules of ERN beyond its schema, one small function each.

A module of rules registers them when it is imported, so all are imported here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import (
    advice,
    availability,
    deals,
    descriptions,
    files,
    groups,
    header,
    history,
    identifiers,
    lines,
    parties,
    prices,
    releases,
    resources,
    technical,
    territorial,
    tracks,
)
from .registry import Rule, applicable_rules, registered_rules

_XML = "not well-formed, forbidden or too large: told when the message is read"
_SCHEMA = "told by the schema of the version"
_REFERENCES = "told where references are held against what they name"

# The rules of the catalogue that no function here tells, and who does.
CHECKED_ELSEWHERE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("A01", "A02", "Z01"), _XML),
        **dict.fromkeys(("A03", "A05", "A06", "L01", "S04", "T01"), _SCHEMA),
        **{f"I{number:02}": _REFERENCES for number in (*range(1, 10), 13)},
        "Z02": "never told: nothing is ever fetched, whatever an address says",
    }
)

__all__ = [
    "CHECKED_ELSEWHERE",
    "Rule",
    "advice",
    "applicable_rules",
    "availability",
    "deals",
    "descriptions",
    "files",
    "groups",
    "header",
    "history",
    "identifiers",
    "lines",
    "parties",
    "prices",
    "registered_rules",
    "releases",
    "resources",
    "technical",
    "territorial",
    "tracks",
]
