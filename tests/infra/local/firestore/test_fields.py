import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore.errors import StatusError
from infra.local.firestore.fields import (
    get_field,
    parse_path,
    path_text,
    projected,
    put_field,
    remove_field,
)
from tests.infra.local.firestore.made import document, value

_SEGMENTS = st.text(alphabet="ab.`\\ Ä1_", min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b_1", ("a", "b_1")),
        ("`a.b`.c", ("a.b", "c")),
        (r"`back\`tick`", ("back`tick",)),
    ],
)
def test_a_path_is_parsed_into_segments(text, path):
    assert parse_path(text) == path


@given(st.lists(_SEGMENTS, min_size=1, max_size=3).map(tuple))
def test_every_path_survives_being_written_and_parsed(path):
    assert parse_path(path_text(path)) == path


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "`a", "a`b`"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(StatusError, match="Invalid property path"):
        parse_path(text)


def test_a_nested_field_is_put_and_got():
    fields = document("c/a", a=1).fields

    put_field(fields, ("a", "b"), value("deep"))

    assert get_field(fields, ("a", "b")).string_value == "deep"


@pytest.mark.parametrize("path", [("z",), ("a", "z"), ("a", "b", "c")])
def test_what_is_not_there_is_none(path):
    fields = document("c/a", a={"b": 1}).fields

    assert get_field(fields, path) is None


@pytest.mark.parametrize("path", [("z",), ("a", "z"), ("a", "b", "c"), ("z", "z")])
def test_removing_what_is_not_there_changes_nothing(path):
    before, after = document("c/a", a={"b": 1}), document("c/a", a={"b": 1})

    remove_field(after.fields, path)

    assert after == before


def test_removing_takes_one_field_alone():
    changed = document("c/a", a={"b": 1, "c": 2})

    remove_field(changed.fields, ("a", "b"))

    assert changed == document("c/a", a={"c": 2})


def test_a_projection_keeps_the_chosen_fields_and_the_name():
    whole = document("c/a", a={"b": 1, "c": 2}, d=3)

    part = projected(whole, [("a", "b"), ("x",)])

    assert part.name == whole.name
    assert part.fields == document("c/a", a={"b": 1}).fields
