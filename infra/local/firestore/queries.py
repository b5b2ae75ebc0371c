"""Structured queries: which documents, in which order, from where to where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from google.cloud.firestore_v1.types import StructuredQuery

from . import vectors
from .documents import Documents, Record, id_of, parent_of
from .errors import invalid
from .fields import NAME, FieldPath, parse_path, projected
from .filter_rules import check_filter
from .filters import compiled, inequality_fields
from .messages import Message
from .validation import check_parent
from .values import order_key, reversed_key

_DESCENDING = int(StructuredQuery.Direction.DESCENDING)
# Above everything that starts with the same bytes, see `values`.
_ABOVE = b"\xff"


class Order(NamedTuple):
    """One field that a result is sorted by."""

    path: FieldPath
    descending: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """The collection, or the collections, that a query looks at."""

    parent: str
    collection_id: str
    all_descendants: bool

    @property
    def collection(self) -> str:
        return f"{self.parent}/{self.collection_id}"

    def covers(self, name: str) -> bool:
        """Return whether the document *name* lies within."""
        collection = parent_of(name)
        if not self.all_descendants and self.collection_id:
            return collection == self.collection
        if self.collection_id and id_of(collection) != self.collection_id:
            return False
        if self.all_descendants:
            return collection.startswith(self.parent + "/")
        return parent_of(collection) == self.parent

    def records(self, documents: Documents) -> list[Record]:
        if self.all_descendants:
            return documents.below(self.parent, self.collection_id)
        if self.collection_id:
            return documents.in_collection(self.collection)
        found = documents.below(self.parent, "")
        return [record for record in found if self.covers(record.name)]


class Query:
    """One query, ready to run or to be watched."""

    def __init__(
        self, parent: str, structured: Message, required: Iterable[FieldPath] = ()
    ) -> None:
        """Compile *structured*, a StructuredQuery on the children of *parent*.

        A document that lacks one of the *required* fields is no match: aggregations
        run on an index over the fields that they aggregate.

        Raises:
            StatusError: INVALID_ARGUMENT for a query that the service would refuse.
        """
        check_parent(parent)
        if len(structured.from_) != 1:
            raise invalid("Exactly one collection selector is supported.")
        selector = structured.from_[0]
        self.structured = structured
        self.scope = Scope(parent, selector.collection_id, selector.all_descendants)
        self.orders = _orders(structured)
        self.offset = int(structured.offset)
        self.limit: int | None = None
        if structured.HasField("limit"):
            self.limit = int(structured.limit.value)
        if self.offset < 0 or (self.limit or 0) < 0:
            raise invalid("Offset and limit must not be negative.")
        self._required = tuple(required)
        self._test = None
        if structured.HasField("where"):
            check_filter(structured.where)
            self._test = compiled(structured.where)
        self._low, self._high = self._bounds()
        self._selected = _selected(structured)

    @property
    def is_nearest(self) -> bool:
        """Return whether the result is sorted by the distance of a vector."""
        return bool(self.structured.HasField("find_nearest"))

    @property
    def is_windowed(self) -> bool:
        """Return whether one document's change can move others in or out."""
        return self.limit is not None or self.offset > 0

    def position(self, record: Record) -> bytes | None:
        """Return where *record* stands in the order of the result.

        None where it does not belong there; offset and limit are not looked at.
        """
        if self._test is not None and not self._test(record):
            return None
        if self._required and None in map(record.key, self._required):
            return None
        key = self._sort_key(record)
        if key is None or key < self._low:
            return None
        if self._high is not None and key >= self._high:
            return None
        return key

    def run(self, documents: Documents) -> list[Record]:
        """Return the result, in order."""
        found = self.scope.records(documents)
        if self.is_nearest:
            kept = [record for record in found if self.position(record) is not None]
            return vectors.nearest(self.structured.find_nearest, kept)
        placed = [
            (key, record)
            for record in found
            if (key := self.position(record)) is not None
        ]
        placed.sort(key=lambda entry: entry[0])
        return [record for _, record in placed[self.visible]]

    @property
    def visible(self) -> slice:
        """Return which part of the sorted matches is the result."""
        end = None if self.limit is None else self.offset + self.limit
        return slice(self.offset, end)

    def told(self, record: Record) -> Message:
        """Return the document as the query's projection shows it."""
        document = record.document
        if self._selected is not None:
            document = projected(document, self._selected)
        if self.is_nearest:
            nearest = self.structured.find_nearest
            document = vectors.with_distance(nearest, record.document, document)
        return document

    def _sort_key(self, record: Record) -> bytes | None:
        parts = []
        for path, descending in self.orders:
            key = record.key(path)
            if key is None:
                return None
            parts.append(reversed_key(key) if descending else key)
        return b"".join(parts)

    def _bounds(self) -> tuple[bytes, bytes | None]:
        low, high = b"", None
        if self.structured.HasField("start_at"):
            cursor = self.structured.start_at
            low = self._prefix(cursor) + (b"" if cursor.before else _ABOVE)
        if self.structured.HasField("end_at"):
            cursor = self.structured.end_at
            high = self._prefix(cursor) + (b"" if cursor.before else _ABOVE)
        return low, high

    def _prefix(self, cursor: Message) -> bytes:
        if len(cursor.values) > len(self.orders):
            raise invalid("A cursor has more values than the query has orders.")
        return b"".join(
            reversed_key(order_key(value)) if order.descending else order_key(value)
            for value, order in zip(cursor.values, self.orders, strict=False)
        )


def _orders(structured: Message) -> list[Order]:
    """Return the orders given, then those that the service adds by itself."""
    orders = [
        Order(parse_path(order.field.field_path), order.direction == _DESCENDING)
        for order in structured.order_by
    ]
    descending = orders[-1].descending if orders else False
    named = {order.path for order in orders}
    if structured.HasField("where"):
        implied = inequality_fields(structured.where) - named
        orders += [Order(path, descending) for path in sorted(implied)]
    if NAME not in {order.path for order in orders}:
        orders.append(Order(NAME, descending))
    return orders


def _selected(structured: Message) -> list[FieldPath] | None:
    if not structured.HasField("select"):
        return None
    paths = [parse_path(field.field_path) for field in structured.select.fields]
    return [path for path in paths if path != NAME]
