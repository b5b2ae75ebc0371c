"""Carries out the table of moved elements, up to a newer layout or down to an older."""

from __future__ import annotations

from collections import defaultdict

from .drafts import Draft
from .tables import Moved


def move_all(root: Draft, moves: tuple[Moved, ...], *, is_upward: bool) -> None:
    """Move what *moves* lists: upward from the older place to the newer, or back."""
    mover = _Mover(root)
    for move in moves if is_upward else reversed(moves):
        if is_upward:
            mover.move(
                move.where, move.older, move.newer, gives_way=move.is_only_upward
            )
        elif not move.is_only_upward:
            mover.move(move.where, move.newer, move.older)


class _Mover:
    """Moves elements, and knows where those of each name are."""

    def __init__(self, root: Draft) -> None:
        self._named: defaultdict[str, list[Draft]] = defaultdict(list)
        for draft in root.within():
            self._named[draft.name].append(draft)

    def move(
        self, where: str, source: str, target: str, *, gives_way: bool = False
    ) -> None:
        first, *rest = where.split("/")
        holders = [draft for draft in self._named[first] if draft.name == first]
        for name in rest:
            holders = [part for holder in holders for part in holder.all(name)]
        for holder in holders:
            if not (gives_way and holder.first(target)):
                self._move(holder, source.split("/"), target.split("/"))

    def _move(self, element: Draft, source: list[str], target: list[str]) -> None:
        is_renamed = len(source) == len(target) and source[:-1] == target[:-1]
        for part in (_found if is_renamed else _taken)(element, source):
            part.name = target[-1]
            self._named[part.name].append(part)
            if not is_renamed:
                self._holder(element, target[:-1]).parts.append(part)

    def _holder(self, element: Draft, path: list[str]) -> Draft:
        for name in path:
            inner = element.first(name)
            if inner is None:
                inner = element.add(name)
                self._named[name].append(inner)
            element = inner
        return element


def _found(element: Draft, path: list[str]) -> list[Draft]:
    found = element.all(path[0])
    if len(path) == 1:
        return found
    return [inner for part in found for inner in _found(part, path[1:])]


def _taken(element: Draft, path: list[str]) -> list[Draft]:
    if len(path) == 1:
        return element.take(path[0])
    taken = []
    for holder in element.all(path[0]):
        inner = _taken(holder, path[1:])
        taken += inner
        if inner and not (holder.parts or holder.attributes or holder.text.strip()):
            element.parts.remove(holder)
    return taken
