"""Amazon S3, and what speaks its protocol, as an object store (boto3).

S3 has no generations: microseconds of the last change stand for them, and reading an
older one fails as not found.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, cast

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    ParamValidationError,
)

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

_CHUNK_BYTES = 1024 * 1024
_IN_MEMORY_BYTES = 8 * 1024 * 1024
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}
_BY_STATUS: dict[int, tuple[type[CatalogError], str]] = {
    400: (InvalidInputError, "the store refused"),
    403: (ForbiddenError, "not allowed in this bucket"),
    404: (NotFoundError, "no such object"),
    412: (ConflictError, "object already exists"),
}
_BUSY = {"RequestTimeout", "SlowDown", "Throttling", "RequestTimeTooSkewed"}
_BEYOND = 416


def s3_client(**options: Any) -> Any:
    """Return a client that gives up within seconds, for boto3's own *options*."""
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 3},
        signature_version="s3v4",
        # Servers other than Amazon's know buckets by path.
        s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
    )
    return boto3.client("s3", config=config, **options)


class S3ObjectStore:
    """One bucket of S3."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @property
    def base_uri(self) -> str:
        return f"s3://{self._bucket}"

    def create(
        self,
        name: str,
        content: bytes,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectStat:
        with _translated(name):
            self._client.put_object(
                Bucket=self._bucket,
                Key=checked(name),
                Body=content,
                ContentType=content_type,
                Metadata=dict(metadata or {}),
                IfNoneMatch="*",
            )
        return self.stat(name)

    @contextmanager
    def open_writer(self, name: str, *, content_type: str) -> Iterator[BinaryIO]:
        checked(name)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as spool:
            yield cast("BinaryIO", spool)
            spool.seek(0)
            with _translated(name):
                self._client.upload_fileobj(
                    spool,
                    self._bucket,
                    name,
                    ExtraArgs={"ContentType": content_type},
                )

    def stat(self, name: str, *, generation: int | None = None) -> ObjectStat:
        with _translated(name):
            found = self._client.head_object(Bucket=self._bucket, Key=checked(name))
        stat = ObjectStat(
            uri=f"{self.base_uri}/{name}",
            name=name,
            generation=_generation(found["LastModified"]),
            size_bytes=found["ContentLength"],
            content_type=found.get("ContentType", "application/octet-stream"),
            updated_at=found["LastModified"].astimezone(UTC),
            metadata=found.get("Metadata", {}),
        )
        if generation not in (None, stat.generation):
            raise NotFoundError(
                "no such object", object=name, generation=str(generation)
            )
        return stat

    def read(
        self,
        name: str,
        *,
        start: int = 0,
        end: int | None = None,
        generation: int | None = None,
    ) -> Iterator[bytes]:
        if generation is not None or (end is not None and end <= start):
            self.stat(name, generation=generation)
        if end is not None and end <= start:
            return iter(())
        span = f"bytes={start}-{'' if end is None else end - 1}"
        partial = {"Range": span} if start or end is not None else {}
        try:
            with _translated(name):
                body = self._client.get_object(
                    Bucket=self._bucket, Key=checked(name), **partial
                )["Body"]
        except _BeyondEndError:
            return iter(())
        return _chunks(body, name)

    def read_known(
        self, stat: ObjectStat, *, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        return self.read(stat.name, start=start, end=end, generation=stat.generation)

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        pages = self._client.get_paginator("list_objects_v2")
        with _translated(prefix):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    yield from self._still_there(found["Key"])

    def _still_there(self, name: str) -> Iterator[ObjectStat]:
        # The list tells no content types; what went since it was made is left out.
        with suppress(NotFoundError):
            yield self.stat(name)

    def delete(self, name: str) -> None:
        # S3 answers success for what is not there.
        self.stat(name)
        with _translated(name):
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def signed_download(
        self, name: str, *, valid_for: timedelta, filename: str | None = None
    ) -> str:
        params = {"Bucket": self._bucket, "Key": checked(name)}
        if filename:
            params["ResponseContentDisposition"] = attachment(filename)
        return str(
            self._client.generate_presigned_url(
                "get_object", Params=params, ExpiresIn=int(valid_for.total_seconds())
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
        # S3 has no resumable sessions of one URL: one request must do.
        url = self._client.generate_presigned_url(
            "put_object",
            Params={
                "Bucket": self._bucket,
                "Key": checked(name),
                "ContentType": content_type,
            },
            ExpiresIn=int(valid_for.total_seconds()),
        )
        return SignedUpload(
            url=str(url),
            method="PUT",
            headers={"Content-Type": content_type},
            expires_at=datetime.now(UTC) + valid_for,
        )


class _BeyondEndError(Exception):
    """The range starts past the end: there is nothing to read."""


def _generation(changed_at: datetime) -> int:
    return int(changed_at.timestamp() * 1_000_000)


def _chunks(body: Any, name: str) -> Iterator[bytes]:
    with closing(body), _translated(name):
        yield from body.iter_chunks(_CHUNK_BYTES)


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as exc:
        raise _told(exc, name) from exc
    except ParamValidationError as exc:
        raise InvalidInputError("the store refused", object=name) from exc
    except (BotoCoreError, HTTPClientError) as exc:
        raise TransientError("the object store is away", object=name) from exc


def _told(exc: ClientError, name: str) -> Exception:
    code = exc.response.get("Error", {}).get("Code", "")
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == _BEYOND:
        return _BeyondEndError()
    if code in _TAKEN:
        return ConflictError("object already exists", object=name)
    if code not in _BUSY and status in _BY_STATUS:
        error, words = _BY_STATUS[status]
        return error(words, object=name)
    return TransientError("the object store is away", object=name)
