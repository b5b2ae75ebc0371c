"""What an operator does, as the schema's owner: tenants and their API keys."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from shared.adapters.postgres import tables
from shared.adapters.postgres.errors import translated
from shared.adapters.postgres.json_text import json_text
from shared.domain.claims import JsonValue
from shared.domain.errors import NotFoundError

_PREFIX_LENGTH = 10
_CHANGE_SETTINGS = sa.text("""
    UPDATE tenant
    SET settings = (settings - CAST(:removed AS text[])) || CAST(:kept AS jsonb)
    WHERE id = :tenant RETURNING settings
""")


def create_tenant(engine_admin: sa.Engine, tenant_id: str, name: str) -> None:
    """Register a tenant; one that exists stays as it is."""
    with translated(), engine_admin.begin() as connection:
        act_for(connection, tenant_id)
        connection.execute(
            insert(tables.tenant)
            .values(id=tenant_id, name=name)
            .on_conflict_do_nothing()
        )


def change_tenant_settings(
    engine_admin: sa.Engine, tenant_id: str, settings: Mapping[str, JsonValue]
) -> Mapping[str, JsonValue]:
    """Set *settings* of a tenant, beside those that it has; None removes one.

    Return all that it has then.

    Raises:
        NotFoundError: There is no such tenant.
    """
    kept = {name: value for name, value in settings.items() if value is not None}
    with translated(), engine_admin.begin() as connection:
        act_for(connection, tenant_id)
        told: Mapping[str, JsonValue] | None = connection.scalar(
            _CHANGE_SETTINGS,
            {
                "tenant": tenant_id,
                "removed": list(settings),
                "kept": json_text(kept),
            },
        )
    if told is None:
        raise NotFoundError("no such tenant", tenant=tenant_id)
    return told


def create_api_key(
    engine_admin: sa.Engine, tenant_id: str, name: str, role: str, pepper: str
) -> str:
    """Return a new API key of a tenant: shown now, and stored as its hash alone."""
    key = f"ln_{secrets.token_urlsafe(32)}"
    with translated(), engine_admin.begin() as connection:
        act_for(connection, tenant_id)
        connection.execute(
            sa.insert(tables.api_client).values(
                tenant_id=tenant_id,
                id=uuid4(),
                name=name,
                role=role,
                key_hash=key_hash(key, pepper),
                key_prefix=key[:_PREFIX_LENGTH],
            )
        )
    return key


def key_hash(key: str, pepper: str) -> bytes:
    """Return what is stored of *key*: HMAC-SHA256 under *pepper*.

    A key has 256 random bits, so that a slow hash would add nothing.
    """
    return hmac.digest(pepper.encode(), key.encode(), hashlib.sha256)


def act_for(connection: sa.Connection, tenant_id: str) -> None:
    """Let the rest of the transaction see *tenant_id*, which holds the owner too."""
    connection.execute(
        sa.text("SELECT set_config('linernotes.tenant', :tenant, true)"),
        {"tenant": tenant_id},
    )
