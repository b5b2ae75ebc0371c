"""The server's memory: one SQLite file in write-ahead mode.

All statements run on the event loop's thread over one connection, so whatever happens
between two awaits is one atomic step, and `transaction` makes it one durable step too.
`synchronous = NORMAL` keeps every committed transaction through `kill -9`; a power cut
may lose the newest ones, never the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE bucket (
    name TEXT PRIMARY KEY,
    metageneration INTEGER NOT NULL,
    resource TEXT NOT NULL,
    iam_policy TEXT
);
CREATE TABLE object (
    bucket TEXT NOT NULL,
    name TEXT NOT NULL,
    generation INTEGER NOT NULL,
    metageneration INTEGER NOT NULL,
    is_live INTEGER NOT NULL,
    content TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    crc32c TEXT NOT NULL,
    md5 TEXT,
    component_count INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    settings TEXT NOT NULL,
    PRIMARY KEY (bucket, name, generation)
) WITHOUT ROWID;
CREATE UNIQUE INDEX object_live ON object (bucket, name) WHERE is_live;
CREATE INDEX object_content ON object (content);
CREATE TABLE upload (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    request TEXT NOT NULL,
    created_at REAL NOT NULL,
    generation INTEGER
);
CREATE TABLE multipart (
    id TEXT PRIMARY KEY,
    bucket TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE part (
    upload_id TEXT NOT NULL REFERENCES multipart (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    md5 TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
) WITHOUT ROWID;
CREATE TABLE notification (
    bucket TEXT NOT NULL REFERENCES bucket (name) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    config TEXT NOT NULL,
    PRIMARY KEY (bucket, id)
) WITHOUT ROWID;
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    data BLOB NOT NULL,
    attributes TEXT NOT NULL
);
CREATE TABLE last_generation (value INTEGER NOT NULL);
INSERT INTO last_generation VALUES (0);
"""


class Database:
    """One connection, used from the event loop's thread alone."""

    def __init__(self, path: Path) -> None:
        """Open the file at *path*, making it where there is none."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._after_commit: list[Callable[[], None]] = []
        self._create()

    def _create(self) -> None:
        if self.value("PRAGMA user_version") == 0:
            self._connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA user_version = {_SCHEMA_VERSION}; COMMIT;"
            )

    def close(self) -> None:
        self._connection.close()

    def execute(self, statement: str, *values: Any) -> int:
        """Run *statement*, and return how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        return self._connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._connection.execute(
            statement, values
        ).fetchone()
        return found

    def value(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row, or None."""
        found = self.row(statement, *values)
        return None if found is None else found[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done inside, or nothing; an inner one joins the outer."""
        if self._connection.in_transaction:
            yield
            return
        self._after_commit.clear()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
        for act in self._after_commit:
            act()

    def after_commit(self, act: Callable[[], None]) -> None:
        """Have *act* called once the transaction under way is committed."""
        self._after_commit.append(act)
