"""Stored files, by address: `gs://bucket/name`, `s3://bucket/name`, `file:///name`.

A store is one bucket (or folder). Names are relative to it, `/`-separated, never
empty, without `.` or `..` segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class ObjectStat:
    """What a store knows of an object.

    Attributes:
        uri: The whole address.
        generation: Increases whenever the name is written anew; microseconds since
            1970 where the store has no number of its own.
        updated_at: When this generation was written.
        crc32c: Eight hexadecimal digits, or None where the store keeps none.
    """

    uri: str
    name: str
    generation: int
    size_bytes: int
    content_type: str
    updated_at: datetime
    crc32c: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SignedUpload:
    """How a client without credentials may write one object.

    Attributes:
        method: `PUT` for one request; `POST` starts a resumable session.
        headers: To be sent exactly so: they are part of the signature.
    """

    url: str
    method: str
    headers: Mapping[str, str]
    expires_at: datetime


class ObjectStore(Protocol):
    """One bucket. Everything raises TransientError while the store is away.

    It is tried for seconds, not minutes: events come again, and requests do not wait.
    """

    @property
    def base_uri(self) -> str:
        """The address that names are relative to, without a slash at its end."""
        ...

    def create(
        self,
        name: str,
        content: bytes,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectStat:
        """Write *name* once: raise ConflictError where it already exists."""
        ...

    def open_writer(
        self, name: str, *, content_type: str
    ) -> AbstractContextManager[BinaryIO]:
        """Stream into *name*, replacing it on a clean exit; nothing on an error."""
        ...

    def stat(self, name: str, *, generation: int | None = None) -> ObjectStat:
        """Return what is known of *name*, or raise NotFoundError."""
        ...

    def read(
        self,
        name: str,
        *,
        start: int = 0,
        end: int | None = None,
        generation: int | None = None,
    ) -> Iterator[bytes]:
        """Stream bytes from *start* up to, not including, *end*.

        Raises:
            NotFoundError: There is no such object, or not of that generation; raised
                before the first chunk.
        """
        ...

    def read_known(
        self, stat: ObjectStat, *, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        """Stream bytes as `read` does, of the very generation that *stat* tells of.

        The store is not asked again what is known already.
        """
        ...

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        """Return the objects whose name begins with *prefix*, sorted by name."""
        ...

    def delete(self, name: str) -> None:
        """Remove *name*; raise NotFoundError where there is none."""
        ...

    def signed_download(
        self, name: str, *, valid_for: timedelta, filename: str | None = None
    ) -> str:
        """Return a URL that anyone may GET *name* at until it expires."""
        ...

    def signed_upload(
        self,
        name: str,
        *,
        valid_for: timedelta,
        content_type: str,
        resumable: bool,
        max_bytes: int | None = None,
    ) -> SignedUpload:
        """Return how a client may write *name* until it expires."""
        ...
