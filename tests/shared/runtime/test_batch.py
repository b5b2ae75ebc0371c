"""What may wait is let go a few at a time, by whoever has time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.events.pipeline import AnalysisRequested
from shared.ports.analyses import QueuedAnalysis
from shared.runtime.batch import BatchSweep, release_due

_AT = datetime(2026, 1, 1, tzinfo=UTC)


class World:
    def __init__(self):
        self.catalog = MemoryCatalog("t", "u")
        self.clock = FixedClock(_AT + timedelta(hours=1))
        self.relayed = []
        self.sweeper = BatchSweep(
            self.catalog, self.clock, self.relayed.append, at_once=2
        )

    def queue(self, tenant, count):
        with self.catalog.transaction(tenant) as tx:
            for number in range(count):
                tx.queue_analysis(
                    QueuedAnalysis(
                        recording_id=uuid4(),
                        uri=f"gs://up/{tenant}/{number}.flac",
                        generation=7,
                        keys=("isrc:1", "sha256:ab"),
                        queued_at=_AT + timedelta(seconds=number),
                        is_forced=number == 0,
                    )
                )

    def asked(self, tenant):
        """Return the events that were announced since the last time."""
        items = []
        self.catalog.drain(tenant, items.extend)
        return [AnalysisRequested.from_cloud_event(out.item.data) for out in items]


@pytest.fixture
def world():
    return World()


def test_a_few_of_each_tenant_are_let_go_the_longest_waiting_first(world):
    world.queue("t", 3)
    world.queue("u", 1)

    released = world.sweeper.sweep()

    assert released == 3
    assert world.relayed == ["t", "u"]
    events = world.asked("t")
    assert [event.uri for event in events] == ["gs://up/t/0.flac", "gs://up/t/1.flac"]
    assert [event.is_forced for event in events] == [True, False]
    assert (events[0].generation, events[0].keys) == (7, ("isrc:1", "sha256:ab"))


def test_no_more_than_may_be_are_under_way(world):
    world.queue("t", 3)
    world.sweeper.sweep()

    assert world.sweeper.sweep() == 0
    assert world.relayed == ["t"]


def test_whoever_finished_one_lets_the_next_go(world):
    world.queue("t", 3)
    world.sweeper.sweep()
    world.asked("t")

    with world.catalog.transaction("t") as tx:
        tx.forget_queued("gs://up/t/0.flac", 7)
        count = release_due(tx, world.clock.now(), 2)

    assert count == 1
    assert [event.uri for event in world.asked("t")] == ["gs://up/t/2.flac"]


def test_what_was_lost_is_asked_under_another_id(world):
    world.queue("t", 1)
    world.sweeper.sweep()
    (first,) = world.asked("t")

    world.clock.advance(timedelta(hours=2))
    world.sweeper.sweep()

    (second,) = world.asked("t")
    assert second.uri == first.uri
    assert second.event_id != first.event_id


def test_what_is_lost_again_and_again_is_given_up(world):
    world.queue("t", 1)

    released = []
    for _ in range(5):
        released.append(world.sweeper.sweep())
        world.clock.advance(timedelta(hours=2))

    assert released == [1, 1, 1, 0, 0]
    assert world.catalog.tenants_with_queued_analyses() == []
