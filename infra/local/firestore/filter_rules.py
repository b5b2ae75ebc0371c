"""What the service refuses in a filter, though it would mean something.

Source: Firestore, "Query limitations"; the words are those of the service.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from google.cloud.firestore_v1.types import StructuredQuery

from .errors import invalid
from .messages import Message
from .validation import MAX_DISJUNCTS

_Op = StructuredQuery.FieldFilter.Operator
_Unary = StructuredQuery.UnaryFilter.Operator
_OR = StructuredQuery.CompositeFilter.Operator.OR
_LISTS = {int(_Op.IN), int(_Op.ARRAY_CONTAINS_ANY)}
_MEMBERSHIPS = {int(_Op.ARRAY_CONTAINS), int(_Op.ARRAY_CONTAINS_ANY)}
_NEGATIONS = {int(_Op.NOT_EQUAL), int(_Op.NOT_IN)}
_UNARY_NEGATIONS = {int(_Unary.IS_NOT_NAN), int(_Unary.IS_NOT_NULL)}


def check_filter(filter_: Message) -> None:
    """Raise INVALID_ARGUMENT where the service would refuse *filter_*."""
    leaves = list(_leaves(filter_))
    if _disjunct_count(filter_) > MAX_DISJUNCTS:
        raise invalid(
            f"The query has more than {MAX_DISJUNCTS} disjunctions in its "
            "disjunctive normal form."
        )
    if sum(map(_is_negation, leaves)) > 1:
        raise invalid(
            "Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN', or 'IS_NOT_NULL' "
            "filter allowed per query."
        )
    ops = {leaf.field_filter.op for leaf in leaves}
    if _Op.NOT_IN in ops and (ops & _LISTS or _has_or(filter_)):
        raise invalid(
            "'NOT_IN' cannot be used in the same query with 'IN', "
            "'ARRAY_CONTAINS_ANY' or 'OR'."
        )
    for conjunction in disjuncts(filter_):
        if sum(leaf.field_filter.op in _MEMBERSHIPS for leaf in conjunction) > 1:
            raise invalid(
                "A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction."
            )


def disjuncts(filter_: Message) -> Iterator[tuple[Message, ...]]:
    """Yield the conjunctions, any of which satisfies *filter_*; lists stay whole."""
    if filter_.WhichOneof("filter_type") != "composite_filter":
        yield (filter_,)
        return
    parts = filter_.composite_filter.filters
    if filter_.composite_filter.op == _OR:
        for part in parts:
            yield from disjuncts(part)
        return
    for chosen in product(*(list(disjuncts(part)) for part in parts)):
        yield tuple(leaf for leaves in chosen for leaf in leaves)


def _leaves(filter_: Message) -> Iterator[Message]:
    if filter_.WhichOneof("filter_type") != "composite_filter":
        yield filter_
        return
    for part in filter_.composite_filter.filters:
        yield from _leaves(part)


def _has_or(filter_: Message) -> bool:
    composite = filter_.composite_filter
    return composite.op == _OR or any(map(_has_or, composite.filters))


def _disjunct_count(filter_: Message) -> int:
    """Return how many disjuncts there are, with each list as one per member."""
    if filter_.WhichOneof("filter_type") != "composite_filter":
        is_list = filter_.field_filter.op in _LISTS
        members = filter_.field_filter.value.array_value.values
        return len(members) if is_list else 1
    counts = map(_disjunct_count, filter_.composite_filter.filters)
    if filter_.composite_filter.op == _OR:
        return sum(counts)
    total = 1
    for count in counts:
        total *= count
    return total


def _is_negation(leaf: Message) -> bool:
    if leaf.WhichOneof("filter_type") == "unary_filter":
        return leaf.unary_filter.op in _UNARY_NEGATIONS
    return leaf.field_filter.op in _NEGATIONS
