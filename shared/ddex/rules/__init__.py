"""The rules of ERN beyond its schema, one small function each.

A module of rules registers them when it is imported, so all are imported here.
"""

from . import (
    advice,
    deals,
    descriptions,
    groups,
    header,
    identifiers,
    parties,
    releases,
    resources,
    territorial,
)
from .registry import Rule, registered_rules

__all__ = [
    "Rule",
    "advice",
    "deals",
    "descriptions",
    "groups",
    "header",
    "identifiers",
    "parties",
    "registered_rules",
    "releases",
    "resources",
    "territorial",
]
