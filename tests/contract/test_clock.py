"""What `ports.clock` promises, of the machine's and of the tests' own."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory.clock import CountingIds, FixedClock
from shared.adapters.system import RandomIds, SystemClock


@pytest.fixture(params=[SystemClock, FixedClock])
def clock(request):
    return request.param()


@pytest.fixture(params=[RandomIds, CountingIds])
def ids(request):
    return request.param()


def test_the_present_is_aware_and_in_utc(clock):
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.now().tzinfo is UTC


def test_time_does_not_run_back(clock):
    told = [clock.now() for _ in range(100)]

    assert told == sorted(told)


def test_ids_are_of_version_7_and_all_different(ids):
    made = [ids.new() for _ in range(2000)]

    assert len(set(made)) == 2000
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {"specified in RFC 4122"}


def test_threads_get_different_ids():
    ids = RandomIds()
    begin = threading.Barrier(8)

    def make(_: int) -> list[object]:
        begin.wait()
        return [ids.new() for _ in range(500)]

    with ThreadPoolExecutor(8) as pool:
        made = [each for part in pool.map(make, range(8)) for each in part]

    assert len(set(made)) == 4000


def test_ids_sort_by_the_millisecond_they_were_made_in():
    ids = RandomIds()
    first = ids.new()
    time.sleep(0.003)

    assert first < ids.new()
    made_at = datetime.fromtimestamp((first.int >> 80) / 1000, UTC)
    assert abs(made_at - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_systems_clock_is_the_machines():
    assert abs(SystemClock().now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_fixed_clock_moves_when_told():
    clock = FixedClock()
    before = clock.now()

    clock.advance(timedelta(hours=1))

    assert clock.now() - before == timedelta(hours=1)
