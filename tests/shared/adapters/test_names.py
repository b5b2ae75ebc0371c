import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.names import attachment, checked
from shared.domain.errors import InvalidInputError


@pytest.mark.parametrize("name", ["a", "a/b.c", "...", "a/.b", "é" * 512, "a b#?%"])
def test_names_that_every_store_takes(name):
    assert checked(name) == name


@pytest.mark.parametrize(
    "name", ["", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "\r", "\x7f", "é" * 513]
)
def test_names_that_none_should_take(name):
    with pytest.raises(InvalidInputError):
        checked(name)


def test_a_plain_file_name_is_told_twice():
    assert attachment("So What.flac") == (
        "attachment; filename=\"So What.flac\"; filename*=UTF-8''So%20What.flac"
    )


@given(st.text())
def test_no_file_name_breaks_out_of_the_header(filename):
    header = attachment(filename)

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "\\" not in header
