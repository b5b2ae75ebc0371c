from __future__ import annotations

import pytest

from shared.adapters.postgres.administration import create_api_key
from tests.functions.api.harness import (
    PEPPER,
    Album,
    Api,
    World,
    application,
    stage_album,
)


@pytest.fixture
def world(app_engine) -> World:
    return World(app_engine)


@pytest.fixture
def key_of(admin_engine):
    """Makes API keys."""

    def make(tenant: str, role: str) -> str:
        return create_api_key(admin_engine, tenant, f"the {role}", role, PEPPER)

    return make


@pytest.fixture
def nobody(world) -> Api:
    """A client without a key."""
    return Api(application(world))


@pytest.fixture
def api(nobody, tenant, key_of) -> Api:
    """An editor of the tenant."""
    return nobody.as_client(key_of(tenant, "editor"))


@pytest.fixture
def viewer(nobody, tenant, key_of) -> Api:
    return nobody.as_client(key_of(tenant, "viewer"))


@pytest.fixture
def admin(nobody, tenant, key_of) -> Api:
    return nobody.as_client(key_of(tenant, "admin"))


@pytest.fixture
def stranger(nobody, other_tenant, key_of) -> Api:
    """An admin of another tenant."""
    return nobody.as_client(key_of(other_tenant, "admin"))


@pytest.fixture
def album(world, tenant) -> Album:
    return stage_album(world, tenant)
