"""A folder as an object store: for tests, and for one machine without a cloud."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from shared.adapters.names import checked
from shared.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    TransientError,
)
from shared.ports.object_store import ObjectStat, SignedUpload

_CHUNK_BYTES = 1024 * 1024
_ASIDE = ".linernotes"


class LocalObjectStore:
    """One folder; what a file system does not keep lies beside it in `.linernotes`.

    A file is written aside, and put in its place whole. As everywhere in a file system,
    `a` and `a/b` cannot both be there; whoever comes second has a conflict.
    """

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
        with _translated(name), self._unfinished() as unfinished:
            unfinished.write_bytes(content)
            path.parent.mkdir(parents=True, exist_ok=True)
            # A link, unlike a move, never replaces what is there.
            os.link(unfinished, path)
            self._note(name, content_type, metadata or {})
        return self.stat(name)

    @contextmanager
    def open_writer(self, name: str, *, content_type: str) -> Iterator[BinaryIO]:
        path = self._path(name)
        with self._unfinished() as unfinished:
            with unfinished.open("wb") as stream:
                yield stream
            with _translated(name):
                path.parent.mkdir(parents=True, exist_ok=True)
                _make_newer(unfinished, path)
                self._note(name, content_type, {})
                unfinished.replace(path)

    def stat(self, name: str, *, generation: int | None = None) -> ObjectStat:
        path = self._path(name)
        with _translated(name):
            found = path.stat()
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

    def read_known(
        self, stat: ObjectStat, *, start: int = 0, end: int | None = None
    ) -> Iterator[bytes]:
        return self.read(stat.name, start=start, end=end, generation=stat.generation)

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        names = sorted(
            path.relative_to(self._folder).as_posix()
            for path in self._folder.rglob("*")
            if path.is_file() and _ASIDE not in path.parts
        )
        for name in names:
            if name.startswith(prefix):
                # Gone since it was listed.
                with suppress(NotFoundError):
                    yield self.stat(name)

    def delete(self, name: str) -> None:
        self.stat(name)
        with _translated(name):
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
        if _ASIDE in checked(name).split("/"):
            raise InvalidInputError("not a name for an object", object=name)
        return self._folder / name

    def _aside(self, name: str) -> Path:
        # By digest: a name may be longer than a file system takes.
        digest = hashlib.sha256(name.encode()).hexdigest()
        return self._folder / _ASIDE / f"{digest}.json"

    @contextmanager
    def _unfinished(self) -> Iterator[Path]:
        aside = self._folder / _ASIDE
        with _translated(""):
            aside.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=aside)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _note(self, name: str, content_type: str, metadata: Mapping[str, str]) -> None:
        self._aside(name).write_text(json.dumps([content_type, dict(metadata)]))

    def _noted(self, name: str) -> tuple[str, dict[str, str]]:
        try:
            content_type, metadata = json.loads(self._aside(name).read_text())
        except (FileNotFoundError, ValueError):
            return "application/octet-stream", {}
        return content_type, metadata


def _make_newer(path: Path, replaced: Path) -> None:
    """Give *path* a time of change that *replaced* has not had.

    A file system's clock may stand for milliseconds, and may be turned back.
    """
    now_ns = time.time_ns()
    with suppress(FileNotFoundError):
        now_ns = max(now_ns, replaced.stat().st_mtime_ns + 1000)
    os.utime(path, ns=(now_ns, now_ns))


def _chunks(path: Path, start: int, stop: int) -> Iterator[bytes]:
    with _translated(path.name), path.open("rb") as stream:
        stream.seek(start)
        while start < stop and (chunk := stream.read(min(_CHUNK_BYTES, stop - start))):
            start += len(chunk)
            yield chunk


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as exc:
        raise NotFoundError("no such object", object=name) from exc
    except (FileExistsError, IsADirectoryError) as exc:
        raise ConflictError("object already exists", object=name) from exc
    except NotADirectoryError as exc:
        raise NotFoundError("no such object", object=name) from exc
    except OSError as exc:
        if exc.errno == errno.ENAMETOOLONG:
            raise InvalidInputError("not a name for an object", object=name) from exc
        raise TransientError("the object store is away", object=name) from exc
