"""Google Cloud Storage as an object store.

Written for google-cloud-storage 3. `STORAGE_EMULATOR_HOST` points the client at
another server; nothing here knows the difference.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Protocol

import google_crc32c
from google.api_core import exceptions as api_errors
from google.auth.exceptions import TransportError
from google.cloud import storage
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
from google.cloud.storage.retry import DEFAULT_RETRY
from requests import RequestException

from shared.adapters.names import attachment, checked
from shared.domain.errors import (
    CatalogError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TransientError,
)
from shared.ports.object_store import ObjectStat, SignedUpload

_CHUNK_BYTES = 8 * 1024 * 1024
# To connect, and between two bytes of an answer.
_TIMEOUT_S = (5, 30)
_BY_STATUS: dict[int, tuple[type[CatalogError], str]] = {
    400: (InvalidInputError, "the store refused"),
    401: (ForbiddenError, "not allowed in this bucket"),
    403: (ForbiddenError, "not allowed in this bucket"),
    404: (NotFoundError, "no such object"),
    412: (ConflictError, "object already exists"),
}


class Signing(Protocol):
    """Gives the keyword arguments with which the client signs a URL."""

    def arguments(self) -> Mapping[str, Any]: ...


class GcsObjectStore:
    """One bucket of Google Cloud Storage.

    Args:
        patience_s: How long each request is tried while the store is away. The client
            would try for two minutes, longer than a caller waits.
    """

    def __init__(
        self,
        client: storage.Client,
        bucket: str,
        signing: Signing,
        *,
        patience_s: float = 10.0,
    ) -> None:
        self._bucket = client.bucket(bucket)
        self._signing = signing
        self._trying: dict[str, Any] = {
            "timeout": _TIMEOUT_S,
            "retry": DEFAULT_RETRY.with_delay(initial=0.2).with_timeout(patience_s),
        }

    @property
    def base_uri(self) -> str:
        return f"gs://{self._bucket.name}"

    def create(
        self,
        name: str,
        content: bytes,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectStat:
        blob = self._bucket.blob(checked(name))
        blob.metadata = dict(metadata) if metadata else None
        with _translated(name):
            # Generation 0 means "only if there is none": the server decides the
            # race, and the client library may then retry the upload safely.
            blob.upload_from_string(
                content,
                content_type=content_type,
                if_generation_match=0,
                checksum="crc32c",
                **self._trying,
            )
        return self._stat(blob)

    @contextmanager
    def open_writer(self, name: str, *, content_type: str) -> Iterator[BinaryIO]:
        blob = self._bucket.blob(checked(name))
        with _translated(name):
            writer = blob.open(
                "wb",
                content_type=content_type,
                chunk_size=_CHUNK_BYTES,
                ignore_flush=True,
                **self._trying,
            )
            try:
                yield writer
                writer.close()
            except BaseException:
                # Closing would finish the upload; an abandoned session expires.
                with suppress(RequestException, TransportError):
                    writer.terminate()
                raise

    def stat(self, name: str, *, generation: int | None = None) -> ObjectStat:
        blob = self._bucket.blob(checked(name), generation=generation)
        with _translated(name):
            blob.reload(**self._trying)
        return self._stat(blob)

    def read(
        self,
        name: str,
        *,
        start: int = 0,
        end: int | None = None,
        generation: int | None = None,
    ) -> Iterator[bytes]:
        return self.read_known(
            self.stat(name, generation=generation), start=start, end=end
        )

    def read_known(
        self, stat: ObjectStat, *, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        stop = stat.size_bytes if end is None else min(end, stat.size_bytes)
        chunks = self._chunks(stat, start, stop)
        if start == 0 and stop == stat.size_bytes and stat.crc32c:
            return _verified(chunks, stat)
        return chunks

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        with _translated(prefix):
            for blob in self._bucket.list_blobs(prefix=prefix, **self._trying):
                yield self._stat(blob)

    def delete(self, name: str) -> None:
        with _translated(name):
            # Not tried again: it may have gone at the first time, and not be there.
            self._bucket.blob(checked(name)).delete(timeout=_TIMEOUT_S)

    def signed_download(
        self, name: str, *, valid_for: timedelta, filename: str | None = None
    ) -> str:
        disposition = attachment(filename) if filename else None
        return str(
            self._bucket.blob(checked(name)).generate_signed_url(
                version="v4",
                expiration=valid_for,
                method="GET",
                response_disposition=disposition,
                **self._signing.arguments(),
            )
        )

    def signed_upload(
        self,
        name: str,
        *,
        valid_for: timedelta,
        content_type: str,
        resumable: bool,
        max_bytes: int | None = None,
    ) -> SignedUpload:
        headers = {"x-goog-resumable": "start"} if resumable else {}
        if max_bytes is not None and not resumable:
            headers["x-goog-content-length-range"] = f"0,{max_bytes}"
        method = "POST" if resumable else "PUT"
        url = self._bucket.blob(checked(name)).generate_signed_url(
            version="v4",
            expiration=valid_for,
            method=method,
            content_type=content_type,
            headers=headers,
            **self._signing.arguments(),
        )
        return SignedUpload(
            url=str(url),
            method=method,
            headers={"Content-Type": content_type, **headers},
            expires_at=datetime.now(UTC) + valid_for,
        )

    def _chunks(self, stat: ObjectStat, start: int, stop: int) -> Iterator[bytes]:
        blob = self._bucket.blob(stat.name, generation=stat.generation)
        while start < stop:
            last = min(start + _CHUNK_BYTES, stop) - 1
            with _translated(stat.name):
                # A part of an object has no checksum of its own to compare with.
                chunk = blob.download_as_bytes(
                    start=start,
                    end=last,
                    raw_download=True,
                    checksum=None,
                    **self._trying,
                )
            yield chunk
            start = last + 1

    def _stat(self, blob: storage.Blob) -> ObjectStat:
        return ObjectStat(
            uri=f"{self.base_uri}/{blob.name}",
            name=blob.name,
            generation=int(blob.generation),
            size_bytes=int(blob.size),
            content_type=blob.content_type or "application/octet-stream",
            updated_at=blob.time_created or blob.updated,
            crc32c=_hexadecimal(blob.crc32c),
            metadata=dict(blob.metadata or {}),
        )


def _verified(chunks: Iterator[bytes], stat: ObjectStat) -> Iterator[bytes]:
    """Pass on *chunks*, and raise at the end where they are not what was written."""
    checksum = google_crc32c.Checksum()
    for chunk in chunks:
        checksum.update(chunk)
        yield chunk
    if checksum.hexdigest().decode() != stat.crc32c:
        raise TransientError("the object came damaged", object=stat.name)


def _hexadecimal(base64_crc32c: str | None) -> str | None:
    return base64.b64decode(base64_crc32c).hex() if base64_crc32c else None


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except api_errors.GoogleAPICallError as exc:
        raise _told(exc.code, name) from exc
    except InvalidResponse as exc:
        # What uploads in parts say in place of the above.
        raise _told(exc.response.status_code, name) from exc
    except (
        api_errors.RetryError,
        DataCorruption,
        TransportError,
        RequestException,
    ) as exc:
        raise TransientError("the object store is away", object=name) from exc


def _told(status: int | None, name: str) -> CatalogError:
    error, words = _BY_STATUS.get(
        status or 0, (TransientError, "the object store is away")
    )
    return error(words, object=name)
