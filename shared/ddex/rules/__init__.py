"""The rules of ERN beyond its schema, one small function each.

A module of rules registers them when it is imported, so all are imported here.
"""

from . import (
    advice,
    availability,
    deals,
    descriptions,
    files,
    groups,
    header,
    identifiers,
    parties,
    prices,
    releases,
    resources,
    territorial,
    tracks,
)
from .registry import Rule, registered_rules

__all__ = [
    "Rule",
    "advice",
    "availability",
    "deals",
    "descriptions",
    "files",
    "groups",
    "header",
    "identifiers",
    "parties",
    "prices",
    "registered_rules",
    "releases",
    "resources",
    "territorial",
    "tracks",
]
