"""A folder as an object store: for tests, and for one machine without a cloud."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from shared.adapters.names import checked
from shared.domain.errors import ConflictError, InvalidInputError, NotFoundError
from shared.ports.object_store import ObjectStat, SignedUpload

_CHUNK_BYTES = 1024 * 1024
_ASIDE = ".linernotes"


class LocalObjectStore:
    """One folder; what a file system does not keep lies beside it in `.linernotes`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def base_uri(self) -> str:
        return self._folder.absolute().as_uri()

    def create(
        self,
        name: str,
        content: bytes,
        *,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> ObjectStat:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as stream:
                stream.write(content)
        except FileExistsError as exc:
            raise ConflictError("object already exists", object=name) from exc
        self._note(name, content_type, metadata or {})
        return self.stat(name)

    @contextmanager
    def open_writer(self, name: str, *, content_type: str) -> Iterator[BinaryIO]:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._aside("").mkdir(parents=True, exist_ok=True)
        descriptor, unfinished = tempfile.mkstemp(dir=self._aside(""))
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
            self._note(name, content_type, {})
            Path(unfinished).replace(path)
        finally:
            Path(unfinished).unlink(missing_ok=True)

    def stat(self, name: str, *, generation: int | None = None) -> ObjectStat:
        path = self._path(name)
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError) as exc:
            raise NotFoundError("no such object", object=name) from exc
        current = found.st_mtime_ns // 1000
        if path.is_dir() or generation not in (None, current):
            raise NotFoundError("no such object", object=name)
        content_type, metadata = self._noted(name)
        return ObjectStat(
            uri=f"{self.base_uri}/{quote(name)}",
            name=name,
            generation=current,
            size_bytes=found.st_size,
            content_type=content_type,
            updated_at=datetime.fromtimestamp(current / 1_000_000, UTC),
            metadata=metadata,
        )

    def read(
        self,
        name: str,
        *,
        start: int = 0,
        end: int | None = None,
        generation: int | None = None,
    ) -> Iterator[bytes]:
        stat = self.stat(name, generation=generation)
        stop = stat.size_bytes if end is None else min(end, stat.size_bytes)
        return _chunks(self._path(name), start, stop)

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        names = sorted(
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*")
            if path.is_file() and _ASIDE not in path.parts
        )
        return (self.stat(name) for name in names if name.startswith(prefix))

    def delete(self, name: str) -> None:
        self.stat(name)
        self._path(name).unlink()
        self._aside(name).unlink(missing_ok=True)

    def signed_download(
        self, name: str, *, valid_for: timedelta, filename: str | None = None
    ) -> str:
        """Return the file's own address: whoever reaches the folder may read it."""
        return self.stat(name).uri

    def signed_upload(
        self,
        name: str,
        *,
        valid_for: timedelta,
        content_type: str,
        resumable: bool,
        max_bytes: int | None = None,
    ) -> SignedUpload:
        raise InvalidInputError("a folder takes no uploads over HTTP", object=name)

    def _path(self, name: str) -> Path:
        return self._folder / checked(name)

    def _aside(self, name: str) -> Path:
        return self._folder / _ASIDE / quote(name, safe="")

    def _note(self, name: str, content_type: str, metadata: Mapping[str, str]) -> None:
        aside = self._aside(name)
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps([content_type, dict(metadata)]))

    def _noted(self, name: str) -> tuple[str, dict[str, str]]:
        try:
            content_type, metadata = json.loads(self._aside(name).read_text())
        except FileNotFoundError:
            return "application/octet-stream", {}
        return content_type, metadata


def _chunks(path: Path, start: int, stop: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(start)
        left = stop - start
        while left > 0 and (chunk := stream.read(min(left, _CHUNK_BYTES))):
            left -= len(chunk)
            yield chunk
