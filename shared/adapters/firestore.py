"""Firestore as a document store that lets late writes lose.

Each document carries its version in `_version`. Documents of version 1 are taken to be
new; of the others the versions are read, in one request, and all are written in
another, on the condition that none changed in between; who loses that race reads again.
A removed document leaves `{_version, _removed}` behind, so that a late write cannot
bring it back.

Straight to the wire, since this runs after every commit: the client's own batches take
several times the work, and cannot replace a document on a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from google.cloud import firestore

from shared.adapters.firestore_wire import (
    FirestoreWire,
    LostRaceError,
    Patience,
    fill,
    new_write,
    plain,
)
from shared.adapters.mirrors import LARGEST_BYTES, newest_of_each, reduced
from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError
from shared.ports.document_store import Mirror

_VERSION = "_version"
_REMOVED = "_removed"

# Firestore takes 10 MiB in a request.
_AT_ONCE = 200
_MOST_BYTES = 8 * 1024 * 1024


class FirestoreDocuments:
    """The documents of one database.

    Args:
        patience_s: How long to try while the store is away, or races are lost.
    """

    def __init__(self, client: firestore.Client, *, patience_s: float = 10.0) -> None:
        self._wire = FirestoreWire(client)
        self._patience_s = patience_s

    def write(self, mirrors: Sequence[Mirror]) -> None:
        patience = Patience(self._patience_s)
        refused: list[InvalidInputError] = []
        writes = []
        for mirror in newest_of_each(mirrors):
            try:
                writes.append(self._filled(mirror))
            except InvalidInputError as exc:
                refused.append(exc)
        for batch in _batches(writes):
            refused.extend(self._write_what_can_be(batch, patience))
        if refused:
            raise refused[0]

    def read(self, path: str) -> Mapping[str, JsonValue] | None:
        patience = Patience(self._patience_s)
        for got in self._wire.get([self._wire.name(path)], patience):
            found = {name: plain(value) for name, value in got.found.fields.items()}
            found.pop(_VERSION, None)
            if not got.missing and not found.get(_REMOVED):
                return found
        return None

    def _filled(self, mirror: Mirror) -> Any:
        """Return the write that puts *mirror* in place, without its condition."""
        write = new_write()
        write.update.name = self._wire.name(mirror.path)
        fields = write.update.fields
        fields[_VERSION].integer_value = mirror.version
        if mirror.content is None:
            fields[_REMOVED].boolean_value = True
            return write
        try:
            for name, value in mirror.content.items():
                fill(fields[name], value)
        except ValueError as exc:
            # A number beyond 64 bits, or half a character.
            raise InvalidInputError("not to be stored", path=mirror.path) from exc
        if write.ByteSize() > LARGEST_BYTES:
            content = reduced(mirror.content)
            return self._filled(Mirror(mirror.path, mirror.version, content))
        return write

    def _write_what_can_be(
        self, batch: list[Any], patience: Patience
    ) -> list[InvalidInputError]:
        """Write *batch*; where something in it is refused, the rest all the same."""
        try:
            self._write(batch, patience)
        except InvalidInputError as exc:
            if len(batch) == 1:
                exc.facts["document"] = batch[0].update.name
                return [exc]
            return [
                refusal
                for write in batch
                for refusal in self._write_what_can_be([write], patience)
            ]
        return []

    def _write(self, batch: list[Any], patience: Patience) -> None:
        believed_new = all(_version(write.update) == 1 for write in batch)
        for write in batch:
            write.current_document.exists = False
        while True:
            due = batch if believed_new else self._later(batch, patience)
            try:
                if due:
                    self._wire.commit(due, patience)
            except LostRaceError:
                believed_new = False
                patience.pause()
            else:
                return

    def _later(self, batch: Iterable[Any], patience: Patience) -> list[Any]:
        """Return the writes that are later than what is there, on its condition."""
        by_name = {write.update.name: write for write in batch}
        later = []
        for got in self._wire.get(list(by_name), patience, [_VERSION]):
            write = by_name[got.missing or got.found.name]
            if got.missing:
                write.current_document.exists = False
            elif _version(got.found) >= _version(write.update):
                continue
            else:
                write.current_document.update_time.CopyFrom(got.found.update_time)
            later.append(write)
        return later


def _version(document: Any) -> int:
    if _VERSION not in document.fields:
        return 0
    return int(document.fields[_VERSION].integer_value)


def _batches(writes: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    size_bytes = 0
    for write in writes:
        added_bytes = write.ByteSize()
        if batch and (len(batch) == _AT_ONCE or size_bytes + added_bytes > _MOST_BYTES):
            yield batch
            batch, size_bytes = [], 0
        batch.append(write)
        size_bytes += added_bytes
    if batch:
        yield batch
