from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.pubsub.errors import UnavailableError
from infra.local.pubsub.journal import Journal


def test_what_is_committed_is_there_again(tmp_path):
    async def write():
        journal = Journal(tmp_path)
        journal.resources.put(("topic", "t"), (7, b"body"))
        journal.messages.put(1, (b"one",), new=True)
        journal.held.put((7, 1), (2, True), new=True)
        await journal.committed()
        await journal.close()

    asyncio.run(write())
    journal = Journal(tmp_path)

    assert list(journal.resource_rows()) == [("topic", "t", 7, b"body")]
    assert list(journal.message_rows()) == [(1, b"one")]
    assert list(journal.held_rows()) == [(7, 1, 2, 1)]
    asyncio.run(journal.close())


def test_a_row_that_comes_and_goes_within_a_batch_is_never_staged():
    async def run():
        journal = Journal(None)
        journal.messages.put(1, (b"one",), new=True)
        journal.messages.drop(1)
        statements = []
        journal._connection.set_trace_callback(statements.append)
        await journal.committed()
        await journal.close()
        return statements

    statements = asyncio.run(run())

    assert not [each for each in statements if "message" in each]


steps = st.lists(
    st.tuples(st.sampled_from(["put", "drop", "commit"]), st.integers(1, 3)),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_the_file_follows_any_sequence_of_changes(steps):
    async def run():
        journal = Journal(None)
        expected: dict[int, bytes] = {}
        for turn, (step, number) in enumerate(steps):
            if step == "put":
                body = b"%d" % turn
                journal.messages.put(number, (body,), new=number not in expected)
                expected[number] = body
            elif step == "drop":
                journal.messages.drop(number)
                expected.pop(number, None)
            else:
                await journal.committed()
        await journal.committed()
        rows = dict(journal.message_rows())
        await journal.close()
        return rows, expected

    rows, expected = asyncio.run(run())

    assert rows == expected


def test_a_failed_write_is_told_and_tried_again():
    async def run():
        journal = Journal(None)
        journal._connection.execute("ALTER TABLE message RENAME TO hidden")
        journal.messages.put(1, (b"one",), new=True)
        with pytest.raises(UnavailableError):
            await journal.committed()
        journal._connection.execute("ALTER TABLE hidden RENAME TO message")
        await journal.committed()
        rows = list(journal.message_rows())
        await journal.close()
        return rows

    assert asyncio.run(run()) == [(1, b"one")]


def test_a_directory_has_one_server(tmp_path):
    first = Journal(tmp_path)

    with pytest.raises(UnavailableError) as caught:
        Journal(tmp_path)

    assert caught.value.facts == {"directory": tmp_path}
    asyncio.run(first.close())


def test_the_log_starts_over_once_it_is_large(tmp_path):
    log = tmp_path / "pubsub.sqlite3-wal"

    async def run():
        journal = Journal(tmp_path)
        sizes_bytes = []
        for batch in range(12):
            for number in range(1000):
                row = (b"x" * 4096,)
                journal.messages.put(batch * 1000 + number, row, new=True)
            await journal.committed()
            sizes_bytes.append(log.stat().st_size)
        await journal.close()
        return sizes_bytes

    sizes_bytes = asyncio.run(run())
    journal = Journal(tmp_path)

    assert max(sizes_bytes) < 20 << 20
    assert len(list(journal.message_rows())) == 12_000
    asyncio.run(journal.close())
