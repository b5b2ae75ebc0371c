"""Field paths, and what they point at inside a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from .errors import invalid
from .messages import Document, Message

FieldPath: TypeAlias = tuple[str, ...]

# The pseudo-field that holds a document's own name.
NAME: FieldPath = ("__name__",)

_SEGMENT = re.compile(r"(?:^|(?!^)\.)(?:`((?:[^`\\]|\\.)+)`|([^.`]+))")
_ESCAPED = re.compile(r"\\(.)")


@lru_cache(maxsize=4096)
def parse_path(text: str) -> FieldPath:
    """Return the segments of a field path such as ``a.`b c`.d``.

    Raises:
        StatusError: INVALID_ARGUMENT where *text* is no field path.
    """
    segments, end = [], 0
    for match in _SEGMENT.finditer(text):
        if match.start() != end:
            break
        quoted, plain = match.groups()
        segments.append(plain if quoted is None else _ESCAPED.sub(r"\1", quoted))
        end = match.end()
    if end != len(text) or not segments:
        raise invalid(f'Invalid property path "{text}".')
    return tuple(segments)


def path_text(path: FieldPath) -> str:
    """Return *path* as the protocol writes it."""
    return ".".join(
        segment
        if re.fullmatch(r"[A-Za-z_][A-Za-z_0-9]*", segment)
        else "`" + re.sub(r"([`\\])", r"\\\1", segment) + "`"
        for segment in path
    )


def get_field(fields: Message, path: FieldPath) -> Message | None:
    """Return the value at *path* in the map *fields*, or None."""
    *parents, last = path
    for segment in parents:
        if segment not in fields:
            return None
        value = fields[segment]
        if value.WhichOneof("value_type") != "map_value":
            return None
        fields = value.map_value.fields
    return fields.get(last)


def put_field(fields: Message, path: FieldPath, value: Message) -> None:
    """Set the value at *path*, making the maps on the way."""
    *parents, last = path
    for segment in parents:
        fields = _as_map(fields[segment])
    fields[last].CopyFrom(value)


def remove_field(fields: Message, path: FieldPath) -> None:
    """Remove what is at *path*, if anything is."""
    *parents, last = path
    for segment in parents:
        if segment not in fields:
            return
        if fields[segment].WhichOneof("value_type") != "map_value":
            return
        fields = fields[segment].map_value.fields
    if last in fields:
        del fields[last]


def projected(document: Message, paths: Iterable[FieldPath]) -> Message:
    """Return *document* with the fields at *paths* alone."""
    result = Document(
        name=document.name,
        create_time=document.create_time,
        update_time=document.update_time,
    )
    for path in paths:
        value = get_field(document.fields, path)
        if value is not None:
            put_field(result.fields, path, value)
    return result


def _as_map(value: Message) -> Message:
    if value.WhichOneof("value_type") != "map_value":
        value.map_value.SetInParent()
    return value.map_value.fields
