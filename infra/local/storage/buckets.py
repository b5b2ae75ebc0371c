"""Buckets and their settings."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from .database import Database
from .errors import BucketNotFoundError, ConflictError, InvalidError
from .preconditions import Preconditions
from .resources import Resource, now_text

_PROJECT_NUMBER = "1"
# "Bucket naming guidelines": names with dots may be longer, each part at most 63.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", re.ASCII)
_KINDS: dict[str, type] = {
    "cors": list,
    "iamConfiguration": dict,
    "labels": dict,
    "lifecycle": dict,
    "versioning": dict,
}
_FIXED = {"id", "kind", "name", "timeCreated", "projectNumber", "metageneration"}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket; `settings` is its resource without what the server derives."""

    name: str
    metageneration: int
    settings: Resource

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Bucket:
        return cls(row["name"], row["metageneration"], json.loads(row["resource"]))

    @property
    def generation(self) -> int:
        """Buckets have one only, and conditions on it are not a thing."""
        return 1

    @property
    def etag(self) -> str:
        return base64.b64encode(str(self.metageneration).encode()).decode("ascii")

    @property
    def cors(self) -> list[Resource]:
        rules: list[Resource] = self.settings.get("cors") or []
        return rules

    def view(self, base_url: str) -> Resource:
        """Return the resource of the JSON interface, with links under *base_url*."""
        return {
            "kind": "storage#bucket",
            "id": self.name,
            "name": self.name,
            "selfLink": f"{base_url}/storage/v1/b/{self.name}",
            "projectNumber": _PROJECT_NUMBER,
            "metageneration": str(self.metageneration),
            "etag": self.etag,
        } | self.settings


@dataclass(frozen=True, slots=True)
class Buckets:
    """The table of buckets."""

    database: Database

    def find(self, name: str) -> Bucket | None:
        row = self.database.row("SELECT * FROM bucket WHERE name = ?", name)
        return None if row is None else Bucket.from_row(row)

    def get(self, name: str) -> Bucket:
        """Return the bucket called *name*.

        Raises:
            BucketNotFoundError: there is none.
        """
        bucket = self.find(name)
        if bucket is None:
            raise BucketNotFoundError("no such bucket", bucket=name)
        return bucket

    def page(self, prefix: str, after: str, limit: int) -> list[Bucket]:
        """Return at most *limit* buckets with *prefix*, by name, later than *after*."""
        rows = self.database.rows(
            "SELECT * FROM bucket WHERE name > ? AND substr(name, 1, ?) = ? "
            "ORDER BY name LIMIT ?",
            after,
            len(prefix),
            prefix,
            limit,
        )
        return [Bucket.from_row(row) for row in rows]

    def create(self, resource: Resource) -> Bucket:
        """Add a bucket.

        Raises:
            InvalidError: no bucket may have this name.
            ConflictError: there is one.
        """
        name = _checked_name(resource.get("name"))
        if self.find(name) is not None:
            raise ConflictError("you already own this bucket", bucket=name)
        now = now_text()
        settings = _defaults() | _without(resource)
        bucket = Bucket(name, 1, settings | {"timeCreated": now, "updated": now})
        self.database.execute(
            "INSERT INTO bucket (name, metageneration, resource) VALUES (?, ?, ?)",
            name,
            1,
            json.dumps(bucket.settings),
        )
        return bucket

    def patch(self, name: str, resource: Resource, on: Preconditions) -> Bucket:
        """Merge *resource* into the settings: null removes.

        Raises:
            BucketNotFoundError: there is no such bucket.
            PreconditionFailedError: a condition of *on* does not hold.
        """
        bucket = self.get(name)
        on.require(bucket)
        settings = _merged(bucket.settings, _without(resource))
        return self._save(bucket, settings)

    def replace(self, name: str, resource: Resource, on: Preconditions) -> Bucket:
        """Set the settings anew.

        Raises:
            BucketNotFoundError: there is no such bucket.
            PreconditionFailedError: a condition of *on* does not hold.
        """
        bucket = self.get(name)
        on.require(bucket)
        settings = _defaults() | _without(resource)
        return self._save(
            bucket, settings | {"timeCreated": bucket.settings["timeCreated"]}
        )

    def delete(self, name: str, on: Preconditions) -> None:
        """Remove an empty bucket.

        Raises:
            BucketNotFoundError: there is no such bucket.
            PreconditionFailedError: a condition of *on* does not hold.
            ConflictError: it still holds objects, live or not.
        """
        on.require(self.get(name))
        with self.database.transaction():
            if self.database.value("SELECT 1 FROM object WHERE bucket = ?", name):
                raise ConflictError("the bucket is not empty", bucket=name)
            self.database.execute("DELETE FROM upload WHERE bucket = ?", name)
            self.database.execute("DELETE FROM multipart WHERE bucket = ?", name)
            self.database.execute("DELETE FROM bucket WHERE name = ?", name)

    def iam_policy(self, name: str) -> Resource:
        """Return the access policy, which nobody enforces here."""
        text = self.database.value("SELECT iam_policy FROM bucket WHERE name = ?", name)
        policy: Resource = json.loads(text) if text else {"bindings": [], "version": 1}
        return {
            "kind": "storage#policy",
            "resourceId": f"projects/_/buckets/{name}",
            "etag": "CAE=",
        } | policy

    def set_iam_policy(self, name: str, policy: Resource) -> Resource:
        self.database.execute(
            "UPDATE bucket SET iam_policy = ? WHERE name = ?", json.dumps(policy), name
        )
        return self.iam_policy(name)

    def _save(self, bucket: Bucket, settings: Resource) -> Bucket:
        saved = replace(
            bucket,
            metageneration=bucket.metageneration + 1,
            settings=settings | {"updated": now_text()},
        )
        self.database.execute(
            "UPDATE bucket SET metageneration = ?, resource = ? WHERE name = ?",
            saved.metageneration,
            json.dumps(saved.settings),
            saved.name,
        )
        return saved


def _defaults() -> Resource:
    return {
        "location": "US",
        "locationType": "multi-region",
        "storageClass": "STANDARD",
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": False},
            "publicAccessPrevention": "inherited",
        },
    }


def _checked_name(name: Any) -> str:
    if (
        not isinstance(name, str)
        or not _NAME.fullmatch(name)
        or name.startswith("goog")
        or any(not 0 < len(part) <= 63 for part in name.split("."))
    ):
        raise InvalidError("no bucket may have this name", bucket=name)
    return name


def _without(resource: Resource) -> Resource:
    """Return *resource* without what no client sets."""
    for name, kind in _KINDS.items():
        if not isinstance(resource.get(name), kind | None):
            raise InvalidError("a setting is malformed", setting=name)
    if not all(isinstance(rule, dict) for rule in resource.get("cors") or ()):
        raise InvalidError("a setting is malformed", setting="cors")
    return {name: value for name, value in resource.items() if name not in _FIXED}


def _merged(current: Resource, patch: Resource) -> Resource:
    merged = dict(current)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = _merged(merged[name], value)
        else:
            merged[name] = value
    return merged
