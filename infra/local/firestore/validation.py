"""Firestore's limits, so that what is refused in the cloud is refused here.

Source: Firestore, "Usage and limits" and "Supported data types".
"""

from __future__ import annotations

import re

from .errors import StatusError, invalid
from .messages import Message

MAX_DOCUMENT_BYTES = 1_048_576
MAX_ID_BYTES = 1500
MAX_DEPTH = 20
MAX_WRITES = 10_000
MAX_DISJUNCTS = 30
MAX_NOT_IN = 10

_RESERVED = re.compile(r"__.*__")
# The type mark of vectors, the only reserved field name that a client may write.
_TYPE_MARK = "__type__"
# No name of so many characters has more bytes than are allowed.
_SURELY_SHORT = MAX_ID_BYTES // 4
_SUSPICIOUS = {"", "_"}
_DEEP = {"timestamp_value", "map_value", "array_value"}
_ROOT = re.compile(r"projects/[^/]+/databases/[^/]+/documents")


def check_document_name(name: str) -> None:
    """Raise INVALID_ARGUMENT unless *name* is the name of a document."""
    segments = _segments_below_root(name)
    if not segments or len(segments) % 2:
        raise invalid(f'Document name "{name}" is not a path to a document.')
    for segment in segments:
        _check_id(segment)


def check_parent(name: str) -> None:
    """Raise INVALID_ARGUMENT unless *name* is a document or the database's root."""
    if len(_segments_below_root(name)) % 2:
        raise invalid(f'Parent "{name}" is neither a document nor the root.')


def check_document(document: Message) -> None:
    """Raise INVALID_ARGUMENT where *document* breaks a limit of the service.

    Cuts timestamps to microseconds, as the service stores them.
    """
    _check_map(document.fields, 1)
    if document.ByteSize() > MAX_DOCUMENT_BYTES:
        raise invalid(
            f"Document '{document.name}' cannot be written because its size "
            f"exceeds the maximum allowed size of {MAX_DOCUMENT_BYTES:,} bytes."
        )


def _segments_below_root(name: str) -> list[str]:
    root = _ROOT.match(name)
    rest = name[root.end() :] if root else name
    if root is None or (rest and not rest.startswith("/")):
        raise invalid(f'Name "{name}" lacks "/documents" of a database.')
    return rest[1:].split("/") if rest else []


def _check_id(segment: str) -> None:
    if not segment or segment in {".", ".."} or _RESERVED.fullmatch(segment):
        raise invalid(f'Resource id "{segment}" is invalid because it is reserved.')
    if len(segment.encode()) > MAX_ID_BYTES:
        raise _too_long("Resource id", segment)


def _check_map(fields: Message, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise invalid(f"Nested deeper than {MAX_DEPTH} levels.")
    for name, value in fields.items():
        # All writes come through here: most names and values are seen at a glance.
        if len(name) > _SURELY_SHORT or name[:1] in _SUSPICIOUS:
            _check_field_name(name)
        if value.WhichOneof("value_type") in _DEEP:
            _check_value(value, depth)


def _check_field_name(name: str) -> None:
    if not name:
        raise invalid("Document fields must have non-empty names.")
    if name != _TYPE_MARK and _RESERVED.fullmatch(name):
        raise invalid(f'Field name "{name}" is reserved.')
    if len(name.encode()) > MAX_ID_BYTES:
        raise _too_long("Field name", name)


def _check_value(value: Message, depth: int) -> None:
    kind = value.WhichOneof("value_type")
    if kind == "timestamp_value":
        value.timestamp_value.nanos -= value.timestamp_value.nanos % 1000
    elif kind == "map_value":
        _check_map(value.map_value.fields, depth + 1)
    elif kind == "array_value":
        for member in value.array_value.values:
            if member.WhichOneof("value_type") == "array_value":
                raise invalid("Cannot have an array value in another array value.")
            _check_value(member, depth + 1)


def _too_long(what: str, text: str) -> StatusError:
    return invalid(f'{what} "{text[:40]}…" is longer than {MAX_ID_BYTES} bytes.')
