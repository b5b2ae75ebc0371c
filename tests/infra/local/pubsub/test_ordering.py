from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from infra.local.pubsub.ordering import Lanes


@dataclass(eq=False)
class Entry:
    key: str
    acked: bool = False


@given(st.lists(st.sampled_from("abc"), max_size=30), st.randoms())
def test_each_key_goes_one_at_a_time_and_in_order(keys, rng):
    lanes: Lanes[Entry] = Lanes()
    entries = [Entry(key) for key in keys]
    out = [entry for entry in entries if lanes.admit(entry.key, entry)]
    done: list[Entry] = []

    while out:
        assert len({entry.key for entry in out}) == len(out)
        entry = out.pop(rng.randrange(len(out)))
        entry.acked = True
        done.append(entry)
        following = lanes.leave(entry.key, entry)
        if following is not None:
            out.append(following)

    assert len(lanes) == 0
    for key in "abc":
        assert [e for e in done if e.key == key] == [e for e in entries if e.key == key]


def test_one_that_is_done_before_its_turn_is_passed_over():
    lanes: Lanes[Entry] = Lanes()
    first, second, third = (Entry("k") for _ in range(3))
    for entry in (first, second, third):
        lanes.admit("k", entry)

    second.acked = True
    early = lanes.leave("k", second)
    first.acked = True
    following = lanes.leave("k", first)

    assert early is None
    assert following is third


def test_parked_are_those_behind_the_first():
    lanes: Lanes[Entry] = Lanes()

    for key in "aaab":
        lanes.admit(key, Entry(key))

    assert lanes.parked == 2
    assert len(lanes) == 2
