"""All objects: what is live, what was, and every way it changes.

Each change checks its preconditions, swaps the metadata and records the notifications
in one transaction without an await, so of racing writers exactly one can win.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import Any

from .content import ContentStore, Digest
from .database import Database
from .errors import BucketNotFoundError, ForbiddenError, NotFoundError
from .notifications import EventType, Notifications
from .preconditions import UNCONDITIONAL, Preconditions
from .resources import (
    Resource,
    StoredObject,
    now_text,
    patched_settings,
    require_object_name,
    settings_from,
)

_COLUMNS = (
    "bucket", "name", "generation", "metageneration", "is_live", "content",
    "size_bytes", "crc32c", "md5", "component_count", "created_at", "updated_at",
    "deleted_at", "settings",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO object ({', '.join(_COLUMNS)}) "  # noqa: S608  fixed column names
    f"VALUES ({', '.join('?' * len(_COLUMNS))})"
)
_BY_NAME = "bucket = ? AND name = ?"


@dataclass(frozen=True, slots=True)
class Content:
    """A finished content file, on its way into an object."""

    name: str
    digest: Digest
    component_count: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where a write goes, and on which conditions."""

    bucket: str
    name: str
    conditions: Preconditions = UNCONDITIONAL


@dataclass(frozen=True, slots=True)
class Objects:
    """The table of objects."""

    database: Database
    content: ContentStore
    notifications: Notifications

    def find(
        self, bucket: str, name: str, generation: int | None = None
    ) -> StoredObject | None:
        """Return the live object, or the one of *generation*, live or not."""
        if generation is None:
            row = self.database.row(
                f"SELECT * FROM object WHERE {_BY_NAME} AND is_live",  # noqa: S608
                bucket,
                name,
            )
        else:
            row = self.database.row(
                f"SELECT * FROM object WHERE {_BY_NAME} AND generation = ?",  # noqa: S608
                bucket,
                name,
                generation,
            )
        return None if row is None else StoredObject.from_row(row)

    def get(
        self, bucket: str, name: str, generation: int | None = None
    ) -> StoredObject:
        """Return an object as `find` does.

        Raises:
            NotFoundError: there is none.
        """
        found = self.find(bucket, name, generation)
        if found is None:
            raise NotFoundError("no such object", object=f"{bucket}/{name}")
        return found

    def require(self, target: Target) -> StoredObject | None:
        """Check that a write to *target* would be let through at this moment.

        Returns:
            The live object that the write would replace, or None.

        Raises:
            InvalidError: no object may have this name.
            PreconditionFailedError: a condition does not hold.
            ForbiddenError: the live object is under a hold.
        """
        require_object_name(target.name)
        current = self.find(target.bucket, target.name)
        target.conditions.require(current)
        if current is not None:
            _require_no_hold(current)
        return current

    def put(self, target: Target, content: Content, resource: Resource) -> StoredObject:
        """Make *content* the live generation of *target*, set up as *resource* says.

        Raises:
            InvalidError: the name is not allowed, or a checksum that *resource* claims
                differs from the content's.
            PreconditionFailedError: a condition does not hold.
            ForbiddenError: the live object is under a hold.
        """
        claimed = {
            k: resource[k] for k in ("crc32c", "md5Hash") if resource.get(k) is not None
        }
        content.digest.require(claimed)
        with self.database.transaction():
            return self._swap(target, content, settings_from(resource))

    def copy(
        self, source: StoredObject, target: Target, settings: Resource
    ) -> StoredObject:
        """Make *target* share the content of *source*.

        Raises:
            PreconditionFailedError: a condition on *target* does not hold.
            ForbiddenError: the live object there is under a hold.
        """
        digest = Digest(source.size_bytes, source.crc32c, source.md5 or "")
        content = Content(source.content, digest, source.component_count)
        with self.database.transaction():
            return self._swap(target, content, settings_from(settings))

    def patch(
        self,
        item: StoredObject,
        resource: Resource,
        conditions: Preconditions,
        *,
        replaces: bool = False,
    ) -> StoredObject:
        """Change what the client may set; where *replaces*, forget what was set.

        Raises:
            PreconditionFailedError: a condition does not hold.
        """
        conditions.require(item)
        base: Resource = {} if replaces else item.settings
        changed = replace(
            item,
            settings=patched_settings(base, resource),
            metageneration=item.metageneration + 1,
            updated_at=now_text(),
        )
        with self.database.transaction():
            self._update(changed)
            self.notifications.record(EventType.METADATA_UPDATE, changed)
        return changed

    def delete(
        self, target: Target, generation: int | None = None
    ) -> StoredObject | None:
        """Remove the live object, or for good the one of *generation*.

        In a bucket with versioning the live object becomes noncurrent.

        Raises:
            NotFoundError: there is none.
            PreconditionFailedError: a condition does not hold.
            ForbiddenError: the object is under a hold.
        """
        item = self.get(target.bucket, target.name, generation)
        target.conditions.require(item)
        _require_no_hold(item)
        with self.database.transaction():
            if generation is None and self._is_versioned(target.bucket):
                self._archive(item)
                self.notifications.record(EventType.ARCHIVE, item)
            else:
                self._remove(item)
                self.notifications.record(EventType.DELETE, item)
            self._drop_content(item.content)
        return item

    def _swap(
        self, target: Target, content: Content, settings: Resource
    ) -> StoredObject:
        is_versioned = self._is_versioned(target.bucket)
        previous = self.require(target)
        item = _fresh(target, content, settings, self._next_generation())
        details = {}
        if previous is not None:
            self._retire(previous, item.generation, archives=is_versioned)
            self._drop_content(previous.content)
            details["overwroteGeneration"] = previous.generation
        self.database.execute(_INSERT, *_values(item))
        self.notifications.record(EventType.FINALIZE, item, **details)
        return item

    def _retire(self, previous: StoredObject, by: int, *, archives: bool) -> None:
        if archives:
            event = EventType.ARCHIVE
            self._archive(previous)
        else:
            event = EventType.DELETE
            self._remove(previous)
        self.notifications.record(event, previous, overwrittenByGeneration=by)

    def _archive(self, item: StoredObject) -> None:
        self._update(replace(item, is_live=False, deleted_at=now_text()))

    def _update(self, item: StoredObject) -> None:
        self._remove(item)
        self.database.execute(_INSERT, *_values(item))

    def _remove(self, item: StoredObject) -> None:
        self.database.execute(
            f"DELETE FROM object WHERE {_BY_NAME} AND generation = ?",  # noqa: S608
            item.bucket,
            item.name,
            item.generation,
        )

    def _drop_content(self, content: str) -> None:
        def drop() -> None:
            used = "SELECT 1 FROM object WHERE content = ?"
            if self.database.value(used, content) is None:
                self.content.remove(content)

        # Not before: a roll-back would bring back metadata whose content is gone.
        self.database.after_commit(drop)

    def _is_versioned(self, bucket: str) -> bool:
        text = self.database.value("SELECT resource FROM bucket WHERE name = ?", bucket)
        if text is None:
            raise BucketNotFoundError("no such bucket", bucket=bucket)
        versioning = json.loads(text).get("versioning") or {}
        return bool(versioning.get("enabled"))

    def _next_generation(self) -> int:
        last = int(self.database.value("SELECT value FROM last_generation"))
        following = max(last + 1, time.time_ns() // 1000)
        self.database.execute("UPDATE last_generation SET value = ?", following)
        return following


def _fresh(
    target: Target, content: Content, settings: Resource, generation: int
) -> StoredObject:
    now = now_text()
    return StoredObject(
        bucket=target.bucket,
        name=target.name,
        generation=generation,
        metageneration=1,
        is_live=True,
        content=content.name,
        size_bytes=content.digest.size_bytes,
        crc32c=content.digest.crc32c,
        md5=None if content.component_count else content.digest.md5,
        component_count=content.component_count,
        created_at=now,
        updated_at=now,
        deleted_at=None,
        settings=settings,
    )


def _values(item: StoredObject) -> list[Any]:
    values = [getattr(item, name) for name in _COLUMNS]
    values[-1] = json.dumps(item.settings)
    return values


def _require_no_hold(item: StoredObject) -> None:
    for hold in ("temporaryHold", "eventBasedHold"):
        if item.settings.get(hold):
            raise ForbiddenError("the object is under a hold", hold=hold)
