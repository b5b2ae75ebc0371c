"""Reading single elements: their text, dates and durations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from lxml import etree

# Dates and durations of a message are few, and each is asked for by several rules.
_KEPT: Final = 4096

Node = etree._Element  # noqa: SLF001 - lxml has no public name for its own type


def child(element: Node, path: str) -> Node | None:
    """Return the first element at *path*, or None: `find`, faster for one step."""
    if "/" in path:
        return element.find(path)
    return next(element.iterchildren(path), None)


def text_of(element: Node | None, path: str = "") -> str:
    """Return the text at *path*, without space around; empty where there is none."""
    if element is not None and path:
        element = child(element, path)
    return "" if element is None else (element.text or "").strip()


def texts_of(element: Node, path: str) -> list[str]:
    """Return the texts of all elements at *path*, without space around."""
    found = element.iterfind(path) if "/" in path else element.iterchildren(path)
    return [(each.text or "").strip() for each in found]


def resource_of(node: Node) -> Node:
    """Return the resource that *node* is in, or what lies below the root."""
    above = node
    while (parent := above.getparent()) is not None and parent.tag != "ResourceList":
        above = parent
    return above


@lru_cache(maxsize=_KEPT)
def instant(text: str) -> datetime | None:
    """Return an ISO 8601 date or date-time as an instant; UTC where it names no zone.

    None where it is neither; of a year or month alone its first day.
    """
    padded = text.strip() + {4: "-01-01", 7: "-01"}.get(len(text.strip()), "")
    try:
        found = datetime.fromisoformat(padded)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=_KEPT)
def seconds_of(text: str) -> float | None:
    """Return an `xs:duration` of days and less in seconds; None if it is not one."""
    sign, _, rest = text.strip().partition("P")
    days, _, clock = rest.partition("T")
    if sign not in {"", "-"} or not (days or clock):
        return None
    total = _units(days, {"D": 86_400.0}), _units(clock, _CLOCK)
    if total[0] is None or total[1] is None:
        return None
    return (-1 if sign else 1) * (total[0] + total[1])


_CLOCK: Final = {"H": 3600.0, "M": 60.0, "S": 1.0}


def _units(text: str, units: dict[str, float]) -> float | None:
    total, number = 0.0, ""
    for character in text:
        if character not in units:
            number += character
            continue
        try:
            total += float(number) * units[character]
        except ValueError:
            return None
        number = ""
    return None if number else total


def siblings(elements: Sequence[Node]) -> Iterator[list[Node]]:
    """Yield *elements* in groups that share a parent and a name."""
    groups: dict[tuple[Node | None, str], list[Node]] = {}
    for element in elements:
        groups.setdefault((element.getparent(), str(element.tag)), []).append(element)
    yield from groups.values()
