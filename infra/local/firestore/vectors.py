"""Nearest neighbours: every vector is compared, as fits one machine's data."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

from google.cloud.firestore_v1.types import StructuredQuery

from .documents import Record
from .errors import invalid
from .fields import get_field, parse_path, put_field
from .messages import Document, Message, Value
from .values import vector

_Measure = StructuredQuery.FindNearest.DistanceMeasure
MAX_NEIGHBOURS = 1000


def nearest(request: Message, records: Sequence[Record]) -> list[Record]:
    """Return the *records* nearest to the query vector, best first.

    A threshold is a greatest distance, but a least dot product.

    Raises:
        StatusError: INVALID_ARGUMENT without a vector, or with a limit not in 1..1000.
    """
    limit = request.limit.value
    if not 0 < limit <= MAX_NEIGHBOURS:
        raise invalid(f"A nearest-neighbour limit is 1 to {MAX_NEIGHBOURS}.")
    sign = -1 if request.distance_measure == _Measure.DOT_PRODUCT else 1
    ranked = []
    for record in records:
        distance = _distance(request, record.document)
        if distance is None:
            continue
        if request.HasField("distance_threshold") and (
            sign * distance > sign * request.distance_threshold.value
        ):
            continue
        ranked.append((sign * distance, record.name, record))
    return [record for _, _, record in heapq.nsmallest(limit, ranked)]


def with_distance(request: Message, whole: Message, document: Message) -> Message:
    """Return *document* with its distance, if the request names a field for it.

    The distance is that of *whole*: of a projection the vector may be missing.
    """
    if not request.distance_result_field:
        return document
    distance = _distance(request, whole)
    shown = Document()
    shown.CopyFrom(document)
    if distance is not None:
        path = parse_path(request.distance_result_field)
        put_field(shown.fields, path, Value(double_value=distance))
    return shown


def _distance(request: Message, document: Message) -> float | None:
    wanted = vector(request.query_vector)
    if not wanted:
        raise invalid("A nearest-neighbour query needs a query vector.")
    path = parse_path(request.vector_field.field_path)
    found = vector(get_field(document.fields, path))
    if found is None or len(found) != len(wanted):
        return None
    if request.distance_measure == _Measure.EUCLIDEAN:
        return math.dist(found, wanted)
    dot = math.fsum(a * b for a, b in zip(found, wanted, strict=True))
    if request.distance_measure == _Measure.DOT_PRODUCT:
        return dot
    lengths = math.hypot(*found) * math.hypot(*wanted)
    return 1 - dot / lengths if lengths else None
