import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats import json_lines as module
from shared.formats.json_lines import json_lines, json_values

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values=st.lists(VALUES, max_size=8), indent=st.sampled_from([None, 2]))
def test_an_array_gives_its_items_however_it_is_chunked(
    values, indent, tmp_path_factory
):
    path = tmp_path_factory.mktemp("json") / "a"
    path.write_text(json.dumps(values, indent=indent))

    assert [item.value for item in json_values(path)] == values


@pytest.mark.parametrize("chunk", [1, 2, 7])
def test_values_may_lie_across_chunks(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(module, "_CHUNK", chunk)
    path = tmp_path / "a"
    path.write_text('[12345, "abc",\n {"a": [true, null]}]')

    found = list(json_values(path))

    assert [item.value for item in found] == [12345, "abc", {"a": [True, None]}]
    assert [item.line for item in found] == [1, 1, 2]


def test_a_value_beyond_the_bound_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_CHUNK", 64)
    monkeypatch.setattr(module, "_LONGEST_VALUE", 200)
    path = tmp_path / "a"
    path.write_text(json.dumps(["x" * 1000]))

    with pytest.raises(LimitExceededError):
        list(json_values(path))


def test_a_line_beyond_the_bound_is_told_of_and_the_next_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_LONGEST_VALUE", 50)
    path = tmp_path / "a"
    path.write_text('"' + "x" * 500 + '"\n{"a": 1}\n')

    first, second = json_lines(path)

    assert first.error
    assert second.value == {"a": 1}


@pytest.mark.parametrize("text", ["[1,", "[1 2]", "[1] 2", "nope", "", '{"a": 1} x'])
def test_what_is_no_json_is_refused(tmp_path, text):
    path = tmp_path / "a"
    path.write_text(text)

    with pytest.raises(UnreadableFileError):
        list(json_values(path))
