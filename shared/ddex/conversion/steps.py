"""The way from one version to another: layout by layout, over all between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from . import between
from .drafts import Draft
from .from_three import up_to_4_1
from .moving import move_all
from .tables import LAYOUTS, MOVED, ORDER
from .territories import flatten
from .to_three import describe_parties, down_to_3

Step = Callable[[Draft], None]

# Upward what is special comes after the moves, downward before: it is written in the
# words of the newer layout. 3.x is described in its own words both ways.
_UP: Final[dict[tuple[str, str], Step]] = {
    ("3", "4.1"): up_to_4_1,
    ("4.1", "4.2"): between.up_to_4_2,
    ("4.2", "4.3"): between.up_to_4_3,
    ("4.3", "4.3.2"): between.up_to_4_3_2,
}
_DOWN: Final[dict[tuple[str, str], Step]] = {
    ("3", "4.1"): down_to_3,
    ("4.1", "4.2"): between.down_to_4_1,
    ("4.2", "4.3"): between.down_to_4_2,
    ("4.3", "4.3.2"): between.down_to_4_3,
}


def rearrange(root: Draft, source: str, target: str) -> None:
    """Give *root*, of version *source*, the layout of version *target*."""
    start, end = ORDER.index(LAYOUTS[source]), ORDER.index(LAYOUTS[target])
    for place in range(start, end):
        pair = ORDER[place], ORDER[place + 1]
        if pair[0] == "3":
            _rearrange_3_up(root, pair)
        else:
            move_all(root, MOVED[pair], is_upward=True)
            _UP[pair](root)
    for place in range(start, end, -1):
        pair = ORDER[place - 1], ORDER[place]
        if pair[0] == "3":
            _rearrange_3_down(root, pair)
        else:
            _DOWN[pair](root)
            move_all(root, MOVED[pair], is_upward=False)


def _rearrange_3_up(root: Draft, pair: tuple[str, str]) -> None:
    # The moves name things by where they stand once details are not by territory.
    for part in [each for each in root.within() if each.parts]:
        flatten(part)
    move_all(root, MOVED[pair], is_upward=True)
    _UP[pair](root)


def _rearrange_3_down(root: Draft, pair: tuple[str, str]) -> None:
    describe_parties(root)
    move_all(root, MOVED[pair], is_upward=False)
    _DOWN[pair](root)
