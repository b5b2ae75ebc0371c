"""Filters of queries, compiled once into tests of records.

Source: google.firestore.v1.StructuredQuery. A field that is absent matches nothing;
null matches neither inequalities, nor `!=`, nor `not-in`; inequalities compare values
of one type only. Where the documentation is silent, Google's own emulator was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from google.cloud.firestore_v1.types import StructuredQuery

from .documents import Record
from .errors import invalid
from .fields import FieldPath, parse_path
from .messages import Message
from .validation import MAX_DISJUNCTS, MAX_NOT_IN
from .values import NAN_KEY, NULL_KEY, order_key, same_type

Test: TypeAlias = Callable[[Record], bool]

_Op = StructuredQuery.FieldFilter.Operator
_Unary = StructuredQuery.UnaryFilter.Operator
_OR = StructuredQuery.CompositeFilter.Operator.OR

_ORDERED: dict[int, Callable[[bytes, bytes], bool]] = {
    int(_Op.LESS_THAN): lambda found, wanted: found < wanted,
    int(_Op.LESS_THAN_OR_EQUAL): lambda found, wanted: found <= wanted,
    int(_Op.GREATER_THAN): lambda found, wanted: found > wanted,
    int(_Op.GREATER_THAN_OR_EQUAL): lambda found, wanted: found >= wanted,
}
_INEQUALITIES = {*_ORDERED, int(_Op.NOT_EQUAL), int(_Op.NOT_IN)}
_NEGATED_UNARY = {int(_Unary.IS_NOT_NAN), int(_Unary.IS_NOT_NULL)}


def compiled(filter_: Message) -> Test:
    """Return a test of whether a record satisfies *filter_*.

    Raises:
        StatusError: INVALID_ARGUMENT for operators or operands that do not exist.
    """
    kind = filter_.WhichOneof("filter_type")
    if kind == "composite_filter":
        return _composite(filter_.composite_filter)
    if kind == "unary_filter":
        return _unary(filter_.unary_filter)
    if kind == "field_filter":
        return _field(filter_.field_filter)
    raise invalid("A filter must have a kind.")


def inequality_fields(filter_: Message) -> set[FieldPath]:
    """Return the fields that *filter_* compares by more than equality."""
    kind = filter_.WhichOneof("filter_type")
    if kind == "composite_filter":
        parts = map(inequality_fields, filter_.composite_filter.filters)
        return set().union(*parts)
    part = getattr(filter_, kind)
    ordering = _NEGATED_UNARY if kind == "unary_filter" else _INEQUALITIES
    return {parse_path(part.field.field_path)} if part.op in ordering else set()


def _composite(composite: Message) -> Test:
    parts = [compiled(part) for part in composite.filters]
    if composite.op == _OR:
        return lambda record: any(part(record) for part in parts)
    return lambda record: all(part(record) for part in parts)


def _unary(unary: Message) -> Test:
    path = parse_path(unary.field.field_path)
    if unary.op == _Unary.IS_NULL:
        return lambda record: record.key(path) == NULL_KEY
    if unary.op == _Unary.IS_NAN:
        return lambda record: record.key(path) == NAN_KEY
    if unary.op == _Unary.IS_NOT_NULL:
        return lambda record: record.key(path) not in {None, NULL_KEY}
    if unary.op == _Unary.IS_NOT_NAN:
        return lambda record: record.key(path) not in {None, NULL_KEY, NAN_KEY}
    raise invalid("Unknown unary operator.")


def _field(part: Message) -> Test:
    path = parse_path(part.field.field_path)
    if part.op in _ORDERED:
        return _compared(path, part.op, order_key(part.value))
    if part.op in {_Op.EQUAL, _Op.NOT_EQUAL, _Op.ARRAY_CONTAINS}:
        return _single(path, part.op, order_key(part.value))
    most = MAX_NOT_IN if part.op == _Op.NOT_IN else MAX_DISJUNCTS
    members = part.value.array_value.values
    if not 0 < len(members) <= most:
        raise invalid(f"A filter by a list takes 1 to {most} values.")
    return _listed(path, part.op, frozenset(map(order_key, members)))


def _compared(path: FieldPath, op: int, wanted: bytes) -> Test:
    holds = _ORDERED[op]

    def test(record: Record) -> bool:
        found = record.key(path)
        return found is not None and same_type(found, wanted) and holds(found, wanted)

    return test


def _single(path: FieldPath, op: int, wanted: bytes) -> Test:
    if op == _Op.EQUAL:
        return lambda record: record.key(path) == wanted
    if op == _Op.NOT_EQUAL:
        return lambda record: record.key(path) not in {None, NULL_KEY, wanted}
    return lambda record: wanted in record.elements(path)


def _listed(path: FieldPath, op: int, wanted: frozenset[bytes]) -> Test:
    # A member equals; and null and NaN equal nothing, not even themselves.
    comparable = wanted - {NULL_KEY, NAN_KEY}
    if op == _Op.IN:
        return lambda record: record.key(path) in comparable
    if op == _Op.NOT_IN:
        refused = comparable | {None, NULL_KEY}
        if NULL_KEY in wanted:
            return lambda _: False
        return lambda record: record.key(path) not in refused
    if op == _Op.ARRAY_CONTAINS_ANY:
        return lambda record: not comparable.isdisjoint(record.elements(path))
    raise invalid("Unknown field operator.")
