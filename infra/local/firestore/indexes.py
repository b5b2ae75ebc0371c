"""Which indexes the cloud would ask for, recorded as queries run.

In the cloud a query that no index serves fails. Here it runs, and the index is listed
in the words of a Terraform `google_firestore_index` (collection, query scope, fields),
or of a `google_firestore_field` where one field of a collection group is enough.

Source: Firestore, "Index types" and "Queries supported by composite indexes". Single
fields are indexed in both directions and for array membership, for one collection;
equalities and memberships alone are served by merging those; everything else, each
disjunct by itself, needs a composite index: equalities first, then the orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from google.cloud.firestore_v1.types import StructuredQuery

from .fields import NAME, FieldPath, parse_path, path_text
from .filter_rules import disjuncts
from .messages import Message
from .queries import Query
from .values import vector

_Op = StructuredQuery.FieldFilter.Operator
_Unary = StructuredQuery.UnaryFilter.Operator
_EQUALITIES = {int(_Op.EQUAL), int(_Op.IN)}
_MEMBERSHIPS = {int(_Op.ARRAY_CONTAINS), int(_Op.ARRAY_CONTAINS_ANY)}
_UNARY_EQUALITIES = {int(_Unary.IS_NULL), int(_Unary.IS_NAN)}


@dataclass(frozen=True, slots=True, order=True)
class IndexField:
    """One field of an index; exactly one of the modes is set."""

    field_path: str
    order: str = ""
    array_config: str = ""
    vector_dimension: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Index:
    """An index that the cloud would need."""

    collection: str
    query_scope: str
    fields: tuple[IndexField, ...]

    @property
    def kind(self) -> str:
        """Return ``"composite"``, or ``"field"`` for a single field's own setting."""
        return "composite" if len(self.fields) > 1 else "field"


class IndexAdvice:
    """The indexes that the queries so far would have needed, and how often."""

    def __init__(self) -> None:
        self._uses: dict[Index, int] = {}

    def note(self, query: Query, aggregated: Iterable[FieldPath] = ()) -> None:
        """Record what *query* needs, with the fields that it sums or averages."""
        for index in needed(query, aggregated):
            self._uses[index] = self._uses.get(index, 0) + 1

    def clear(self) -> None:
        self._uses.clear()

    def listed(self) -> list[dict[str, object]]:
        """Return the recorded indexes, in order, as JSON."""
        return [
            {
                "kind": index.kind,
                "collection": index.collection,
                "query_scope": index.query_scope,
                "fields": [_told(field) for field in index.fields],
                "uses": self._uses[index],
            }
            for index in sorted(self._uses)
        ]


def needed(query: Query, aggregated: Iterable[FieldPath] = ()) -> set[Index]:
    """Return the indexes without which the cloud would refuse *query*."""
    scope = query.scope
    if not scope.collection_id:
        return set()
    extra = [path for path in dict.fromkeys(aggregated) if path != NAME]
    tails = [*_order_fields(query, extra), *_vector_fields(query)]
    return {
        Index(scope.collection_id, _query_scope(query), fields)
        for conjunction in _conjunctions(query.structured)
        if (fields := _index_fields(query, conjunction, tails))
    }


def _index_fields(
    query: Query, conjunction: tuple[Message, ...], tails: list[IndexField]
) -> tuple[IndexField, ...]:
    heads = {field for part in conjunction for field in _equality_fields(part)}
    # What equals one value has no order to be sorted by.
    equal = {field.field_path for field in heads if field.order}
    tails = [field for field in tails if field.field_path not in equal]
    if not tails and query.scope.all_descendants and len(heads) == 1:
        return tuple(heads)
    needs_composite = len(tails) > 1 or bool(tails and heads)
    is_lonely = bool(tails) and (
        query.scope.all_descendants or bool(tails[0].vector_dimension)
    )
    return (*sorted(heads), *tails) if needs_composite or is_lonely else ()


def _equality_fields(part: Message) -> Iterator[IndexField]:
    kind = part.WhichOneof("filter_type")
    filter_ = getattr(part, kind)
    path = filter_.field.field_path
    equal = _UNARY_EQUALITIES if kind == "unary_filter" else _EQUALITIES
    if parse_path(path) == NAME:
        return
    if filter_.op in equal:
        yield IndexField(path, order="ASCENDING")
    elif kind == "field_filter" and filter_.op in _MEMBERSHIPS:
        yield IndexField(path, array_config="CONTAINS")


def _order_fields(query: Query, extra: list[FieldPath]) -> list[IndexField]:
    fields = [
        IndexField(
            path_text(order.path), "DESCENDING" if order.descending else "ASCENDING"
        )
        for order in query.orders
        if order.path != NAME
    ]
    named = {field.field_path for field in fields}
    added = [IndexField(path_text(path), order="ASCENDING") for path in extra]
    return fields + [field for field in added if field.field_path not in named]


def _vector_fields(query: Query) -> list[IndexField]:
    if not query.is_nearest:
        return []
    nearest = query.structured.find_nearest
    size = len(vector(nearest.query_vector) or ())
    return [IndexField(nearest.vector_field.field_path, vector_dimension=size)]


def _conjunctions(structured: Message) -> Iterator[tuple[Message, ...]]:
    if structured.HasField("where"):
        yield from disjuncts(structured.where)
    else:
        yield ()


def _query_scope(query: Query) -> str:
    return "COLLECTION_GROUP" if query.scope.all_descendants else "COLLECTION"


def _told(field: IndexField) -> dict[str, object]:
    return {name: value for name, value in asdict(field).items() if value}
