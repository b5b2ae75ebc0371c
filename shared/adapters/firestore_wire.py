"""The two requests to Firestore that mirroring takes, tried for a bounded time."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import grpc
from google.api_core.gapic_v1 import routing_header
from google.cloud import firestore
from google.cloud.firestore_v1.types import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    CommitRequest,
    CommitResponse,
)

from shared.domain.claims import JsonValue
from shared.domain.errors import (
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TransientError,
)

_SERVICE: Final = "/google.firestore.v1.Firestore"
_Get = BatchGetDocumentsRequest.pb()
_Got = BatchGetDocumentsResponse.pb()
_Commit = CommitRequest.pb()
_Committed = CommitResponse.pb()

_PAUSE_MS = 40
_LOST_RACE = {
    grpc.StatusCode.FAILED_PRECONDITION,
    grpc.StatusCode.ALREADY_EXISTS,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ABORTED,
}

T = TypeVar("T")


class LostRaceError(Exception):
    """A document is not as it was read, or was taken to be."""


class Patience:
    """How long to go on trying.

    Raises TransientError, from `pause`, once it is over.
    """

    def __init__(self, seconds: float) -> None:
        self._until_s = time.monotonic() + seconds

    @property
    def left_s(self) -> float:
        return max(self._until_s - time.monotonic(), 0.1)

    def pause(self) -> None:
        if time.monotonic() >= self._until_s:
            raise TransientError("documents changed too often, or the store is away")
        # By chance, so that those who raced do not race again.
        time.sleep(secrets.randbelow(_PAUSE_MS) / 1000)


class FirestoreWire:
    """Raw messages over the channel that a client has."""

    def __init__(self, client: firestore.Client) -> None:
        # The client alone knows how to reach an emulator, and does not say.
        channel = client._firestore_api.transport.grpc_channel  # noqa: SLF001 - as above
        self._database = client._database_string  # noqa: SLF001 - as above
        metadata = client._rpc_metadata  # noqa: SLF001 - as above
        project, database = self._database.split("/")[1::2]
        route = (("project_id", project), ("database", database))
        self._metadata = (*metadata, routing_header.to_grpc_metadata(route))
        self._get = channel.unary_stream(
            f"{_SERVICE}/BatchGetDocuments",
            request_serializer=_Get.SerializeToString,
            response_deserializer=_Got.FromString,
        )
        self._commit = channel.unary_unary(
            f"{_SERVICE}/Commit",
            request_serializer=_Commit.SerializeToString,
            response_deserializer=_Committed.FromString,
        )

    def name(self, path: str) -> str:
        """Return the whole name of the document at *path*."""
        if path.count("/") % 2 == 0 or not all(path.split("/")):
            raise InvalidInputError("not the path of a document", path=path)
        return f"{self._database}/documents/{path}"

    def get(
        self, names: Sequence[str], patience: Patience, mask: Sequence[str] = ()
    ) -> list[Any]:
        """Return of each document that it is `missing`, or what was `found`."""
        request = _Get(database=self._database, documents=names)
        request.mask.field_paths.extend(mask)
        if not mask:
            request.ClearField("mask")

        def ask() -> list[Any]:
            answers = self._get(
                request, timeout=patience.left_s, metadata=self._metadata
            )
            return [got for got in answers if got.missing or got.found.name]

        try:
            return _persist(ask, patience)
        except LostRaceError as exc:
            raise NotFoundError("no such database", database=self._database) from exc

    def commit(self, writes: Sequence[Any], patience: Patience) -> None:
        """Write all, or raise LostRaceError where a condition does not hold."""
        request = _Commit(database=self._database, writes=writes)
        _persist(
            lambda: self._commit(
                request, timeout=patience.left_s, metadata=self._metadata
            ),
            patience,
        )


def new_write() -> Any:
    """Return an empty write, to be filled in."""
    return _Commit().writes.add()


def _persist(ask: Callable[[], T], patience: Patience) -> T:
    while True:
        try:
            return ask()
        except grpc.RpcError as exc:
            _refuse(exc)
        patience.pause()


def _refuse(exc: grpc.RpcError) -> None:
    """Raise what *exc* means, unless asking again may help."""
    code = exc.code()
    if code in _LOST_RACE:
        raise LostRaceError from exc
    if code is grpc.StatusCode.INVALID_ARGUMENT:
        raise InvalidInputError(
            "the document store refused", detail=exc.details()
        ) from exc
    if code is grpc.StatusCode.PERMISSION_DENIED:
        raise ForbiddenError("not allowed in this database") from exc


def fill(message: Any, value: JsonValue) -> None:
    """Write *value* into *message*, a `google.firestore.v1.Value`."""
    if value is None:
        message.null_value = 0
    elif isinstance(value, bool):
        message.boolean_value = value
    elif isinstance(value, str):
        message.string_value = value
    elif isinstance(value, int):
        message.integer_value = value
    elif isinstance(value, float):
        message.double_value = value
    else:
        _fill_nested(message, value)


def _fill_nested(message: Any, value: list[JsonValue] | dict[str, JsonValue]) -> None:
    if isinstance(value, dict):
        fields = message.map_value.fields
        message.map_value.SetInParent()
        for name, part in value.items():
            fill(fields[name], part)
        return
    message.array_value.SetInParent()
    for part in value:
        fill(message.array_value.values.add(), part)


def plain(message: Any) -> JsonValue:
    """Return what `fill` wrote into *message*."""
    kind = message.WhichOneof("value_type")
    if kind == "map_value":
        fields = message.map_value.fields
        return {name: plain(part) for name, part in fields.items()}
    if kind == "array_value":
        return [plain(part) for part in message.array_value.values]
    if kind == "null_value":
        return None
    value: JsonValue = getattr(message, kind)
    return value
