"""Count, sum and average over the result of a query."""

from __future__ import annotations

from collections.abc import Sequence

from .documents import Record
from .errors import invalid
from .fields import FieldPath, get_field, parse_path
from .messages import Message, Value
from .values import is_number, number

MAX_AGGREGATIONS = 5


def aggregated(
    aggregations: Sequence[Message], records: Sequence[Record]
) -> dict[str, Message]:
    """Return the value of each aggregation over *records*, by its alias.

    Sum and average pass over values that are no numbers; the sum of none is 0, the
    average of none is null.

    Raises:
        StatusError: INVALID_ARGUMENT for none, more than five, or unknown ones.
    """
    if not 0 < len(aggregations) <= MAX_AGGREGATIONS:
        raise invalid(f"A query takes 1 to {MAX_AGGREGATIONS} aggregations.")
    return {
        aggregation.alias or f"field_{index}": _value(aggregation, records)
        for index, aggregation in enumerate(aggregations, start=1)
    }


def aggregated_fields(aggregations: Sequence[Message]) -> list[FieldPath]:
    """Return the fields that *aggregations* sum or average."""
    return [
        parse_path(getattr(aggregation, operator).field.field_path)
        for aggregation in aggregations
        if (operator := aggregation.WhichOneof("operator")) in {"sum", "avg"}
    ]


def _value(aggregation: Message, records: Sequence[Record]) -> Message:
    operator = aggregation.WhichOneof("operator")
    if operator == "count":
        return Value(integer_value=_count(aggregation.count, len(records)))
    if operator == "sum":
        return _sum(_numbers(aggregation.sum.field.field_path, records))
    if operator == "avg":
        return _average(_numbers(aggregation.avg.field.field_path, records))
    raise invalid("An aggregation must have an operator.")


def _count(count: Message, found: int) -> int:
    return min(found, count.up_to.value) if count.HasField("up_to") else found


def _numbers(field_path: str, records: Sequence[Record]) -> list[Message]:
    path = parse_path(field_path)
    values = (get_field(record.document.fields, path) for record in records)
    return [value for value in values if is_number(value)]


def _sum(values: Sequence[Message]) -> Message:
    total = sum(map(number, values))
    # Integers that outgrow 64 bits become a double; nothing wraps or stops short.
    if isinstance(total, int) and -(2**63) <= total < 2**63:
        return Value(integer_value=total)
    return Value(double_value=total)


def _average(values: Sequence[Message]) -> Message:
    if not values:
        return Value(null_value=0)
    return Value(double_value=number(_sum(values)) / len(values))
