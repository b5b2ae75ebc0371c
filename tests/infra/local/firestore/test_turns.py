import asyncio

import pytest

from infra.local.firestore import turns as module
from infra.local.firestore.transactions import Transaction
from infra.local.firestore.turns import Turns


@pytest.fixture
def turns():
    return Turns()


def _fresh():
    return Transaction(read_only=False)


def _retry():
    return Transaction(read_only=False, is_retry=True)


async def _is_waiting(turns, transaction, *names):
    taking = asyncio.ensure_future(turns.take(transaction, names))
    done, _ = await asyncio.wait({taking}, timeout=0.02)
    return None if done else taking


def test_fresh_transactions_wait_for_nobody(turns):
    async def run():
        await turns.take(_fresh(), ["a"])
        return await _is_waiting(turns, _fresh(), "a")

    assert asyncio.run(run()) is None


def test_others_wait_until_a_retried_transaction_ends(turns):
    async def run():
        first = _retry()
        await turns.take(first, ["a", "b"])
        elsewhere = await _is_waiting(turns, _fresh(), "c")
        waiting = await _is_waiting(turns, _fresh(), "b")
        first.ended.set()
        await asyncio.wait_for(waiting, 1)
        return elsewhere

    assert asyncio.run(run()) is None


def test_a_holder_may_read_again(turns):
    async def run():
        first = _retry()
        await turns.take(first, ["a"])
        return await _is_waiting(turns, first, "a")

    assert asyncio.run(run()) is None


def test_whoever_waited_holds_the_next_turn(turns):
    async def run():
        first, second, third = _retry(), _fresh(), _fresh()
        await turns.take(first, ["a"])
        takings = [await _is_waiting(turns, each, "a") for each in (second, third)]
        first.ended.set()
        await asyncio.wait_for(takings[0], 1)
        was_last = not takings[1].done()
        second.ended.set()
        await asyncio.wait_for(takings[1], 1)
        return was_last

    assert asyncio.run(run())


def test_patience_ends_even_with_one_that_never_does(turns, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.01)

    async def run():
        await turns.take(_retry(), ["a"])
        await asyncio.wait_for(turns.take(_retry(), ["a"]), 1)

    asyncio.run(run())


def test_two_that_wait_for_each_other_go_on(turns, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_S", 0.01)

    async def run():
        one, other = _retry(), _retry()
        await turns.take(one, ["a"])
        await turns.take(other, ["b"])
        both = [turns.take(one, ["b"]), turns.take(other, ["a"])]
        await asyncio.wait_for(asyncio.gather(*both), 1)

    asyncio.run(run())
