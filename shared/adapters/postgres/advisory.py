"""Numbers of advisory locks: what is held, as 64 bits of a hash.

Two that collide by chance wait for each other needlessly, and no more than that.
"""

from __future__ import annotations

import hashlib

from shared.domain.subjects import Key


def key_lock(tenant_id: str, key: Key) -> int:
    """Return the lock of a key, held by whoever folds records with it."""
    return _number("key", tenant_id, *key)


def outbox_lock(tenant_id: str) -> int:
    """Return the lock of a tenant's outbox, held by whoever drains it."""
    return _number("outbox", tenant_id)


def queue_lock(tenant_id: str) -> int:
    """Return the lock of a tenant's queue, held by whoever lets analyses go."""
    return _number("queue", tenant_id)


def writers_lock(tenant_id: str) -> int:
    """Return the lock that a tenant's transactions share, and a replay has alone."""
    return _number("writers", tenant_id)


def _number(*parts: str) -> int:
    seed = "\x1f".join(parts).encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=8).digest(), signed=True)
