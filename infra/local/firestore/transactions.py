"""Optimistic transactions: what was read must still be so when they commit."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field

from .documents import Documents, Record, id_of
from .errors import aborted, invalid
from .messages import Message
from .queries import Query

# The service's limit on the life of a transaction is 270 s.
_MAX_AGE_S = 270

_Versions = list[tuple[str, int]]


@dataclass(slots=True, eq=False)
class Transaction:
    """What one transaction has read so far, and when it began."""

    read_only: bool
    is_retry: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    began_s: float = field(default_factory=time.monotonic)
    documents: dict[str, int | None] = field(default_factory=dict)
    queries: list[tuple[Query, _Versions]] = field(default_factory=list)

    def saw(self, name: str, record: Record | None) -> None:
        """Remember the version of the document *name* that was read first."""
        if not self.read_only:
            self.documents.setdefault(name, _version(record))

    def saw_result(self, query: Query, result: list[Record]) -> None:
        if not self.read_only:
            self.queries.append((query, _versions(result)))

    def check(self, documents: Documents) -> None:
        """Raise ABORTED if anything that was read has changed since."""
        for name, version in self.documents.items():
            if _version(documents.get(name)) != version:
                raise aborted(f"Transaction conflict on {id_of(name)}: try again.")
        for query, versions in self.queries:
            if _versions(query.run(documents)) != versions:
                raise aborted("Transaction conflict on the result of a query.")


class Transactions:
    """The transactions that have begun, and neither ended nor expired."""

    def __init__(self) -> None:
        self._ids = itertools.count(time.time_ns())
        self._open: dict[bytes, Transaction] = {}

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, options: Message) -> bytes:
        """Return the id of a new transaction."""
        self._expire()
        transaction_id = next(self._ids).to_bytes(8, "big")
        self._open[transaction_id] = Transaction(
            read_only=options.WhichOneof("mode") == "read_only",
            is_retry=bool(options.read_write.retry_transaction),
        )
        return transaction_id

    def get(self, transaction_id: bytes) -> Transaction | None:
        """Return the transaction, None for no id.

        Raises:
            StatusError: INVALID_ARGUMENT where it has ended or expired.
        """
        if not transaction_id:
            return None
        try:
            return self._open[transaction_id]
        except KeyError:
            raise invalid(
                "The referenced transaction has expired or is no longer valid."
            ) from None

    def end(self, transaction_id: bytes) -> Transaction | None:
        """Return the transaction, and forget it."""
        transaction = self.get(transaction_id)
        if transaction is not None:
            del self._open[transaction_id]
            transaction.ended.set()
        return transaction

    def _expire(self) -> None:
        oldest = time.monotonic() - _MAX_AGE_S
        for key in [key for key, tx in self._open.items() if tx.began_s < oldest]:
            self.end(key)


def _version(record: Record | None) -> int | None:
    return None if record is None else record.update_us


def _versions(records: list[Record]) -> _Versions:
    return [(record.name, record.update_us) for record in records]
