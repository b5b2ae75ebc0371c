"""The tables that are carried, read from beside this module."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from . import allowed_values, notation
from .particles import SchemaFacts

HERE: Final = Path(__file__).parent
VALUES_FILE: Final = "allowed_values.txt"
CARRIED: Final = (
    *("3.7", "3.7.1", "3.8", "3.8.1", "3.8.2", "3.8.3"),
    *("4.1", "4.1.1", "4.2", "4.3", "4.3.2"),
)
# What DDEX published as 4.3.1 has the elements of 4.3.2 under a namespace of its own:
# its eight official samples are valid so, and none is against 4.3.
_LIKE: Final = {"4.3.1": "4.3.2"}


def table_file(version: str) -> str:
    return f"ern-{version}.txt"


def is_carried(version: str) -> bool:
    return _LIKE.get(version, version) in CARRIED


@cache
def facts_of(version: str) -> SchemaFacts:
    """Return what the schema of ERN *version* says, which `is_carried`."""
    path = HERE / table_file(_LIKE.get(version, version))
    return notation.read(path.read_text(encoding="utf-8"))


@cache
def editions() -> dict[str, allowed_values.ValueSets]:
    """Return the allowed values of every edition, by edition and set."""
    path = HERE / VALUES_FILE
    return allowed_values.read(path.read_text(encoding="utf-8"))
