"""Carries out the table of moved elements, up to a newer layout or down to an older."""

from __future__ import annotations

from collections.abc import Iterator

from .drafts import Draft
from .tables import Moved


def move_all(root: Draft, moves: tuple[Moved, ...], *, is_upward: bool) -> None:
    """Move what *moves* lists: upward from the older place to the newer, or back."""
    for move in moves if is_upward else reversed(moves):
        if move.is_only_upward and not is_upward:
            continue
        where = tuple(move.where.split("/"))
        source, target = move.older, move.newer
        if not is_upward:
            source, target = target, source
        for element in [
            each for each, path in _walked(root) if path[-len(where) :] == where
        ]:
            if not (move.is_only_upward and element.first(target)):
                _move(element, source.split("/"), target.split("/"))


def _walked(
    draft: Draft, above: tuple[str, ...] = ()
) -> Iterator[tuple[Draft, tuple[str, ...]]]:
    path = (*above, draft.name)
    yield draft, path
    for part in draft.parts:
        yield from _walked(part, path)


def _move(element: Draft, source: list[str], target: list[str]) -> None:
    if len(source) == len(target) and source[:-1] == target[:-1]:
        for part in _found(element, source):
            part.name = target[-1]
        return
    for part in _taken(element, source):
        part.name = target[-1]
        _holder(element, target[:-1]).parts.append(part)


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


def _holder(element: Draft, path: list[str]) -> Draft:
    for name in path:
        element = element.first(name) or element.add(name)
    return element
