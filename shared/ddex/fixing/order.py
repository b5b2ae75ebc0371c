"""Children in the order that their parent's type gives them."""

from __future__ import annotations

from shared.ddex.nodes import Node
from shared.ddex.schema.particles import Element, Group, elements_of


def in_due_order(children: list[Node], content: Group) -> list[Node]:
    """Return *children* as the schema orders them; as they are where it cannot tell.

    Children of one name keep their order among themselves.
    """
    places: dict[str, int] = {}
    for place, element in enumerate(elements_of(content)):
        if places.setdefault(element.name, place) != place:
            return children
    names = {str(child.tag) for child in children}
    if _repeats(content) or not names <= places.keys():
        return children
    return sorted(children, key=lambda child: places[str(child.tag)])


def _repeats(group: Group) -> bool:
    """Tell whether parts of *group* may come round again, in an order of their own."""
    return any(
        part.occurs.is_many or _repeats(part)
        for part in group.parts
        if not isinstance(part, Element)
    )


def put(element: Node, children: list[Node]) -> None:
    """Give *element* its *children* in this order, each with its place's space."""
    tails = [child.tail for child in element.iterchildren("*")]
    for child, tail in zip(children, tails, strict=True):
        element.append(child)
        child.tail = tail
