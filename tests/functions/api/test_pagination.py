from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.pagination import Cursors, next_link
from functions.api.problems import BadRequestError

PLACES = st.lists(st.none() | st.text(), max_size=4).map(tuple)
QUESTIONS = st.lists(st.text(), max_size=4)

cursors = Cursors("a secret")


@given(QUESTIONS, PLACES)
def test_a_cursor_gives_back_its_place(question, place):
    assert cursors.read(question, cursors.write(question, place)) == place


@given(QUESTIONS, PLACES)
def test_a_cursor_can_stand_in_an_address(question, place):
    cursor = cursors.write(question, place)

    assert cursor.isascii()
    assert set("+/=&# ?") & set(cursor) == set()


@given(QUESTIONS, QUESTIONS, PLACES)
def test_a_cursor_is_of_one_question(question, other, place):
    cursor = cursors.write(question, place)

    if question != other:
        with pytest.raises(BadRequestError):
            cursors.read(other, cursor)


@given(QUESTIONS, PLACES)
def test_a_cursor_of_another_deployment_is_refused(question, place):
    with pytest.raises(BadRequestError):
        cursors.read(question, Cursors("another").write(question, place))


@given(st.text())
def test_what_nobody_wrote_is_refused(text):
    with pytest.raises(BadRequestError):
        cursors.read(["title"], text)


@given(PLACES, st.data())
def test_a_cursor_with_one_letter_changed_is_refused(place, data):
    cursor = cursors.write(["title"], place)
    index = data.draw(st.integers(0, len(cursor) - 2))
    changed = (
        cursor[:index] + ("A" if cursor[index] != "A" else "B") + cursor[index + 1 :]
    )

    with pytest.raises(BadRequestError):
        cursors.read(["title"], changed)


def test_the_next_page_keeps_the_parameters():
    link = next_link("/api/tracks", {"title": "a b&c"}, "xyz")

    assert link == '</api/tracks?title=a+b%26c&cursor=xyz>; rel="next"'
