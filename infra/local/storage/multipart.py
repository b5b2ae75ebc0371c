"""Multipart uploads of the XML interface: parts in any order, joined at the end.

The content of an upload's parts lies in files of their own, which the last step joins
into a new one: until its commit the object is not there at all ("XML API multipart
uploads").
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from .content import ContentStore, Digest
from .database import Database
from .errors import InvalidError, NotFoundError
from .objects import Content, Objects, Target
from .resources import Resource, StoredObject, now_text, require_object_name

_MAX_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `md5` is base64, its entity tag the same in hexadecimal."""

    number: int
    content: str
    size_bytes: int
    md5: str

    @property
    def etag(self) -> str:
        return base64.b64decode(self.md5).hex()


@dataclass(frozen=True, slots=True)
class Multipart:
    """One upload under way."""

    id: str
    bucket: str
    name: str
    settings: Resource
    created_at: str


class MultipartUploads:
    """All multipart uploads, kept in the database."""

    def __init__(
        self, database: Database, content: ContentStore, objects: Objects
    ) -> None:
        self._database = database
        self._content = content
        self._objects = objects

    def start(self, bucket: str, name: str, settings: Resource) -> Multipart:
        """Begin an upload.

        Raises:
            InvalidError: no object may have this name.
        """
        require_object_name(name)
        upload = Multipart(
            secrets.token_urlsafe(24), bucket, name, settings, now_text()
        )
        self._database.execute(
            "INSERT INTO multipart (id, bucket, name, settings, created_at) "
            "VALUES (?, ?, ?, ?, ?)",
            upload.id,
            bucket,
            name,
            json.dumps(settings),
            upload.created_at,
        )
        return upload

    def get(self, bucket: str, name: str, upload_id: str) -> Multipart:
        """Return the upload *upload_id* of an object.

        Raises:
            NotFoundError: there is none.
        """
        for upload in self.of_bucket(bucket):
            if (upload.id, upload.name) == (upload_id, name):
                return upload
        raise NotFoundError("no such upload", upload_id=upload_id)

    def of_bucket(self, bucket: str) -> list[Multipart]:
        rows = self._database.rows(
            "SELECT * FROM multipart WHERE bucket = ? ORDER BY name, id", bucket
        )
        return [
            Multipart(**dict(row) | {"settings": json.loads(row["settings"])})
            for row in rows
        ]

    def parts(self, upload: Multipart) -> list[Part]:
        rows = self._database.rows(
            "SELECT number, content, size_bytes, md5 FROM part "
            "WHERE upload_id = ? ORDER BY number",
            upload.id,
        )
        return [Part(**dict(row)) for row in rows]

    def put(self, upload: Multipart, number: int, content: str, digest: Digest) -> Part:
        """Add or replace part *number*, 1 to 10,000.

        Raises:
            InvalidError: the number is out of range.
            NotFoundError: the upload was finished or given up meanwhile.
        """
        if not 1 <= number <= _MAX_PARTS:
            raise InvalidError("part numbers go from 1 to 10000", number=number)
        with self._database.transaction():
            self.get(upload.bucket, upload.name, upload.id)
            replaced = self._database.value(
                "SELECT content FROM part WHERE upload_id = ? AND number = ?",
                upload.id,
                number,
            )
            self._database.execute(
                "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)",
                upload.id,
                number,
                content,
                digest.size_bytes,
                digest.md5,
            )
        if replaced is not None:
            self._content.remove(replaced)
        return Part(number, content, digest.size_bytes, digest.md5)

    async def complete(
        self, upload: Multipart, chosen: Sequence[tuple[int, str]]
    ) -> StoredObject:
        """Join the *chosen* parts, (number, entity tag) each, into the object.

        Raises:
            InvalidError: the numbers do not ascend, or a part is not as stated.
        """
        parts = self._chosen_parts(upload, chosen)
        async with self._content.new() as writer:
            await self._content.join([part.content for part in parts], writer)
            digest = await writer.finish()
            with self._database.transaction():
                self.get(upload.bucket, upload.name, upload.id)
                item = self._objects.put(
                    Target(upload.bucket, upload.name),
                    Content(writer.name, digest, component_count=len(parts)),
                    upload.settings,
                )
                self.abort(upload)
            writer.keep()
        return item

    def abort(self, upload: Multipart) -> None:
        """Forget the upload and its parts."""
        contents = [part.content for part in self.parts(upload)]
        with self._database.transaction():
            self._database.execute("DELETE FROM multipart WHERE id = ?", upload.id)
            self._database.after_commit(lambda: self._remove_files(contents))

    def _remove_files(self, contents: Sequence[str]) -> None:
        for content in contents:
            self._content.remove(content)

    def _chosen_parts(
        self, upload: Multipart, chosen: Sequence[tuple[int, str]]
    ) -> list[Part]:
        numbers = [number for number, _ in chosen]
        if not numbers or numbers != sorted(set(numbers)):
            raise InvalidError("part numbers have to ascend", numbers=numbers)
        known = {part.number: part for part in self.parts(upload)}
        for number, etag in chosen:
            part = known.get(number)
            if part is None or part.etag != etag.strip('"'):
                raise InvalidError("no such part", number=number, etag=etag)
        return [known[number] for number in numbers]
