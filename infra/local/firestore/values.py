r"""Firestore's total order over values, as bytes that compare like the values.

Order of types: null, boolean, NaN, number, timestamp, string, bytes, reference, geo
point, array, vector, map; the order within a type is that of Firestore's "Supported
data types", "Value type ordering". Encoded, a sort key over several fields is a
concatenation, a descending field is its complement, a cursor is a prefix, and sorting
and bisecting run at the speed of `bytes`.

Every encoding ends itself: none is a prefix of another. No first byte is below
`_FIRST_TAG`, so that 0x01 can end a sequence and 0x02 announce its next member; nor
does the complement of a first byte reach 0xFF, so that `prefix + b"\xff"` is above
whatever starts with that prefix.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from .messages import Message

_FIRST_TAG = 0x05
(
    _NULL,
    _BOOLEAN,
    _NAN,
    _NUMBER,
    _TIMESTAMP,
    _STRING,
    _BYTES,
    _REFERENCE,
    _GEO_POINT,
    _ARRAY,
    _VECTOR,
    _MAP,
) = (bytes([tag]) for tag in range(_FIRST_TAG, _FIRST_TAG + 12))

NULL_KEY = _NULL
NAN_KEY = _NAN

_SIGN = 1 << 63
_ALL_BITS = (1 << 64) - 1
_END = b"\x01"
_NEXT = b"\x02"
_COMPLEMENT = bytes(255 - byte for byte in range(256))

# A vector is stored as a map of these two fields.
_VECTOR_TYPE, _VECTOR_FIELD, _VECTOR_MARK = "__type__", "value", "__vector__"


def order_key(value: Message) -> bytes:
    """Return bytes that compare with other values' keys as Firestore compares values.

    Values that Firestore holds equal, such as 1 and 1.0, have equal keys.
    """
    return _ENCODERS[value.WhichOneof("value_type") or "null_value"](value)


def reference_key(name: str) -> bytes:
    """Return the order key of a reference to the document *name*."""
    segments = (_NEXT + _terminated(segment.encode()) for segment in name.split("/"))
    return _REFERENCE + b"".join(segments) + _END


def reversed_key(key: bytes) -> bytes:
    """Return *key* so that it sorts in descending order."""
    return key.translate(_COMPLEMENT)


def same_type(one: bytes, other: bytes) -> bool:
    """Return whether two order keys are of values of one type."""
    return one[0] == other[0]


def is_number(value: Message | None) -> bool:
    return value is not None and value.WhichOneof("value_type") in {
        "integer_value",
        "double_value",
    }


def number(value: Message) -> int | float:
    """Return the integer or the double in *value*."""
    if value.WhichOneof("value_type") == "integer_value":
        return int(value.integer_value)
    return float(value.double_value)


def vector(value: Message | None) -> list[float] | None:
    """Return the components if *value* is a vector embedding."""
    if value is None or not _is_vector(value):
        return None
    members = value.map_value.fields[_VECTOR_FIELD].array_value.values
    return [float(number(member)) for member in members]


def _is_vector(value: Message) -> bool:
    if value.WhichOneof("value_type") != "map_value":
        return False
    fields = value.map_value.fields
    return (
        _VECTOR_TYPE in fields
        and fields[_VECTOR_TYPE].string_value == _VECTOR_MARK
        and _VECTOR_FIELD in fields
    )


def _terminated(text: bytes) -> bytes:
    # A zero byte becomes 00 FF, and 00 01 ends: below every continuation.
    return text.replace(b"\x00", b"\x00\xff") + b"\x00\x01"


def _double_bits(value: float) -> bytes:
    # Adding zero makes -0.0 and 0.0 one.
    (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
    return int(bits ^ (_ALL_BITS if bits & _SIGN else _SIGN)).to_bytes(8, "big")


def _integer(value: Message) -> bytes:
    # The nearest double, then what it misses by: integers beyond 2^53 stay exact, and
    # sort among doubles by their true size.
    exact = value.integer_value
    near = float(exact)
    missed = exact - int(near) + 0x8000
    return _NUMBER + _double_bits(near) + int(missed).to_bytes(2, "big")


def _double(value: Message) -> bytes:
    if math.isnan(value.double_value):
        return _NAN
    return _NUMBER + _double_bits(value.double_value) + b"\x80\x00"


def _timestamp(value: Message) -> bytes:
    moment = value.timestamp_value
    seconds = (moment.seconds + _SIGN).to_bytes(8, "big")
    return _TIMESTAMP + bytes(seconds) + int(moment.nanos).to_bytes(4, "big")


def _geo_point(value: Message) -> bytes:
    point = value.geo_point_value
    return _GEO_POINT + _double_bits(point.latitude) + _double_bits(point.longitude)


def _array(value: Message) -> bytes:
    members = b"".join(map(order_key, value.array_value.values))
    return _ARRAY + members + _END


def _map(value: Message) -> bytes:
    if _is_vector(value):
        return _vector(value)
    fields = value.map_value.fields
    members = b"".join(
        _NEXT + _terminated(name) + order_key(fields[name.decode()])
        for name in sorted(name.encode() for name in fields)
    )
    return _MAP + members + _END


def _vector(value: Message) -> bytes:
    members = value.map_value.fields[_VECTOR_FIELD].array_value.values
    size = len(members).to_bytes(4, "big")
    return _VECTOR + size + b"".join(map(order_key, members)) + _END


_ENCODERS: dict[str, Callable[[Message], bytes]] = {
    "null_value": lambda _: _NULL,
    "boolean_value": lambda v: _BOOLEAN + (b"\x01" if v.boolean_value else b"\x00"),
    "integer_value": _integer,
    "double_value": _double,
    "timestamp_value": _timestamp,
    "string_value": lambda v: _STRING + _terminated(v.string_value.encode()),
    "bytes_value": lambda v: _BYTES + _terminated(v.bytes_value),
    "reference_value": lambda v: reference_key(v.reference_value),
    "geo_point_value": _geo_point,
    "array_value": _array,
    "map_value": _map,
}
