"""One write at a time, against an overlay that a commit applies as a whole."""

from __future__ import annotations

from google.protobuf.unknown_fields import UnknownFieldSet

from .documents import Documents, Record
from .errors import already_exists, failed_precondition, invalid, not_found
from .fields import get_field, parse_path, put_field, remove_field
from .messages import Document, Message, Write, WriteResult
from .transforms import apply_transform
from .validation import check_document, check_document_name
from .versions import timestamp

# Browsers verify, without writing, what a transaction has read: field 5 of Write,
# which the published message class does not know.
_VERIFY_FIELD = 5


class Overlay:
    """What a commit is about to change, over what is."""

    def __init__(self, documents: Documents, at_us: int) -> None:
        self._documents = documents
        self.at_us = at_us
        self.changed: dict[str, Record | None] = {}

    def get(self, name: str) -> Record | None:
        if name in self.changed:
            return self.changed[name]
        return self._documents.get(name)


def verification(name: str, precondition: Message) -> Message:
    """Return the write that only checks *precondition* on the document *name*."""
    encoded = name.encode()
    write = Write(current_document=precondition)
    write.MergeFromString(
        bytes([_VERIFY_FIELD << 3 | 2]) + _varint(len(encoded)) + encoded
    )
    return write


def apply_write(write: Message, overlay: Overlay) -> Message:
    """Check and apply one Write to *overlay*; return its WriteResult.

    Raises:
        StatusError: the precondition fails, or the write is not allowed.
    """
    name = _target(write)
    check_document_name(name)
    before = overlay.get(name)
    if write.HasField("current_document"):
        _check_precondition(write.current_document, name, before)
    operation = write.WhichOneof("operation")
    if operation is None:
        return _result(before)
    if operation == "delete":
        overlay.changed[name] = None
        return WriteResult()
    result = WriteResult()
    after = _written(write, name, before, overlay.at_us, result)
    overlay.changed[name] = after
    result.update_time.CopyFrom(after.document.update_time)
    return result


def _target(write: Message) -> str:
    operation = write.WhichOneof("operation")
    if operation == "update":
        return str(write.update.name)
    if operation == "delete":
        return str(write.delete)
    if operation == "transform":
        return str(write.transform.document)
    for unknown in UnknownFieldSet(write):
        if unknown.field_number == _VERIFY_FIELD:
            return bytes(unknown.data).decode()
    raise invalid("A write must have an operation.")


def _check_precondition(condition: Message, name: str, before: Record | None) -> None:
    if condition.WhichOneof("condition_type") == "exists":
        if condition.exists and before is None:
            raise not_found(f"No document to update: {name}")
        if not condition.exists and before is not None:
            raise already_exists(f"Document already exists: {name}")
    elif condition.HasField("update_time") and (
        before is None or before.document.update_time != condition.update_time
    ):
        raise failed_precondition(
            f"The stored version of {name} does not match the required base version."
        )


def _written(
    write: Message, name: str, before: Record | None, at_us: int, result: Message
) -> Record:
    document = Document(name=name)
    if write.WhichOneof("operation") == "transform":
        _start_from(document, before)
        transforms = write.transform.field_transforms
    else:
        _update(document, write, before)
        transforms = write.update_transforms
    for transform in transforms:
        told = apply_transform(document.fields, transform, at_us)
        result.transform_results.append(told)
    check_document(document)
    moment = timestamp(at_us)
    if before is None:
        document.create_time.CopyFrom(moment)
    else:
        document.create_time.CopyFrom(before.document.create_time)
        document.update_time.CopyFrom(before.document.update_time)
        # A write that changes nothing keeps the version, and tells no listener.
        if document == before.document:
            return before
    document.update_time.CopyFrom(moment)
    return Record(document)


def _update(document: Message, write: Message, before: Record | None) -> None:
    if not write.HasField("update_mask"):
        document.CopyFrom(write.update)
        return
    _start_from(document, before)
    for text in write.update_mask.field_paths:
        path = parse_path(text)
        value = get_field(write.update.fields, path)
        if value is None:
            remove_field(document.fields, path)
        else:
            put_field(document.fields, path, value)


def _start_from(document: Message, before: Record | None) -> None:
    if before is not None:
        document.CopyFrom(before.document)


def _result(record: Record | None) -> Message:
    if record is None:
        return WriteResult()
    return WriteResult(update_time=record.document.update_time)


def _varint(size: int) -> bytes:
    encoded = bytearray()
    while size > 0x7F:
        encoded.append(size & 0x7F | 0x80)
        size >>= 7
    encoded.append(size)
    return bytes(encoded)
