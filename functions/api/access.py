"""Who is asking: API keys, the tenant they belong to, and the role they carry."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from threading import Lock

from shared.domain.errors import ForbiddenError, UnauthorizedError
from shared.ports.queries import ApiClient, CatalogQueries

KEY_PREFIX = "ln_"

# A key that is revoked stops working everywhere within this time.
_REMEMBERED_S = 15.0
_REMEMBERED = 1024


class Role(IntEnum):
    """What a key may do; each may do what those before it may."""

    VIEWER = 1
    EDITOR = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Caller:
    """Attributes: client: the key's holder, as provenance names them."""

    tenant_id: str
    client_id: str
    name: str
    role: Role

    @property
    def source(self) -> str:
        """The source that this caller's edits are staged under."""
        return f"person:{self.client_id}"

    def require(self, role: Role) -> None:
        """Raise ForbiddenError where the caller has less than *role*."""
        if self.role < role:
            raise ForbiddenError(
                "this needs a key with another role",
                role=self.role.name.lower(),
                needed=role.name.lower(),
            )


def key_hash(pepper: str, key: str) -> str:
    """Return how *key* is kept: HMAC-SHA256 under *pepper*, in hexadecimal."""
    return hmac.new(pepper.encode(), key.encode(), hashlib.sha256).hexdigest()


def presented_key(headers: Mapping[str, str]) -> str:
    """Return the key in *headers*: `Authorization: Bearer ln_…`, or `X-Api-Key`.

    Raises:
        UnauthorizedError: There is none, or not of that form; the key is not told.
    """
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme and scheme.lower() != "bearer":
        raise UnauthorizedError("send the key as a bearer token")
    found = key.strip() or headers.get("x-api-key", "").strip()
    if not found:
        raise UnauthorizedError("this needs an API key")
    if not found.startswith(KEY_PREFIX):
        raise UnauthorizedError("this is not an API key", expected=f"{KEY_PREFIX}…")
    return found


@dataclass(slots=True)
class Doorkeeper:
    """Knows callers by their keys, and remembers them for a moment."""

    queries: CatalogQueries
    pepper: str
    _known: OrderedDict[str, tuple[float, Caller]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def remembered(self, headers: Mapping[str, str]) -> Caller | None:
        """Return the caller if their key was checked a moment ago."""
        with self._lock:
            at, caller = self._known.get(self._hash(headers), (0.0, None))
        return caller if time.monotonic() - at < _REMEMBERED_S else None

    def caller(self, headers: Mapping[str, str]) -> Caller:
        """Return who presents the key in *headers*.

        Raises:
            UnauthorizedError: No key, or one that is unknown or revoked.
        """
        hashed = self._hash(headers)
        client = self.queries.api_client(hashed)
        if client is None:
            raise UnauthorizedError("this key is unknown or was revoked")
        caller = _caller(client)
        with self._lock:
            self._known[hashed] = (time.monotonic(), caller)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return caller

    def _hash(self, headers: Mapping[str, str]) -> str:
        return key_hash(self.pepper, presented_key(headers))


def _caller(client: ApiClient) -> Caller:
    return Caller(
        tenant_id=client.tenant_id,
        client_id=client.client_id,
        name=client.name,
        role=Role[client.role.upper()],
    )
