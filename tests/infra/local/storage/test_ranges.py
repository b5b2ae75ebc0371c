import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.storage.errors import InvalidError, UnsatisfiableRangeError
from infra.local.storage.ranges import (
    ChunkRange,
    SizeRange,
    chunk_range,
    requested_range,
)

totals = st.integers(0, 50)
positions = st.integers(0, 60)


@given(totals, positions, positions)
def test_a_closed_range_gives_what_slicing_gives(total, first, last):
    content = bytes(range(total))
    expected = content[first : last + 1]

    try:
        part = requested_range(f"bytes={first}-{last}", total)
    except UnsatisfiableRangeError:
        assert expected == b""
        return

    if last < first:
        assert part is None
    else:
        assert part is not None
        assert content[part.first : part.end] == expected
        assert part.size_bytes == len(expected) > 0
        assert part.content_range == f"bytes {first}-{part.end - 1}/{total}"


@given(totals, positions)
def test_an_open_range_gives_the_rest(total, first):
    content = bytes(range(total))

    try:
        part = requested_range(f"bytes={first}-", total)
    except UnsatisfiableRangeError:
        assert first >= total
        return

    assert part is not None
    assert content[part.first : part.end] == content[first:]


@given(totals, positions)
def test_a_suffix_range_gives_the_last_bytes(total, length):
    content = bytes(range(total))

    try:
        part = requested_range(f"bytes=-{length}", total)
    except UnsatisfiableRangeError:
        assert length == 0 or total == 0
        return

    assert part is not None
    assert content[part.first : part.end] == content[-length:]


@pytest.mark.parametrize(
    "header", [None, "", "bytes=-", "items=0-1", "bytes=0-1,3-4", "bytes=a-b", "bytes"]
)
def test_a_header_that_is_no_single_byte_range_is_ignored(header):
    assert requested_range(header, 10) is None


@given(st.text(max_size=30))
def test_any_text_is_a_range_or_ignored_or_refused(header):
    try:
        part = requested_range(header, 10)
    except UnsatisfiableRangeError:
        return

    assert part is None or 0 <= part.first < part.end <= 10


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes 0-9/20", ChunkRange(0, 9, 20)),
        ("bytes 5-9/*", ChunkRange(5, 9, None)),
        ("bytes 5-*/*", ChunkRange(5, None, None)),
        ("bytes */20", ChunkRange(None, None, 20)),
        ("bytes */*", ChunkRange(None, None, None)),
        (None, None),
    ],
)
def test_an_upload_says_which_bytes_it_carries(header, expected):
    assert chunk_range(header) == expected


@pytest.mark.parametrize("header", ["", "bytes", "bytes 9-5/20", "bytes=0-9/20"])
def test_a_malformed_content_range_is_refused(header):
    with pytest.raises(InvalidError):
        chunk_range(header)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 30))
def test_a_size_is_allowed_exactly_inside_its_range(low, high, size):
    sizes = SizeRange.from_header(f"{low},{high}")

    try:
        sizes.require(size)
    except InvalidError:
        assert not low <= size <= high
    else:
        assert low <= size <= high


def test_too_little_is_fine_while_more_may_come():
    sizes = SizeRange(min_bytes=10, max_bytes=20)

    sizes.require(3, is_final=False)

    with pytest.raises(InvalidError):
        sizes.require(3)
    with pytest.raises(InvalidError):
        sizes.require(21, is_final=False)


@pytest.mark.parametrize("header", ["", "1", "a,b", "-1,5"])
def test_a_malformed_size_range_is_refused(header):
    with pytest.raises(InvalidError):
        SizeRange.from_header(header)
