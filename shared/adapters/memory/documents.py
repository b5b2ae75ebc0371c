"""A document store in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from shared.adapters.mirrors import LARGEST_BYTES, newest_of_each, reduced
from shared.domain.claims import JsonValue
from shared.ports.document_store import Mirror


class MemoryDocuments:
    def __init__(self) -> None:
        self._newest: dict[str, Mirror] = {}

    def write(self, mirrors: Sequence[Mirror]) -> None:
        for mirror in newest_of_each(mirrors):
            known = self._newest.get(mirror.path)
            if known is None or mirror.version > known.version:
                self._newest[mirror.path] = _stored(mirror)

    def read(self, path: str) -> Mapping[str, JsonValue] | None:
        found = self._newest.get(path)
        return None if found is None else found.content


def _stored(mirror: Mirror) -> Mirror:
    if mirror.content is None:
        return mirror
    # A copy through JSON, so that nobody's later change shows.
    text = json.dumps(mirror.content)
    content = json.loads(text)
    if len(text) > LARGEST_BYTES:
        content = reduced(content)
    return Mirror(mirror.path, mirror.version, content)
