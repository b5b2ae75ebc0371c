"""The sets of allowed values, and which edition has which.

    editions 3.8.1 … 4.2 avs3 avs9
    set TerritoryCode
     * AD|AE|…                       in every edition that has the set
     3.8.1 4.2 XX|YY                 in these

Until ERN 4.2 each schema came with an edition of its own, named here by that version;
from 4.3 on there is one list for all standards, numbered: `@AvsVersionId`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Final

ValueSets = dict[str, tuple[str, ...]]

_WIDTH: Final = 100


def written(editions: Mapping[str, ValueSets]) -> str:
    """Return the sets of all *editions* as one table."""
    lines = ["editions " + " ".join(editions)]
    for name in sorted({name for sets in editions.values() for name in sets}):
        having = tuple(edition for edition in editions if name in editions[edition])
        values = {value for edition in having for value in editions[edition][name]}
        groups: dict[tuple[str, ...], list[str]] = {having: []}
        for value in sorted(values):
            where = tuple(e for e in having if value in editions[e][name])
            groups.setdefault(where, []).append(value)
        lines.append(f"set {name} {' '.join(having)}")
        for where, members in groups.items():
            head = "*" if where == having else " ".join(where)
            lines += [f" {head}:{chunk}" for chunk in _chunks(members)]
    return "\n".join(lines) + "\n"


def _chunks(members: list[str]) -> Iterable[str]:
    text = "|".join(member.replace(" ", "\0") for member in members)
    broken = textwrap.wrap(text.replace("|", " "), _WIDTH, break_on_hyphens=False)
    return (line.replace(" ", "|").replace("\0", " ") for line in broken)


def read(text: str) -> dict[str, ValueSets]:
    """Return the sets of every edition, by edition and name; # opens a remark."""
    editions: dict[str, dict[str, list[str]]] = {}
    name, having = "", [""]
    for line in text.splitlines():
        if line.startswith("editions "):
            editions = {edition: {} for edition in line.split()[1:]}
        elif line.startswith("set "):
            _, name, *having = line.split()
            for edition in having:
                editions[edition][name] = []
        elif line.startswith(" "):
            head, _, members = line[1:].partition(":")
            for edition in having if head == "*" else head.split():
                editions[edition][name].extend(members.split("|"))
    return {
        edition: {name: tuple(values) for name, values in sets.items()}
        for edition, sets in editions.items()
    }
