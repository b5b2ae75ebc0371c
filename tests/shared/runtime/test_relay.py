"""What commits left is delivered: all of it, in order, at least once."""

from __future__ import annotations

import pytest

from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.documents import MemoryDocuments
from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError, TransientError
from shared.runtime.relay import Relay
from tests.contract.statements import recording


class FailingBus(MemoryBus):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def publish(self, announcements):
        if self.error:
            raise self.error
        super().publish(announcements)


@pytest.fixture
def catalog():
    return MemoryCatalog("a", "b")


@pytest.fixture
def documents():
    return MemoryDocuments()


def stage(catalog, tenant, number):
    with catalog.transaction(tenant) as tx:
        tx.stage([recording([f"isrc:{number}"], origin=f"o{number}", title="So What")])
        return tx.find(Kind.RECORDING, f"isrc:{number}")


def test_changes_are_announced_and_shown(catalog, documents):
    bus = MemoryBus()
    entity_id = stage(catalog, "a", 1)

    delivered = Relay(catalog, bus, documents).relay("a")

    assert delivered == 2
    (announced,) = bus.published
    assert announced.topic == "catalog-events"
    assert documents.read(f"tenants/a/tracks/{entity_id}")["title"] == "So What"


def test_what_was_delivered_is_not_delivered_again(catalog, documents):
    bus = MemoryBus()
    relay = Relay(catalog, bus, documents)
    stage(catalog, "a", 1)
    relay.relay("a")

    assert relay.relay("a") == 0
    assert len(bus.published) == 1


def test_more_than_is_taken_at_once_is_delivered_in_order(catalog, documents):
    bus = MemoryBus()
    for number in range(600):
        stage(catalog, "a", number)

    delivered = Relay(catalog, bus, documents).relay("a")

    numbers = [
        announced.data.partition(b'"number":')[2].partition(b",")[0]
        for announced in bus.published
    ]
    assert delivered == 1200
    assert numbers == [str(number).encode() for number in range(1, 601)]


@pytest.mark.parametrize(
    "error", [TransientError("the bus is away"), InvalidInputError("too large")]
)
def test_a_failure_is_not_the_callers_and_nothing_is_forgotten(
    catalog, documents, error
):
    bus = FailingBus(error)
    relay = Relay(catalog, bus, documents)
    stage(catalog, "a", 1)

    assert relay.relay("a") == 0

    bus.error = None
    assert relay.relay("a") == 2


def test_a_sweep_is_for_all_tenants(catalog, documents):
    bus = MemoryBus()
    for tenant in ("a", "b"):
        stage(catalog, tenant, 1)

    swept = Relay(catalog, bus, documents).sweep()

    assert swept == 4
    assert {one.attributes["tenant"] for one in bus.published} == {"a", "b"}


def test_a_tenant_whose_relay_fails_does_not_hold_up_others(catalog, documents):
    class Picky(MemoryBus):
        def publish(self, announcements):
            if any(one.attributes["tenant"] == "a" for one in announcements):
                raise TransientError("the bus is away")
            super().publish(announcements)

    bus = Picky()
    for tenant in ("a", "b"):
        stage(catalog, tenant, 1)

    Relay(catalog, bus, documents).sweep()

    assert [one.attributes["tenant"] for one in bus.published] == ["b"]
