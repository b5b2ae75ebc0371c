"""What a listener watches: documents by name, or the result of a query."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Protocol

from .database import Database
from .documents import Record
from .errors import invalid
from .history import Change
from .messages import Message
from .queries import Query
from .validation import check_document_name


class Watched(Protocol):
    """A set of records that commits change."""

    def begin(self) -> list[Change]:
        """Return the records of now, as if all had just come in."""
        ...

    def resume(self, changes: Sequence[Change]) -> list[Change] | None:
        """Return what *changes* did to the set; None where that cannot be told."""
        ...

    def after(self, changes: Sequence[Change]) -> list[Change]:
        """Return which records one commit brought in, altered, or took out."""
        ...

    def told(self, record: Record) -> Message:
        """Return the document as this listener gets to see it."""
        ...


class WatchedDocuments:
    """Documents by name; those that do not exist are told as deleted."""

    def __init__(self, database: Database, names: Iterable[str]) -> None:
        self.names = set(names)
        self._database = database
        for name in self.names:
            check_document_name(name)

    def begin(self) -> list[Change]:
        get = self._database.documents.get
        return [Change(name, None, get(name)) for name in sorted(self.names)]

    def resume(self, changes: Sequence[Change]) -> list[Change] | None:
        return self.after(changes)

    def after(self, changes: Sequence[Change]) -> list[Change]:
        return [change for change in changes if change.name in self.names]

    def told(self, record: Record) -> Message:
        return record.document


class WatchedQuery:
    """The matches of a query in which every document stands for itself."""

    def __init__(self, database: Database, query: Query) -> None:
        self.query = query
        self._database = database

    def begin(self) -> list[Change]:
        found = self.query.run(self._database.documents)
        return [Change(record.name, None, record) for record in found]

    def resume(self, changes: Sequence[Change]) -> list[Change] | None:
        return self.after(changes)

    def after(self, changes: Sequence[Change]) -> list[Change]:
        ours = [change for change in changes if self.query.scope.covers(change.name)]
        seen = (
            Change(change.name, self._match(change.before), self._match(change.after))
            for change in ours
        )
        return [change for change in seen if change.before or change.after]

    def told(self, record: Record) -> Message:
        return self.query.told(record)

    def _match(self, record: Record | None) -> Record | None:
        if record is None or self.query.position(record) is None:
            return None
        return record


class WatchedWindow:
    """The first matches of a query with a limit or an offset.

    All matches are kept sorted, so that a commit costs a bisection and a comparison of
    windows, not another run.
    """

    def __init__(self, database: Database, query: Query) -> None:
        self.query = query
        self._database = database
        self._sorted: list[tuple[bytes, str]] = []
        self._shown: dict[str, Record] = {}

    def begin(self) -> list[Change]:
        found = self.query.scope.records(self._database.documents)
        self._sorted = sorted(
            (key, record.name)
            for record in found
            if (key := self.query.position(record)) is not None
        )
        return self._moved()

    def resume(self, changes: Sequence[Change]) -> list[Change] | None:
        return None

    def after(self, changes: Sequence[Change]) -> list[Change]:
        ours = [change for change in changes if self.query.scope.covers(change.name)]
        for change in ours:
            self._move(change)
        return self._moved() if ours else []

    def told(self, record: Record) -> Message:
        return self.query.told(record)

    def _move(self, change: Change) -> None:
        was = change.before and self.query.position(change.before)
        now = change.after and self.query.position(change.after)
        if was == now:
            return
        if isinstance(was, bytes):
            del self._sorted[bisect_left(self._sorted, (was, change.name))]
        if isinstance(now, bytes):
            insort(self._sorted, (now, change.name))

    def _moved(self) -> list[Change]:
        get = self._database.documents.get
        names = (name for _, name in self._sorted[self.query.visible])
        now = {name: record for name in names if (record := get(name)) is not None}
        return self._show(now)

    def _show(self, now: dict[str, Record]) -> list[Change]:
        was, self._shown = self._shown, now
        left = [Change(name, was[name], None) for name in was if name not in now]
        came = [
            Change(name, was.get(name), record)
            for name, record in now.items()
            if was.get(name) is not record
        ]
        return left + came


class WatchedNeighbours(WatchedWindow):
    """The nearest neighbours of a vector: run again by every commit."""

    def begin(self) -> list[Change]:
        return self._moved()

    def _move(self, change: Change) -> None:
        pass

    def _moved(self) -> list[Change]:
        found = self.query.run(self._database.documents)
        return self._show({record.name: record for record in found})


def watched(database: Database, target: Message) -> Watched:
    """Return what *target*, a Target of a listen request, asks to watch.

    Raises:
        StatusError: INVALID_ARGUMENT for a query that cannot be.
    """
    kind = target.WhichOneof("target_type")
    if kind == "documents":
        return WatchedDocuments(database, target.documents.documents)
    if kind != "query":
        raise invalid("A target must name documents or a query.")
    query = Query(target.query.parent, target.query.structured_query)
    database.advice.note(query)
    if query.is_nearest:
        return WatchedNeighbours(database, query)
    if query.is_windowed:
        return WatchedWindow(database, query)
    return WatchedQuery(database, query)
