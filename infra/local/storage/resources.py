"""Stored objects, and how the JSON interface shows them."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from .errors import InvalidError

# A JSON object as it goes over the wire.
Resource = dict[str, Any]

# What a client may set, at upload or later.
SETTABLE = frozenset(
    {
        "cacheControl", "contentDisposition", "contentEncoding", "contentLanguage",
        "contentType", "contexts", "customTime", "eventBasedHold", "metadata",
        "storageClass", "temporaryHold",
    }
)  # fmt: skip
DEFAULT_CONTENT_TYPE = "application/octet-stream"
_MAX_NAME_BYTES = 1024
_LONGEST_NUMBER = 18
_MAX_METADATA_BYTES = 8 * 1024


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One generation of one object.

    `content` names the file that holds its bytes; several generations may share one.
    `md5` is None for objects made of others. `settings` holds what the client set.
    """

    bucket: str
    name: str
    generation: int
    metageneration: int
    is_live: bool
    content: str
    size_bytes: int
    crc32c: str
    md5: str | None
    component_count: int | None
    created_at: str
    updated_at: str
    deleted_at: str | None
    settings: Resource

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> StoredObject:
        values = dict(row)
        values["is_live"] = bool(values["is_live"])
        values["settings"] = json.loads(values["settings"])
        return cls(**values)

    @property
    def etag(self) -> str:
        version = f"{self.generation}/{self.metageneration}"
        return base64.b64encode(version.encode()).decode("ascii")

    @property
    def content_type(self) -> str:
        return str(self.settings.get("contentType") or DEFAULT_CONTENT_TYPE)

    @property
    def is_gzip(self) -> bool:
        return self.settings.get("contentEncoding") == "gzip"

    @property
    def hashes(self) -> str:
        """The value of the `X-Goog-Hash` header."""
        hashes = f"crc32c={self.crc32c}"
        return hashes if self.md5 is None else f"{hashes},md5={self.md5}"

    def view(self, base_url: str) -> Resource:
        """Return the resource of the JSON interface, with links under *base_url*."""
        path = f"storage/v1/b/{self.bucket}/o/{quote(self.name, safe='')}"
        resource: Resource = {
            "kind": "storage#object",
            "id": f"{self.bucket}/{self.name}/{self.generation}",
            "selfLink": f"{base_url}/{path}",
            "mediaLink": (
                f"{base_url}/download/{path}?generation={self.generation}&alt=media"
            ),
            "name": self.name,
            "bucket": self.bucket,
            "generation": str(self.generation),
            "metageneration": str(self.metageneration),
            "contentType": DEFAULT_CONTENT_TYPE,
            "storageClass": "STANDARD",
            "size": str(self.size_bytes),
            "crc32c": self.crc32c,
            "etag": self.etag,
            "timeCreated": self.created_at,
            "updated": self.updated_at,
            "timeStorageClassUpdated": self.created_at,
            "timeFinalized": self.created_at,
        }
        optional = {
            "md5Hash": self.md5,
            "componentCount": self.component_count,
            "timeDeleted": self.deleted_at,
        }
        resource |= {k: value for k, value in optional.items() if value is not None}
        return resource | self.settings


def settings_from(resource: Mapping[str, Any]) -> Resource:
    """Return what of *resource* a client may set, without what is null.

    Raises:
        InvalidError: the custom metadata is no mapping of texts, or too large.
    """
    settings = {
        name: value
        for name, value in resource.items()
        if name in SETTABLE and value is not None
    }
    if "metadata" in settings:
        settings["metadata"] = _custom_metadata(settings["metadata"])
    return settings


def _custom_metadata(metadata: object) -> dict[str, str]:
    if not isinstance(metadata, dict):
        raise InvalidError("metadata has to be an object")
    texts = {str(k): str(value) for k, value in metadata.items() if value is not None}
    size_bytes = sum(len(k.encode()) + len(v.encode()) for k, v in texts.items())
    if size_bytes > _MAX_METADATA_BYTES:
        raise InvalidError("the custom metadata is too large", size_bytes=size_bytes)
    return texts


def patched_settings(current: Resource, patch: Mapping[str, Any]) -> Resource:
    """Return *current* with *patch* merged in: null removes, also inside metadata."""
    settings = dict(current)
    for name, value in patch.items():
        if name == "metadata" and isinstance(value, dict):
            settings[name] = settings.get(name, {}) | value
        else:
            settings[name] = value
    return settings_from(settings)


def unquoted(text: str) -> str:
    """Return *text* without its percent-encoding.

    Raises:
        InvalidError: what comes out is not UTF-8.
    """
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as exc:
        raise InvalidError("a path is not UTF-8", path=text) from exc


def whole_number(text: object, name: str) -> int:
    """Return *text* as a number that SQLite can hold.

    Raises:
        InvalidError: it is none; *name* says what it was for.
    """
    digits = str(text)
    if not digits.isdecimal() or len(digits) > _LONGEST_NUMBER:
        raise InvalidError("not a number", parameter=name, value=text)
    return int(digits)


def require_object_name(name: str | None) -> str:
    """Return *name* if objects can be called so ("Object naming guidelines").

    Raises:
        InvalidError: it is empty, longer than 1024 bytes, has a line break, or is one
            of the names that no object may have.
    """
    if not name or len(name.encode()) > _MAX_NAME_BYTES:
        raise InvalidError("an object name has 1 to 1024 bytes", name=name)
    if "\n" in name or "\r" in name or name in {".", ".."}:
        raise InvalidError("no object may have this name", name=name)
    if name.startswith(".well-known/acme-challenge/"):
        raise InvalidError("no object may have this name", name=name)
    return name


def now_text() -> str:
    """Return this instant as the service writes it, to the millisecond."""
    now = datetime.now(UTC)
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
