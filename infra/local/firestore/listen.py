"""Listen streams: targets come and go, commits are told, each as one snapshot."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator

from google.cloud.firestore_v1.types import TargetChange
from google.rpc.status_pb2 import Status

from .database import Database
from .documents import id_of, parent_of
from .errors import StatusError
from .history import Change
from .messages import ListenResponse, Message
from .targets import Watched, WatchedDocuments, WatchedQuery, WatchedWindow, watched
from .versions import microseconds, resume_token, resumed_from, timestamp

_Kind = TargetChange.TargetChangeType


class Target:
    """One target of one stream."""

    def __init__(self, stream: ListenStream, target_id: int, watched: Watched) -> None:
        self.stream = stream
        self.target_id = target_id
        self.watched = watched

    def places(self) -> Iterator[str]:
        """Yield the names, collections and groups in which changes may concern it."""
        if isinstance(self.watched, WatchedDocuments):
            yield from self.watched.names
        elif isinstance(self.watched, WatchedQuery | WatchedWindow):
            scope = self.watched.query.scope
            if not scope.collection_id:
                yield _EVERYWHERE
            elif scope.all_descendants:
                yield _group(scope.collection_id)
            else:
                yield scope.collection


_EVERYWHERE = ""


def _group(collection_id: str) -> str:
    # No name of a document or a collection contains two slashes in a row.
    return "//" + collection_id


class Listeners:
    """All targets, by the places they watch: a commit wakes those it may concern."""

    def __init__(self, database: Database) -> None:
        self._places: defaultdict[str, set[Target]] = defaultdict(set)
        database.watch(self._on_commit)

    def __len__(self) -> int:
        return len(set().union(*self._places.values()))

    def add(self, target: Target) -> None:
        for place in target.places():
            self._places[place].add(target)

    def remove(self, target: Target) -> None:
        for place in target.places():
            self._places[place].discard(target)
            if not self._places[place]:
                del self._places[place]

    def _on_commit(self, changes: list[Change], at_us: int) -> None:
        concerned: defaultdict[Target, list[Change]] = defaultdict(list)
        for change in changes:
            for target in self._concerned_by(change.name):
                concerned[target].append(change)
        streams: defaultdict[ListenStream, list[Message]] = defaultdict(list)
        for target, seen in concerned.items():
            told = target.watched.after(seen)
            streams[target.stream] += target.stream.messages(target, told, at_us)
        for stream, messages in streams.items():
            if messages:
                stream.snapshot(messages, at_us)

    def _concerned_by(self, name: str) -> set[Target]:
        collection = parent_of(name)
        places = (name, collection, _group(id_of(collection)), _EVERYWHERE)
        found = (self._places[place] for place in places if place in self._places)
        return set().union(*found)


class ListenStream:
    """One client's stream, with its targets and the messages not yet sent."""

    def __init__(self, database: Database, listeners: Listeners) -> None:
        self._database = database
        self._listeners = listeners
        self._targets: dict[int, Target] = {}
        self._outgoing: asyncio.Queue[Message | None] = asyncio.Queue()

    async def responses(
        self, requests: AsyncIterator[Message]
    ) -> AsyncIterator[Message]:
        """Yield what the targets in *requests* have to be told, until those end."""
        reader = asyncio.ensure_future(self._read(requests))
        try:
            while (message := await self._outgoing.get()) is not None:
                yield message
            await reader
        finally:
            reader.cancel()
            for target_id in list(self._targets):
                self._forget(target_id)

    def messages(
        self, target: Target, changes: Iterable[Change], at_us: int
    ) -> list[Message]:
        """Return *changes* to what *target* watches, as the protocol tells them."""
        return [self._told(target, change, at_us) for change in changes]

    def snapshot(self, messages: Iterable[Message], at_us: int) -> None:
        """Send *messages*, then say that together they are the state at *at_us*."""
        for message in messages:
            self._outgoing.put_nowait(message)
        self._outgoing.put_nowait(_target_change(_Kind.NO_CHANGE, [], at_us))

    async def _read(self, requests: AsyncIterator[Message]) -> None:
        try:
            async for request in requests:
                self._take(request)
        finally:
            self._outgoing.put_nowait(None)

    def _take(self, request: Message) -> None:
        kind = request.WhichOneof("target_change")
        if kind == "add_target":
            self._add(request.add_target)
        elif kind == "remove_target":
            self._forget(request.remove_target)
            self._send_change(_Kind.REMOVE, request.remove_target)

    def _add(self, requested: Message) -> None:
        target_id = requested.target_id
        try:
            target = Target(self, target_id, watched(self._database, requested))
        except StatusError as exc:
            cause = Status(code=exc.number, message=exc.message)
            self._outgoing.put_nowait(
                _target_change(_Kind.REMOVE, [target_id], cause=cause)
            )
            return
        self._forget(target_id)
        self._send_change(_Kind.ADD, target_id)
        self._begin(target, requested)
        if requested.once:
            self._send_change(_Kind.REMOVE, target_id)
        else:
            self._targets[target_id] = target
            self._listeners.add(target)

    def _begin(self, target: Target, requested: Message) -> None:
        at_us = self._database.clock.now()
        since_us = _since(requested)
        changes = None if since_us is None else self._resumed(target, since_us)
        if changes is None:
            if since_us is not None:
                self._send_change(_Kind.RESET, target.target_id)
            changes = target.watched.begin()
        messages = self.messages(target, changes, at_us)
        current = _target_change(_Kind.CURRENT, [target.target_id], at_us)
        self.snapshot([*messages, current], at_us)

    def _resumed(self, target: Target, since_us: int) -> list[Change] | None:
        if since_us > self._database.clock.now():
            return None
        changes = self._database.history.since(since_us)
        return None if changes is None else target.watched.resume(changes)

    def _told(self, target: Target, change: Change, at_us: int) -> Message:
        response = ListenResponse()
        if change.after is not None:
            response.document_change.document.CopyFrom(
                target.watched.told(change.after)
            )
            response.document_change.target_ids.append(target.target_id)
            return response
        exists = self._database.documents.get(change.name) is not None
        gone = response.document_remove if exists else response.document_delete
        gone.document = change.name
        gone.removed_target_ids.append(target.target_id)
        gone.read_time.CopyFrom(timestamp(at_us))
        return response

    def _send_change(self, kind: int, target_id: int, at_us: int | None = None) -> None:
        self._outgoing.put_nowait(_target_change(kind, [target_id], at_us))

    def _forget(self, target_id: int) -> None:
        target = self._targets.pop(target_id, None)
        if target is not None:
            self._listeners.remove(target)


def _since(requested: Message) -> int | None:
    if requested.resume_token:
        return resumed_from(requested.resume_token)
    if requested.HasField("read_time"):
        return microseconds(requested.read_time)
    return None


def _target_change(
    kind: int,
    target_ids: list[int],
    at_us: int | None = None,
    cause: Message | None = None,
) -> Message:
    response = ListenResponse()
    change = response.target_change
    change.target_change_type = int(kind)
    change.target_ids.extend(target_ids)
    if at_us is not None:
        change.resume_token = resume_token(at_us)
        change.read_time.CopyFrom(timestamp(at_us))
    if cause is not None:
        change.cause.CopyFrom(cause)
    return response
