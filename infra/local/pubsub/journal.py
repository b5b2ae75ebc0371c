"""What survives a restart: an SQLite file that follows memory.

Memory is the truth while the server runs; the journal is staged per row and written in
batches, one transaction each. A row that comes and goes within a batch is never
written at all. Whoever promises durability waits for `committed()`.

The file is in WAL mode with `synchronous=NORMAL`: a commit survives the end of the
process, however sudden. Power loss may take the last seconds, never the whole. The
checkpoints, which do wait for the disk, run in a thread, while commits pause.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from infra.local.pubsub.errors import UnavailableError

# Batches pay off while commits are slow: the pause is as long as the last one took.
_LONGEST_PAUSE_S = 0.005
_RETRY_S = 1.0
_CHECKPOINT_BYTES = 8 << 20
_CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resource (
    kind TEXT, name TEXT, number INTEGER, body BLOB, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE IF NOT EXISTS held (
    holder INTEGER, message INTEGER, attempts INTEGER, acked INTEGER,
    PRIMARY KEY (holder, message)
) WITHOUT ROWID;
"""

log = logging.getLogger(__name__)

KeyT = TypeVar("KeyT", bound=Hashable)


class Table(Generic[KeyT]):
    """The rows of one table that have changed since the last commit."""

    def __init__(self, journal: Journal, upsert: str, delete: str) -> None:
        self._journal = journal
        self._upsert = upsert
        self._delete = delete
        self._put: dict[KeyT, tuple[Any, ...]] = {}
        self._new: set[KeyT] = set()
        self._dropped: set[KeyT] = set()

    def put(self, key: KeyT, row: tuple[Any, ...], *, new: bool = False) -> None:
        """Stage *row*; *new* promises that the file has none under *key*."""
        self._put[key] = row
        if new and key not in self._dropped:
            self._new.add(key)
        self._dropped.discard(key)
        self._journal.wake()

    def drop(self, key: KeyT) -> None:
        self._put.pop(key, None)
        if key in self._new:
            self._new.discard(key)
        else:
            self._dropped.add(key)
            self._journal.wake()

    def write(self, connection: sqlite3.Connection) -> None:
        if self._dropped:
            connection.executemany(self._delete, map(_columns, self._dropped))
        if self._put:
            connection.executemany(
                self._upsert,
                (_columns(key) + row for key, row in self._put.items()),
            )

    def clear(self) -> None:
        self._put.clear()
        self._new.clear()
        self._dropped.clear()


class Journal:
    """The rows of all tables, in *directory*, or in memory where that is None."""

    def __init__(self, directory: Path | None) -> None:
        self._lock = None if directory is None else _locked(directory)
        self._path = None if directory is None else directory / "pubsub.sqlite3"
        self._connection = _connect(self._path)
        self._connection.executescript(_SCHEMA)
        self.resources: Final[Table[tuple[str, str]]] = Table(
            self,
            "INSERT OR REPLACE INTO resource VALUES (?, ?, ?, ?)",
            "DELETE FROM resource WHERE kind = ? AND name = ?",
        )
        self.messages: Final[Table[int]] = Table(
            self,
            "INSERT OR REPLACE INTO message VALUES (?, ?)",
            "DELETE FROM message WHERE number = ?",
        )
        self.held: Final[Table[tuple[int, int]]] = Table(
            self,
            "INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?)",
            "DELETE FROM held WHERE holder = ? AND message = ?",
        )
        self._timer: asyncio.TimerHandle | None = None
        self._next_commit = 0.0
        self._waiting: list[asyncio.Future[None]] = []
        self._checkpoint: asyncio.Future[None] | None = None

    def wake(self) -> None:
        """See to it that what is staged is written soon."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            due = max(loop.time(), self._next_commit)
            self._timer = loop.call_at(due, self._commit)

    async def committed(self) -> None:
        """Return once everything staged so far is in the file.

        Raises:
            UnavailableError: it could not be written; it stays staged.
        """
        if self._timer is not None:
            done = asyncio.get_running_loop().create_future()
            self._waiting.append(done)
            await done

    def resource_rows(self) -> Iterator[tuple[str, str, int, bytes]]:
        return iter(
            self._connection.execute("SELECT kind, name, number, body FROM resource")
        )

    def message_rows(self) -> Iterator[tuple[int, bytes]]:
        return iter(
            self._connection.execute("SELECT number, body FROM message ORDER BY number")
        )

    def held_rows(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield (holder, message, attempts, acked), as messages were published."""
        return iter(
            self._connection.execute(
                "SELECT holder, message, attempts, acked FROM held ORDER BY message"
            )
        )

    async def close(self) -> None:
        if self._checkpoint is not None:
            await asyncio.wait([self._checkpoint])
        if self._timer is not None:
            self._timer.cancel()
            self._commit()
        if self._checkpoint is not None:
            await asyncio.wait([self._checkpoint])
        self._connection.close()
        if self._lock is not None:
            os.close(self._lock)

    def _commit(self) -> None:
        if self._checkpoint is not None:
            # The log starts over only when all of it is in the file. Commits wait for
            # that, but the loop does not: deliveries go on.
            return
        loop = asyncio.get_running_loop()
        started = loop.time()
        self._timer = None
        waiting = [done for done in self._waiting if not done.done()]
        self._waiting.clear()
        try:
            self._write()
        except sqlite3.Error as exc:
            self._timer = loop.call_later(_RETRY_S, self._commit)
            for done in waiting:
                done.set_exception(
                    UnavailableError("Could not write the journal", reason=exc)
                )
        else:
            for done in waiting:
                done.set_result(None)
            self._checkpoint_when_large()
        ended = loop.time()
        self._next_commit = ended + min(ended - started, _LONGEST_PAUSE_S)

    def _write(self) -> None:
        tables: tuple[Table[Any], ...] = (self.resources, self.messages, self.held)
        with self._connection:
            self._connection.execute("BEGIN")
            for table in tables:
                table.write(self._connection)
        for table in tables:
            table.clear()

    def _checkpoint_when_large(self) -> None:
        if self._path is None or self._checkpoint is not None:
            return
        wal = self._path.with_name(f"{self._path.name}-wal")
        if wal.stat().st_size > _CHECKPOINT_BYTES:
            loop = asyncio.get_running_loop()
            self._checkpoint = loop.run_in_executor(None, _checkpoint, self._path)
            self._checkpoint.add_done_callback(self._checkpointed)

    def _checkpointed(self, done: asyncio.Future[None]) -> None:
        self._checkpoint = None
        if (reason := done.exception()) is not None:
            log.warning("the journal's log could not start over: %s", reason)
        if self._timer is not None:
            self._timer.cancel()
            self._commit()


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(path or ":memory:", isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL;"
        "PRAGMA synchronous = NORMAL;"
        "PRAGMA wal_autocheckpoint = 0;"
        f"PRAGMA journal_size_limit = {_CHECKPOINT_BYTES // 2};"
    )
    return connection


def _checkpoint(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(_CHECKPOINT).fetchall()
    finally:
        connection.close()


def _locked(directory: Path) -> int:
    """Return the open lock file of *directory*, which the process's end unlocks."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        os.close(lock)
        raise UnavailableError(
            "Another server uses the directory", directory=directory
        ) from exc
    return lock


def _columns(key: Hashable) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)
