"""Field transforms: values that the server computes while it writes."""

from __future__ import annotations

from collections.abc import Callable

from .errors import invalid
from .fields import get_field, parse_path, put_field
from .messages import Message, Value
from .values import is_number, number, order_key
from .versions import timestamp

_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**63 - 1
_NULL = Value(null_value=0)


def apply_transform(fields: Message, transform: Message, at_us: int) -> Message:
    """Apply one FieldTransform to *fields*; return its result for the client.

    Raises:
        StatusError: INVALID_ARGUMENT for a transform without a kind or a number.
    """
    path = parse_path(transform.field_path)
    kind = transform.WhichOneof("transform_type")
    current = get_field(fields, path)
    if kind == "set_to_server_value":
        stored = told = Value(timestamp_value=timestamp(at_us))
    elif kind in _NUMERIC:
        stored = told = _numeric(kind, current, getattr(transform, kind))
    elif kind in _ARRAYS:
        stored, told = _ARRAYS[kind](current, getattr(transform, kind).values), _NULL
    else:
        raise invalid("A field transform must say what to do.")
    put_field(fields, path, stored)
    return told


def add(one: Message, other: Message) -> Message:
    """Return the sum: an integer, kept within 64 bits, if both are; else a double."""
    kinds = {one.WhichOneof("value_type"), other.WhichOneof("value_type")}
    total = number(one) + number(other)
    if kinds == {"integer_value"}:
        return Value(integer_value=max(_MIN_INTEGER, min(_MAX_INTEGER, int(total))))
    return Value(double_value=total)


def _numeric(kind: str, current: Message | None, operand: Message) -> Message:
    if not is_number(operand):
        raise invalid(f"The operand of {kind} must be a number.")
    if not is_number(current):
        return operand
    return _NUMERIC[kind](current, operand)


def _greater(current: Message, operand: Message) -> Message:
    return operand if order_key(operand) > order_key(current) else current


def _smaller(current: Message, operand: Message) -> Message:
    return operand if order_key(operand) < order_key(current) else current


def _members(current: Message | None) -> list[Message]:
    if current is None or current.WhichOneof("value_type") != "array_value":
        return []
    return list(current.array_value.values)


def _united(current: Message | None, operands: list[Message]) -> Message:
    members = _members(current)
    seen = set(map(order_key, members))
    for operand in operands:
        key = order_key(operand)
        if key not in seen:
            seen.add(key)
            members.append(operand)
    return _array(members)


def _without(current: Message | None, operands: list[Message]) -> Message:
    dropped = set(map(order_key, operands))
    return _array([m for m in _members(current) if order_key(m) not in dropped])


def _array(members: list[Message]) -> Message:
    value = Value()
    value.array_value.SetInParent()
    value.array_value.values.extend(members)
    return value


_NUMERIC: dict[str, Callable[[Message, Message], Message]] = {
    "increment": add,
    "maximum": _greater,
    "minimum": _smaller,
}
_ARRAYS: dict[str, Callable[[Message | None, list[Message]], Message]] = {
    "append_missing_elements": _united,
    "remove_all_from_array": _without,
}
