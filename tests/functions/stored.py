"""A bucket in memory that keeps every generation, as the uploads bucket does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shared.domain.errors import ConflictError, NotFoundError, TransientError
from shared.ports.object_store import ObjectStat

_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class VersionedStore:
    """Attributes: is_away: everything fails for a passing reason; reads: by name."""

    base_uri: str = "gs://up"
    is_away: bool = False
    reads: list[str] = field(default_factory=list)
    _objects: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    _count: int = 0

    def put(self, name: str, content: bytes) -> int:
        self._count += 1
        self._objects.setdefault(name, []).append((self._count, content))
        return self._count

    def drop(self, name: str) -> None:
        del self._objects[name]

    def create(
        self,
        name: str,
        content: bytes,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectStat:
        if name in self._objects:
            raise ConflictError("object already exists", object=name)
        self.put(name, content)
        return self.stat(name)

    def stat(self, name: str, *, generation: int | None = None) -> ObjectStat:
        number, content = self._found(name, generation)
        return ObjectStat(
            uri=f"{self.base_uri}/{name}",
            name=name,
            generation=number,
            size_bytes=len(content),
            content_type="application/octet-stream",
            updated_at=_START + timedelta(minutes=number),
        )

    def read(
        self,
        name: str,
        *,
        start: int = 0,
        end: int | None = None,
        generation: int | None = None,
    ) -> Iterator[bytes]:
        _, content = self._found(name, generation)
        self.reads.append(name)
        return iter([content[start:end]])

    def read_known(
        self, stat: ObjectStat, *, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        return self.read(stat.name, start=start, end=end, generation=stat.generation)

    def names(self) -> list[str]:
        return sorted(self._objects)

    def _found(self, name: str, generation: int | None) -> tuple[int, bytes]:
        if self.is_away:
            raise TransientError("the object store is away", object=name)
        for number, content in reversed(self._objects.get(name, [])):
            if generation in (None, number):
                return number, content
        raise NotFoundError("no such object", object=name, generation=generation)
