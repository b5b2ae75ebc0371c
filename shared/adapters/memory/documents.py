"""A document store in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.domain.claims import JsonValue
from shared.ports.document_store import Mirror


class MemoryDocuments:
    def __init__(self) -> None:
        self._newest: dict[str, Mirror] = {}

    def write(self, mirrors: Sequence[Mirror]) -> None:
        for mirror in mirrors:
            known = self._newest.get(mirror.path)
            if known is None or mirror.version > known.version:
                self._newest[mirror.path] = mirror

    def read(self, path: str) -> Mapping[str, JsonValue] | None:
        found = self._newest.get(path)
        return None if found is None else found.content
