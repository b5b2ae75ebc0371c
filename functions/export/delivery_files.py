"""The files of a delivery: copied as they were staged, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from shared.ddex.writing import FileDescription, ReleaseDescription
from shared.ddex.writing.description import text
from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError, NotFoundError
from shared.ports.object_store import ObjectStore

from .stores import Stores

_RESOURCES: Final = "resources:"


@dataclass(slots=True)
class DeliveryFolder:
    """Writes into one folder of the exports bucket, and keeps account of it.

    Attributes:
        files: Name below the folder, size and SHA-256 of each file written.
    """

    stores: Stores
    tenant_id: str
    path: str
    files: list[dict[str, JsonValue]] = field(default_factory=list)

    def write(self, name: str, content: bytes, content_type: str) -> str:
        """Write *content*; return the object's whole name."""
        self._pour(name, iter([content]), content_type)
        return f"{self.path}/{name}"

    def with_files(self, base: str, release: ReleaseDescription) -> ReleaseDescription:
        """Copy the files of *release* below *base*; return it with their sums.

        Raises:
            InvalidInputError: A file is not there, or not what was staged.
        """
        placed = []
        for place in release.places:
            file = place.recording.file
            copied = self._copied(base, file) if file else None
            placed.append(
                replace(place, recording=replace(place.recording, file=copied))
            )
        pictures = [
            replace(picture, file=self._copied(base, picture.file))
            for picture in release.pictures
        ]
        return replace(release, places=tuple(placed), pictures=tuple(pictures))

    def _copied(self, base: str, file: FileDescription) -> FileDescription:
        store, name = self._source(text(file.values, "uri"))
        try:
            size_bytes, sha256 = self._pour(
                f"{base}/{file.uri}",
                store.read(name),
                text(file.values, "mime_type") or "application/octet-stream",
            )
        except NotFoundError as exc:
            raise InvalidInputError(
                "a file of the release is not there", file=name
            ) from exc
        staged = text(file.values, "sha256")
        if staged and staged != sha256:
            raise InvalidInputError(
                "a file is not what was staged", file=name, staged=staged, found=sha256
            )
        sums: dict[str, JsonValue] = {"sha256": sha256, "size_bytes": size_bytes}
        return replace(file, values={**file.values, **sums})

    def _source(self, uri: str) -> tuple[ObjectStore, str]:
        if uri.startswith(_RESOURCES):
            name = uri.removeprefix(_RESOURCES)
            return self.stores.resources, f"{self.tenant_id}/{name}"
        uploads = self.stores.uploads
        own = f"{uploads.base_uri}/{self.tenant_id}/"
        # Of another tenant's folder nothing is delivered, whatever a message said.
        if not uri.startswith(own):
            raise InvalidInputError("a file of the release is not there", file=uri)
        return uploads, uri.removeprefix(f"{uploads.base_uri}/")

    def _pour(
        self, name: str, chunks: Iterator[bytes], content_type: str
    ) -> tuple[int, str]:
        digest, size_bytes = hashlib.sha256(), 0
        first = next(chunks, b"")
        with self.stores.exports.open_writer(
            f"{self.path}/{name}", content_type=content_type
        ) as stream:
            for chunk in _from(first, chunks):
                stream.write(chunk)
                digest.update(chunk)
                size_bytes += len(chunk)
        told: Mapping[str, JsonValue] = {
            "name": name,
            "size_bytes": size_bytes,
            "sha256": digest.hexdigest(),
        }
        self.files.append(dict(told))
        return size_bytes, digest.hexdigest()


def _from(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    # The first was read before the file was opened: what is not there leaves none.
    yield first
    yield from chunks
