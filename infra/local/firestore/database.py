"""The database: documents, their journal, their history, and who wants to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from shared.domain.errors import UnreadableFileError

from .documents import Documents, Record
from .errors import invalid
from .history import Change, History
from .indexes import IndexAdvice
from .journal import Journal
from .messages import Message
from .queries import Query
from .transactions import Transaction, Transactions
from .validation import MAX_WRITES, check_document_name
from .versions import CommitClock
from .writes import Overlay, apply_write

Watcher: TypeAlias = Callable[[list[Change], int], None]


class Database:
    """All documents of all projects and databases, since names tell them apart.

    Runs in one thread: between two awaits of a caller, nothing changes.
    """

    def __init__(self, journal: Path | None = None) -> None:
        """Open the database, with what *journal* holds; in memory only without one.

        Raises:
            UnreadableFileError: the journal is damaged.
        """
        self.documents = Documents()
        self.clock = CommitClock()
        self.transactions = Transactions()
        self.advice = IndexAdvice()
        self.commits = 0
        self._watchers: list[Watcher] = []
        self._journal = None if journal is None else Journal(journal)
        if self._journal is not None:
            try:
                self._replay(self._journal)
            except UnreadableFileError:
                self.close()
                raise
        self.history = History(self.clock.now())

    def read(self, name: str, transaction: Transaction | None = None) -> Record | None:
        """Return the document *name*, noting it in *transaction*."""
        check_document_name(name)
        record = self.documents.get(name)
        if transaction is not None:
            transaction.saw(name, record)
        return record

    def run(self, query: Query, transaction: Transaction | None = None) -> list[Record]:
        """Return the result of *query*, noting it in *transaction*."""
        result = query.run(self.documents)
        if transaction is not None:
            transaction.saw_result(query, result)
        return result

    def commit(
        self, writes: Sequence[Message], transaction_id: bytes = b""
    ) -> tuple[list[Message], int]:
        """Apply all *writes* or none; return their results and the commit time.

        Raises:
            StatusError: ABORTED where the transaction's reads no longer hold; else
                what the first failing write says.
        """
        transaction = self.transactions.end(transaction_id)
        if transaction is not None:
            if writes and transaction.read_only:
                raise invalid("Cannot modify entities in a read-only transaction.")
            transaction.check(self.documents)
        if len(writes) > MAX_WRITES:
            raise invalid(f"A commit takes at most {MAX_WRITES} writes.")
        overlay = Overlay(self.documents, self.clock.tick())
        results = [apply_write(write, overlay) for write in writes]
        self._apply(overlay.changed, overlay.at_us)
        return results, overlay.at_us

    def watch(self, watcher: Watcher) -> None:
        """Have *watcher* called with the changes and the time of every commit."""
        self._watchers.append(watcher)

    def clear(self, prefix: str = "") -> int:
        """Delete all documents whose names start with *prefix*; return how many."""
        names = [
            record.name for record in self.documents if record.name.startswith(prefix)
        ]
        self._apply(dict.fromkeys(names), self.clock.tick())
        return len(names)

    def compact(self) -> None:
        """Rewrite the journal without what is out of date."""
        if self._journal is not None:
            self._journal.compact(self.documents)

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()

    def status(self) -> dict[str, object]:
        """Return a few counts, as JSON."""
        return {
            "documents": len(self.documents),
            "collections": len(self.documents.paths()),
            "commits": self.commits,
            "open_transactions": len(self.transactions),
            "journal_bytes": self._journal.size_bytes if self._journal else 0,
        }

    def _apply(self, changed: dict[str, Record | None], at_us: int) -> None:
        changes = [
            Change(name, before, after)
            for name, after in changed.items()
            if (before := self.documents.get(name)) is not after
        ]
        self.commits += 1
        if not changes:
            return
        if self._journal is not None:
            self._journal.append({change.name: change.after for change in changes})
        for change in changes:
            self._put(change.name, change.after)
        self.history.add(at_us, changes)
        for watcher in self._watchers:
            watcher(changes, at_us)
        if self._journal is not None and self._journal.needs_compaction():
            self.compact()

    def _put(self, name: str, record: Record | None) -> None:
        if record is None:
            self.documents.drop(name)
        else:
            self.documents.put(record)

    def _replay(self, journal: Journal) -> None:
        for name, record in journal.replay():
            self._put(name, record)
            if record is not None:
                self.clock.advance(record.update_us)
        journal.measure(self.documents)
        if journal.needs_compaction():
            journal.compact(self.documents)
