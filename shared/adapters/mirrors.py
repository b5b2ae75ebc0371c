"""What every document store does with mirrors before it writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.domain.claims import JsonValue
from shared.ports.document_store import Mirror

LARGEST_BYTES = 1_000_000
"""What a document may take. Firestore's limit is 1 MiB with name and overhead."""

_SHORT = 200


def newest_of_each(mirrors: Iterable[Mirror]) -> list[Mirror]:
    """Return of each path the mirror of the highest version."""
    newest: dict[str, Mirror] = {}
    for mirror in mirrors:
        known = newest.get(mirror.path)
        if known is None or mirror.version > known.version:
            newest[mirror.path] = mirror
    return list(newest.values())


def reduced(content: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what is short of a document too large to store, marked `oversized`.

    Whoever watches learns that it changed, and asks the API for all of it; refused,
    it would hold up every later one for good.
    """
    short = {name: value for name, value in content.items() if _is_short(value)}
    return {**short, "oversized": True}


def _is_short(value: JsonValue) -> bool:
    if isinstance(value, str):
        return len(value) <= _SHORT
    return not isinstance(value, list | dict)
