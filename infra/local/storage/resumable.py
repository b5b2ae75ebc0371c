"""Resumable uploads: sessions that outlive connections and restarts of the server.

A session holds the request it was started with; its content file holds what has
arrived, so after a crash its size says where to go on ("Resumable uploads").
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from aiohttp import StreamReader

from .content import ContentStore, ContentWriter
from .database import Database
from .errors import InvalidError, NotFoundError, OffsetError, StorageError
from .objects import Content, Objects, Target
from .preconditions import Preconditions
from .ranges import ANY_SIZE, ChunkRange, SizeRange
from .resources import Resource, StoredObject

_READ_BYTES = 256 << 10
LIFETIME_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a session was started with.

    `origin` is the web page's that started it, `size_bytes` what was announced,
    `sizes` what is allowed.
    """

    target: Target
    resource: Resource
    origin: str | None = None
    size_bytes: int | None = None
    sizes: SizeRange = ANY_SIZE

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SessionRequest:
        values = json.loads(text)
        target = values.pop("target")
        conditions = Preconditions.from_facts(target.pop("conditions"))
        sizes = SizeRange(**values.pop("sizes"))
        return cls(Target(**target, conditions=conditions), sizes=sizes, **values)


@dataclass(slots=True)
class Session:
    """One upload under way, or finished as *generation*."""

    id: str
    request: SessionRequest
    writer: ContentWriter
    generation: int | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    incoming: StreamReader | None = None


class Sessions:
    """All sessions, in memory and in the database."""

    def __init__(
        self, database: Database, content: ContentStore, objects: Objects
    ) -> None:
        self._database = database
        self._content = content
        self._objects = objects
        self._open: dict[str, Session] = {}
        self._recalling = asyncio.Lock()

    def start(self, request: SessionRequest) -> Session:
        """Begin an upload, if it could succeed at this moment.

        Raises:
            InvalidError: no object may have this name.
            PreconditionFailedError: a condition does not hold already.
        """
        self._objects.require(request.target)
        session = Session(secrets.token_urlsafe(32), request, self._content.new())
        self._database.execute(
            "INSERT INTO upload (id, bucket, name, content, request, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            session.id,
            request.target.bucket,
            request.target.name,
            session.writer.name,
            request.to_json(),
            time.time(),
        )
        self._open[session.id] = session
        return session

    def origin(self, session_id: str) -> str | None:
        """Return the origin of the page that started a session, where one did."""
        text = self._database.value(
            "SELECT request FROM upload WHERE id = ?", session_id
        )
        return SessionRequest.from_json(text).origin if text else None

    def finished(self, session_id: str) -> StoredObject | None:
        """Return what a session has become; None while it is under way."""
        row = self._database.row(
            "SELECT bucket, name, generation FROM upload "
            "WHERE id = ? AND generation IS NOT NULL",
            session_id,
        )
        return None if row is None else self._objects.get(*row)

    async def get(self, session_id: str) -> Session:
        """Return a session under way, with what an earlier run has received of it.

        Raises:
            NotFoundError: it never was, was cancelled, failed, or is too old.
        """
        async with self._recalling:
            if session_id not in self._open:
                self._open[session_id] = await self._recall(session_id)
        return self._open[session_id]

    async def _recall(self, session_id: str) -> Session:
        row = self._database.row(
            "SELECT content, request FROM upload WHERE id = ? AND generation IS NULL",
            session_id,
        )
        if row is None:
            raise NotFoundError("no such upload session", upload_id=session_id)
        writer = self._content.reopen(row["content"])
        await asyncio.to_thread(writer.recall)
        return Session(session_id, SessionRequest.from_json(row["request"]), writer)

    async def receive(
        self,
        session: Session,
        chunk: ChunkRange | None,
        incoming: StreamReader,
        claimed: Mapping[str, str],
    ) -> StoredObject | None:
        """Take what a request brings, and finish the upload where it is complete.

        A newer request supersedes one that still waits for bytes: its client has
        given up on the connection.

        Args:
            session: The session.
            chunk: Where the bytes belong; None for the whole content at once.
            incoming: The request's body.
            claimed: Checksums of the whole content, `crc32c` and `md5Hash`.

        Returns:
            The object, or None while bytes are missing.

        Raises:
            OffsetError: the bytes leave a gap.
            InvalidError: sizes or checksums contradict each other.
            PreconditionFailedError: a condition no longer holds.
        """
        if session.incoming is not None:
            session.incoming.set_exception(ConnectionResetError("superseded"))
        async with session.lock:
            if session.generation is not None:
                target = session.request.target
                return self._objects.get(target.bucket, target.name, session.generation)
            await self._append(session, chunk, incoming)
            if not _is_complete(session, chunk):
                return None
            return await self._finish(session, claimed)

    async def cancel(self, session: Session) -> None:
        async with session.lock:
            self._forget(session)

    async def _append(
        self, session: Session, chunk: ChunkRange | None, incoming: StreamReader
    ) -> None:
        if chunk is not None and chunk.first is None:
            return
        first = chunk.first if chunk is not None and chunk.first is not None else 0
        writer = session.writer
        if first > writer.size_bytes:
            raise OffsetError(
                "the chunk leaves a gap", offset=first, persisted=writer.size_bytes
            )
        surplus = writer.size_bytes - first
        session.incoming = incoming
        try:
            async for block in incoming.iter_chunked(_READ_BYTES):
                fresh = block[surplus:]
                surplus = max(0, surplus - len(block))
                await writer.write(fresh)
                session.request.sizes.require(writer.size_bytes, is_final=False)
        finally:
            session.incoming = None
            await writer.flush()

    async def _finish(
        self, session: Session, claimed: Mapping[str, str]
    ) -> StoredObject:
        try:
            session.request.sizes.require(session.writer.size_bytes)
            _require_announced_size(session)
            digest = await session.writer.finish()
            with self._database.transaction():
                item = self._objects.put(
                    session.request.target,
                    Content(session.writer.name, digest),
                    {**session.request.resource, **claimed},
                )
                self._database.execute(
                    "UPDATE upload SET generation = ? WHERE id = ?",
                    item.generation,
                    session.id,
                )
        except StorageError:
            self._forget(session)
            raise
        session.writer.close()
        session.generation = item.generation
        self._open.pop(session.id, None)
        return item

    def _forget(self, session: Session) -> None:
        self._open.pop(session.id, None)
        self._database.execute("DELETE FROM upload WHERE id = ?", session.id)
        if session.generation is None:
            session.writer.discard()

    def close(self) -> None:
        for session in self._open.values():
            session.writer.close()
        self._open.clear()


def _is_complete(session: Session, chunk: ChunkRange | None) -> bool:
    if chunk is None:
        return True
    return chunk.total is not None and session.writer.size_bytes >= chunk.total


def _require_announced_size(session: Session) -> None:
    announced = session.request.size_bytes
    if announced is not None and announced != session.writer.size_bytes:
        raise InvalidError(
            "the content has another size than announced",
            announced_bytes=announced,
            size_bytes=session.writer.size_bytes,
        )
