from __future__ import annotations

import pytest

from shared.adapters.memory.catalog import MemoryCatalog


@pytest.fixture(params=["memory", "postgres"])
def any_catalog(request):
    """Each catalog; the tenants `tenant` and `other_tenant` are registered in it."""
    if request.param == "memory":
        return MemoryCatalog("a-label", "another-label")
    return request.getfixturevalue("postgres_catalog")


@pytest.fixture
def at(request, any_catalog):
    """The id of a registered tenant."""
    if isinstance(any_catalog, MemoryCatalog):
        return "a-label"
    return request.getfixturevalue("tenant")


@pytest.fixture
def elsewhere(request, any_catalog):
    """The id of another."""
    if isinstance(any_catalog, MemoryCatalog):
        return "another-label"
    return request.getfixturevalue("other_tenant")
