"""Values, documents, queries and databases, made for tests."""

import datetime as dt
import functools
import math
from collections.abc import Iterable

from google.cloud.firestore_v1 import _helpers
from google.cloud.firestore_v1 import types as proto
from hypothesis import strategies as st

from infra.local.firestore.messages import Document, Value, Write
from infra.local.firestore.queries import Query

ROOT = "projects/proj-local/databases/(default)/documents"
_OPERATORS = proto.StructuredQuery.FieldFilter.Operator
_DIRECTIONS = {"asc": 1, "desc": 2}


def value(native) -> Value:
    return proto.Value.pb(_helpers.encode_value(native))


def reference(name: str) -> Value:
    return Value(reference_value=name)


def geo(latitude: float, longitude: float) -> Value:
    return Value(geo_point_value={"latitude": latitude, "longitude": longitude})


def vector(members: Iterable[float]) -> Value:
    return value({"__type__": "__vector__", "value": [float(m) for m in members]})


def name(path: str) -> str:
    return f"{ROOT}/{path}"


def written(path: str, **fields) -> Write:
    """Return the write that sets the document at *path*."""
    return Write(update=document(path, **fields))


def deleted(path: str) -> Write:
    return Write(delete=name(path))


def document(path: str, **fields) -> Document:
    made = Document(name=name(path))
    for key, native in fields.items():
        message = native if isinstance(native, Value) else value(native)
        made.fields[key].CopyFrom(message)
    return made


def field_filter(field: str, op: str, native) -> dict:
    operand = native if isinstance(native, Value) else value(native)
    return {
        "field_filter": {
            "field": {"field_path": field},
            "op": int(_OPERATORS[op]),
            "value": operand,
        }
    }


def composite(op: str, *filters: dict) -> dict:
    return {"composite_filter": {"op": {"AND": 1, "OR": 2}[op], "filters": filters}}


def structured(collection: str, *, group=False, where=None, orders=(), **rest):
    """Return a StructuredQuery; *orders* are pairs such as ``("a", "desc")``."""
    message = proto.StructuredQuery.pb()(
        from_=[{"collection_id": collection, "all_descendants": group}],
        order_by=[
            {"field": {"field_path": field}, "direction": _DIRECTIONS[direction]}
            for field, direction in orders
        ],
        **rest,
    )
    if where is not None:
        message.where.CopyFrom(proto.StructuredQuery.Filter.pb()(**where))
    return message


def query(collection: str, parent: str = ROOT, **rest) -> Query:
    return Query(parent, structured(collection, **rest))


def ids(records) -> list[str]:
    return [record.name.rpartition("/")[2] for record in records]


# Few, and near one another, so that equal and almost equal values meet often.
_NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**53 + 1, 2**63 - 1, -(2**63), 2.0**53, 2.0**63]),
    st.sampled_from([0.0, -0.0, 0.5, -0.5, 1.0, math.inf, -math.inf, math.nan]),
)
_TEXTS = st.text(alphabet="a\x00\x01Äz\uffff🎵", max_size=3)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    _NUMBERS,
    st.integers(-(10**15), 2 * 10**15).map(
        lambda us: dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=us)
    ),
    _TEXTS,
    st.binary(max_size=3),
).map(value)
_SMALL = st.sampled_from([-1.5, 0.0, 2.0])
_OTHERS = st.one_of(
    st.builds(geo, _SMALL, _SMALL),
    st.lists(_SMALL, max_size=3).map(vector),
    st.sampled_from(["c/a", "c/a/d/b", "c/b", "ca/b"]).map(name).map(reference),
)


def _array(members) -> Value:
    made = Value()
    made.array_value.SetInParent()
    made.array_value.values.extend(members)
    return made


def _map(members) -> Value:
    made = Value()
    made.map_value.SetInParent()
    for key, member in members.items():
        made.map_value.fields[key].CopyFrom(member)
    return made


VALUES = st.recursive(
    SCALARS | _OTHERS,
    lambda inner: (
        st.lists(inner, max_size=3).map(_array)
        | st.dictionaries(st.sampled_from(["a", "b", "a\x00", "Ä"]), inner).map(_map)
    ),
    max_leaves=5,
)


def compared(one: Value, other: Value) -> int:
    """Compare two values the slow way: below 0, 0, or above 0, as documented."""
    ranks = _rank(one), _rank(other)
    if ranks[0] != ranks[1]:
        return _sign(*ranks)
    compare = _WITHIN.get(ranks[0])
    return compare(one, other) if compare else 0


_KINDS = [
    "null_value",
    "boolean_value",
    "nan",
    "number",
    "timestamp_value",
    "string_value",
    "bytes_value",
    "reference_value",
    "geo_point_value",
    "array_value",
    "vector",
    "map_value",
]


def _rank(message: Value) -> int:
    kind = message.WhichOneof("value_type")
    if kind == "double_value" and math.isnan(message.double_value):
        kind = "nan"
    elif kind in {"integer_value", "double_value"}:
        kind = "number"
    elif kind == "map_value" and "__type__" in message.map_value.fields:
        kind = "vector"
    return _KINDS.index(kind)


def _sign(one, other) -> int:
    return (one > other) - (one < other)


def _by(part):
    return lambda one, other: _sign(part(one), part(other))


def _number(message: Value) -> int | float:
    return getattr(message, message.WhichOneof("value_type"))


def _listed(ones, others) -> int:
    for one, other in zip(ones, others, strict=False):
        if result := compared(one, other):
            return result
    return _sign(len(ones), len(others))


def _members(message: Value):
    return message.map_value.fields["value"].array_value.values


def _vectors(one: Value, other: Value) -> int:
    sizes = len(_members(one)), len(_members(other))
    return _sign(*sizes) or _listed(_members(one), _members(other))


def _pairs(message: Value) -> list[Value]:
    fields = message.map_value.fields
    ordered = sorted(fields, key=str.encode)
    return [part for key in ordered for part in (value(key), fields[key])]


_WITHIN = {
    _KINDS.index(kind): compare
    for kind, compare in {
        "boolean_value": _by(lambda v: v.boolean_value),
        "number": _by(_number),
        "timestamp_value": _by(
            lambda v: (v.timestamp_value.seconds, v.timestamp_value.nanos)
        ),
        "string_value": _by(lambda v: v.string_value.encode()),
        "bytes_value": _by(lambda v: v.bytes_value),
        "reference_value": _by(lambda v: v.reference_value.split("/")),
        "geo_point_value": _by(
            lambda v: (v.geo_point_value.latitude, v.geo_point_value.longitude)
        ),
        "array_value": lambda one, other: _listed(
            one.array_value.values, other.array_value.values
        ),
        "vector": _vectors,
        "map_value": lambda one, other: _listed(_pairs(one), _pairs(other)),
    }.items()
}

slow_key = functools.cmp_to_key(compared)
