"""Firestore as a document store that lets late writes lose.

Each document carries its version in `_version`. A batch of documents is read in one
request and written in another, on the condition that none changed in between; who
loses that race reads again. A removed document leaves `{_version, _removed}` behind,
so that a late write cannot bring it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from google.api_core import exceptions as api_errors
from google.cloud import firestore

from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError, TransientError
from shared.ports.document_store import Mirror

_VERSION = "_version"
_REMOVED = "_removed"
_AT_ONCE = 200
_TRIES = 8
_LOST_RACE = (
    api_errors.FailedPrecondition,
    api_errors.AlreadyExists,
    api_errors.NotFound,
    api_errors.Aborted,
)


class FirestoreDocuments:
    """The documents of one database."""

    def __init__(self, client: firestore.Client) -> None:
        self._client = client

    def write(self, mirrors: Sequence[Mirror]) -> None:
        newest: dict[str, Mirror] = {}
        for mirror in mirrors:
            known = newest.get(mirror.path)
            if known is None or mirror.version > known.version:
                newest[mirror.path] = mirror
        wanted = list(newest.values())
        for start in range(0, len(wanted), _AT_ONCE):
            self._write_some(wanted[start : start + _AT_ONCE])

    def read(self, path: str) -> Mapping[str, JsonValue] | None:
        with _translated():
            found = self._client.document(path).get().to_dict()
        if found is None or found.get(_REMOVED):
            return None
        found.pop(_VERSION, None)
        return dict(found)

    def _write_some(self, mirrors: Sequence[Mirror]) -> None:
        for _ in range(_TRIES):
            with _translated():
                batch = self._conditional(mirrors)
                try:
                    batch.commit()
                except _LOST_RACE:
                    continue
                return
        raise TransientError("documents changed too often", count=len(mirrors))

    def _conditional(self, mirrors: Sequence[Mirror]) -> Any:
        references = {m.path: self._client.document(m.path) for m in mirrors}
        there = {
            snapshot.reference.path: snapshot
            for snapshot in self._client.get_all(list(references.values()))
        }
        batch = self._client.batch()
        for mirror in mirrors:
            snapshot = there[mirror.path]
            if not snapshot.exists:
                batch.create(references[mirror.path], _content(mirror))
            elif (snapshot.to_dict() or {}).get(_VERSION, 0) < mirror.version:
                # `set` takes no condition in this client; to update every field, and
                # remove those that went, says the same.
                gone = set(snapshot.to_dict() or {}) - set(_content(mirror))
                batch.update(
                    references[mirror.path],
                    {
                        **_as_paths(_content(mirror)),
                        **dict.fromkeys(_quoted(gone), firestore.DELETE_FIELD),
                    },
                    option=self._client.write_option(
                        last_update_time=snapshot.update_time
                    ),
                )
        return batch


def _content(mirror: Mirror) -> dict[str, Any]:
    if mirror.content is None:
        return {_VERSION: mirror.version, _REMOVED: True}
    return {**mirror.content, _VERSION: mirror.version}


def _as_paths(content: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(_quoted(content), content.values(), strict=True))


def _quoted(names: Mapping[str, Any] | set[str]) -> list[str]:
    return [firestore.Client.field_path(name) for name in names]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except api_errors.InvalidArgument as exc:
        raise InvalidInputError("the document store refused", detail=str(exc)) from exc
    except (api_errors.GoogleAPICallError, api_errors.RetryError) as exc:
        raise TransientError("the document store is away") from exc
