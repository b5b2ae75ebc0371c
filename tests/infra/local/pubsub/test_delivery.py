from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from infra.local.pubsub.delivery import Queue
from infra.local.pubsub.journal import Journal
from infra.local.pubsub.messages import Ledger, Message
from infra.local.pubsub.policies import DeliveryPolicy
from infra.local.pubsub.wire import PubsubMessage, Subscription


class Bench:
    """A queue with policies that the API would find too short."""

    def __init__(self, **policy: object) -> None:
        self.journal = Journal(None)
        self.ledger = Ledger(self.journal)
        self.buried: list[bytes] = []
        self.grave = True
        plain = DeliveryPolicy.of(Subscription())
        self.queue = Queue(1, replace(plain, **policy), self.ledger, self._bury)
        self._numbers = iter(range(1, 1000))

    def _bury(self, entry) -> bool:
        if self.grave:
            self.buried.append(entry.message.proto.data)
        return self.grave

    def offer(self, *payloads: bytes, key: str = "", age_s: float = 0.0) -> None:
        for data in payloads:
            proto = PubsubMessage(data=data, ordering_key=key)
            self.queue.offer(
                Message.stamped(next(self._numbers), proto, time.time() - age_s)
            )

    def take(self, limit: int = 10, lease_s: float = 10.0, max_bytes: float = 1e9):
        return self.queue.take(limit, lease_s=lease_s, max_bytes=max_bytes)

    def taken(self, limit: int = 10) -> list[bytes]:
        return [lease.entry.message.proto.data for lease in self.take(limit)]

    def rows(self) -> int:
        return len(list(self.journal.held_rows()))


def queue_test(**policy: object):
    """Run a test inside a loop, with a bench whose queue has *policy*."""

    def decorate(test: Callable[[Bench], object]):
        def run() -> None:
            async def inside() -> None:
                bench = Bench(**policy)
                await test(bench)
                await bench.journal.close()

            asyncio.run(inside())

        run.__name__ = test.__name__
        return run

    return decorate


@queue_test()
async def test_a_lease_that_runs_out_delivers_again(bench):
    bench.offer(b"x")
    [lease] = bench.take(lease_s=0.03)
    woken = asyncio.Event()
    bench.queue.listeners.add(woken.set)

    await asyncio.wait_for(woken.wait(), 1)

    assert bench.taken() == [b"x"]
    assert not bench.queue.reject(lease.ack_id)


@queue_test()
async def test_a_longer_deadline_counts_from_now(bench):
    bench.offer(b"x")
    [lease] = bench.take(lease_s=0.03)

    extended = bench.queue.extend(lease.ack_id, 5)
    await asyncio.sleep(0.06)

    assert extended
    assert bench.taken() == []
    assert bench.queue.acknowledge(lease.ack_id)


@queue_test()
async def test_an_acknowledgement_after_its_deadline_still_counts(bench):
    bench.offer(b"x")
    [lease] = bench.take(lease_s=0.01)
    await asyncio.sleep(0.03)

    accepted = bench.queue.acknowledge(lease.ack_id)

    assert accepted
    assert bench.taken() == []


@queue_test(exactly_once=True)
async def test_exactly_once_refuses_an_acknowledgement_after_its_deadline(bench):
    bench.offer(b"x")
    [lease] = bench.take(lease_s=0.01)
    await asyncio.sleep(0.03)

    assert not bench.queue.acknowledge(lease.ack_id)
    assert bench.taken() == [b"x"]


@pytest.mark.parametrize("ack_id", ["", "x", "1.0:99:1", "1.0:x:1", "2.0:1:1"])
def test_ack_ids_of_nobody_do_nothing(ack_id):
    @queue_test()
    async def check(bench):
        bench.offer(b"x")
        bench.take()

        assert not bench.queue.acknowledge(ack_id)
        assert not bench.queue.extend(ack_id, 10)

    check()


@queue_test(backoff_range_s=(0.04, 0.08))
async def test_backoff_keeps_a_rejected_message_away(bench):
    bench.offer(b"x")
    [lease] = bench.take()

    bench.queue.reject(lease.ack_id)
    at_once = bench.taken()
    await asyncio.sleep(0.06)

    assert at_once == []
    assert bench.taken() == [b"x"]


@queue_test(max_attempts=2, dead_letter_topic="projects/p/topics/dead")
async def test_the_last_attempt_dead_letters(bench):
    bench.offer(b"poison")
    for _ in range(2):
        [lease] = bench.take()
        bench.queue.reject(lease.ack_id)
    await bench.journal.committed()

    assert bench.buried == [b"poison"]
    assert bench.queue.status()["backlog"] == 0
    assert bench.rows() == 0


@queue_test(max_attempts=1, dead_letter_topic="projects/p/topics/gone")
async def test_a_message_that_cannot_be_dead_lettered_stays(bench):
    bench.grave = False
    bench.offer(b"poison")
    [lease] = bench.take()

    bench.queue.reject(lease.ack_id)

    assert bench.queue.status()["backlog"] == 1
    assert bench.queue.status()["delayed"] == 1


@queue_test(ordered=True)
async def test_a_rejected_message_holds_its_key_up_and_no_other(bench):
    bench.offer(b"a1", b"a2", key="a")
    bench.offer(b"b1", key="b")
    first, _ = bench.take()

    bench.queue.reject(first.ack_id)

    assert bench.taken() == [b"a1"]
    assert bench.queue.status()["parked"] == 1


@queue_test()
async def test_what_outlived_the_retention_is_not_delivered(bench):
    bench.offer(b"old", age_s=8 * 86_400)
    bench.offer(b"new")

    assert bench.taken() == [b"new"]
    assert bench.queue.stats["outlived"] == 1


@queue_test(retain_acked=True)
async def test_the_sweep_lets_go_of_what_outlived_the_retention(bench):
    bench.offer(b"acked", b"open")
    [lease] = bench.take(1)
    bench.queue.acknowledge(lease.ack_id)
    bench.queue.policy = replace(bench.queue.policy, retention_s=-1.0)

    bench.queue.sweep()
    await bench.journal.committed()

    assert bench.queue.messages() == []
    assert bench.rows() == 0


@queue_test()
async def test_a_take_stops_once_it_is_large_enough(bench):
    bench.offer(b"x" * 60, b"y" * 60, b"z" * 60)

    leases = bench.take(max_bytes=100)

    assert len(leases) == 2


@queue_test()
async def test_a_delivery_given_back_was_no_attempt(bench):
    bench.offer(b"x")
    [lease] = bench.take()

    bench.queue.give_back(lease.ack_id)
    [again] = bench.take()

    assert again.attempt == 1


@queue_test()
async def test_every_row_goes_with_the_last_message(bench):
    bench.offer(b"1", b"2", b"3")
    await bench.journal.committed()
    before = bench.rows()

    for lease in bench.take():
        bench.queue.acknowledge(lease.ack_id)
    await bench.journal.committed()

    assert before == 3
    assert bench.rows() == 0
    assert list(bench.journal.message_rows()) == []
