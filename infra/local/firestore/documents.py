"""The documents that are, by collection, each version an immutable record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .fields import NAME, FieldPath, get_field
from .messages import Message
from .values import order_key, reference_key
from .versions import microseconds


class Record:
    """One version of one document, with the order keys that queries asked for."""

    __slots__ = ("_elements", "_keys", "collection", "document", "name", "update_us")

    def __init__(self, document: Message) -> None:
        self.document = document
        self.name: str = document.name
        self.collection = parent_of(self.name)
        self.update_us = microseconds(document.update_time)
        self._keys: dict[FieldPath, bytes | None] = {}
        self._elements: dict[FieldPath, frozenset[bytes]] = {}

    def key(self, path: FieldPath) -> bytes | None:
        """Return the order key of the value at *path*, None where there is none."""
        try:
            return self._keys[path]
        except KeyError:
            key = self._keys[path] = self._key(path)
            return key

    def elements(self, path: FieldPath) -> frozenset[bytes]:
        """Return the order keys of the elements of the array at *path*."""
        try:
            return self._elements[path]
        except KeyError:
            value = get_field(self.document.fields, path)
            members = () if value is None else value.array_value.values
            elements = self._elements[path] = frozenset(map(order_key, members))
            return elements

    def _key(self, path: FieldPath) -> bytes | None:
        if path == NAME:
            return reference_key(self.name)
        value = get_field(self.document.fields, path)
        return None if value is None else order_key(value)


class Documents:
    """All current documents, found by name, by collection, and by collection id."""

    def __init__(self) -> None:
        self._collections: dict[str, dict[str, Record]] = {}
        self._groups: defaultdict[str, set[str]] = defaultdict(set)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Record]:
        for collection in self._collections.values():
            yield from collection.values()

    def get(self, name: str) -> Record | None:
        collection = self._collections.get(parent_of(name))
        return None if collection is None else collection.get(name)

    def put(self, record: Record) -> None:
        collection = self._collections.get(record.collection)
        if collection is None:
            collection = self._collections[record.collection] = {}
            self._groups[id_of(record.collection)].add(record.collection)
        self._count += record.name not in collection
        collection[record.name] = record

    def drop(self, name: str) -> None:
        path = parent_of(name)
        collection = self._collections.get(path)
        if collection is None or collection.pop(name, None) is None:
            return
        self._count -= 1
        if not collection:
            del self._collections[path]
            self._groups[id_of(path)].discard(path)

    def in_collection(self, path: str) -> list[Record]:
        """Return the documents directly in the collection *path*."""
        return list(self._collections.get(path, {}).values())

    def below(self, parent: str, collection_id: str) -> list[Record]:
        """Return the documents of all collections *collection_id* below *parent*.

        Of all collections there, if *collection_id* is empty.
        """
        paths = self._groups.get(collection_id, ()) if collection_id else self.paths()
        start = parent + "/"
        return [
            record
            for path in paths
            if path.startswith(start)
            for record in self._collections[path].values()
        ]

    def paths(self) -> list[str]:
        """Return the paths of all collections that hold a document."""
        return list(self._collections)

    def collection_ids(self, parent: str) -> list[str]:
        """Return the ids of the collections of *parent*, in order."""
        start = parent + "/"
        found = {
            path[len(start) :].split("/", 1)[0]
            for path in self._collections
            if path.startswith(start)
        }
        return sorted(found, key=str.encode)

    def missing_in(self, path: str) -> set[str]:
        """Return names in *path* that exist only as parents of other documents."""
        start = path + "/"
        parents = {
            start + below[len(start) :].split("/", 1)[0]
            for below in self._collections
            if below.startswith(start)
        }
        return parents - self._collections.get(path, {}).keys()


def parent_of(name: str) -> str:
    """Return the collection of a document name, or the parent of a collection."""
    return name.rpartition("/")[0]


def id_of(name: str) -> str:
    """Return the last segment of a name."""
    return name.rpartition("/")[2]
