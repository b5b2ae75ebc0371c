"""Everything the server knows, put together over one data folder."""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .buckets import Buckets
from .content import ContentStore
from .database import Database
from .errors import ConflictError
from .json_api import JsonApi
from .json_buckets import BucketCalls
from .json_objects import ObjectCalls
from .keys import KeyRing, service_account_file
from .multipart import MultipartUploads
from .notifications import Notifications
from .objects import Objects
from .resumable import LIFETIME_SECONDS, Sessions
from .signing import Verifier


@dataclass(frozen=True, slots=True)
class Service:
    """The parts that answer requests."""

    database: Database
    content: ContentStore
    buckets: Buckets
    objects: Objects
    notifications: Notifications
    sessions: Sessions
    multiparts: MultipartUploads
    keys: KeyRing
    verifier: Verifier
    json_api: JsonApi
    lock: int

    @classmethod
    def open(cls, data_dir: Path, keys_dir: Path) -> Self:
        """Take *data_dir*, made where there is none, and sweep what a crash left.

        Raises:
            ConflictError: another server has it.
        """
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = _lock(data_dir / "lock")
        service_account_file(keys_dir)
        database = Database(data_dir / "metadata.sqlite")
        content = ContentStore(data_dir / "content")
        buckets = Buckets(database)
        notifications = Notifications(database)
        objects = Objects(database, content, notifications)
        keys = KeyRing(keys_dir)
        calls = [
            *BucketCalls(buckets, notifications).routes(),
            *ObjectCalls(database, content, buckets, objects).routes(),
        ]
        service = cls(
            database=database,
            content=content,
            buckets=buckets,
            objects=objects,
            notifications=notifications,
            sessions=Sessions(database, content, objects),
            multiparts=MultipartUploads(database, content, objects),
            keys=keys,
            verifier=Verifier(keys),
            json_api=JsonApi(calls),
            lock=lock,
        )
        service.sweep()
        return service

    def sweep(self) -> int:
        """Forget sessions that are too old, and content that nothing names."""
        self.database.execute(
            "DELETE FROM upload WHERE created_at < ?", time.time() - LIFETIME_SECONDS
        )
        named = self.database.rows(
            "SELECT content FROM object UNION SELECT content FROM part "
            "UNION SELECT content FROM upload"
        )
        return self.content.sweep({row["content"] for row in named})

    def status(self) -> dict[str, int]:
        """Return counts that say how full the store is and what waits."""
        tables = {"buckets": "bucket", "objects": "object", "notifications": "outbox"}
        counts = {
            name: int(self.database.value(f"SELECT count(*) FROM {table}"))  # noqa: S608
            for name, table in tables.items()
        }
        counts["notifications_waiting"] = counts.pop("notifications")
        counts["uploads_under_way"] = int(
            self.database.value("SELECT count(*) FROM upload WHERE generation IS NULL")
        )
        counts["stored_bytes"] = int(
            self.database.value("SELECT coalesce(sum(size_bytes), 0) FROM object")
        )
        return counts

    def close(self) -> None:
        self.sessions.close()
        self.database.close()
        os.close(self.lock)


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        os.close(descriptor)
        raise ConflictError(
            "another server uses this data folder", folder=str(path.parent)
        ) from exc
    return descriptor
