"""Which elements there are, and which may have an attribute, as the tables say."""

from __future__ import annotations

from functools import cache

from .particles import Complex, SchemaFacts, elements_of
from .tables import CARRIED, facts_of, is_carried


@cache
def elements_with(attribute: str, version: str) -> tuple[str, ...] | None:
    """Return the names of elements that may have *attribute*, sorted.

    None where there is no table of that *version*: then it may be any.
    """
    if not is_carried(version):
        return None
    facts = facts_of(version)
    having = {
        name: kind
        for name, kind in facts.types.items()
        if isinstance(kind, Complex) and _has(kind, attribute)
    }
    messages = {name for name, kind in facts.messages.items() if _has(kind, attribute)}
    return tuple(sorted(messages | _of_types(facts, set(having))))


@cache
def names_ending(ends: tuple[str, ...], version: str) -> frozenset[str]:
    """Return the names of *version*'s elements that end so, or of all carried."""
    versions = (version,) if is_carried(version) else CARRIED
    return frozenset(
        element.name
        for each in versions
        for kind in (*facts_of(each).messages.values(), *facts_of(each).types.values())
        if isinstance(kind, Complex)
        for element in elements_of(kind.content)
        if element.name.endswith(ends)
    )


def _has(kind: Complex, attribute: str) -> bool:
    return any(each.name == attribute for each in kind.attributes)


def _of_types(facts: SchemaFacts, types: set[str]) -> set[str]:
    return {
        element.name
        for kind in (*facts.messages.values(), *facts.types.values())
        if isinstance(kind, Complex)
        for element in elements_of(kind.content)
        if element.type.base in types
    }
