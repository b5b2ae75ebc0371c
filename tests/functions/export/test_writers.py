import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.functions.export.reading import READERS, read_csv, written

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
WITHOUT_NUL = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
IN_XML = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        include_characters="\t\n\r",
        exclude_characters="\ufffe\uffff",
    )
)
AWKWARD = (
    'So "What"', "a,b;c", "two\nlines", "two\r\nlines", "\rx", "=1+1", "+SUM(A1)",
    "-2+3", "@x", "\tx", "'quoted", "''", "-5", "=", "", "🎺 日本語", "<a>&amp;]]>",
    " spaced ", "\ufeffx", "\u2028", "\uff1d1",
)  # fmt: skip


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("title", AWKWARD)
def test_awkward_text_reads_back_equal(form, title):
    content = written(form, ("id", "title"), {"id": "1", "title": title})

    assert READERS[form](content) == [{"id": "1", "title": title}]


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_reads_back_from_csv(title, label):
    row = {"id": "1", "title": title, "label": label}

    assert read_csv(written("csv", tuple(row), row, row)) == [row, row]


@pytest.mark.parametrize("form", ["json", "jsonl"])
@given(value=st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner),
    max_leaves=8,
))  # fmt: skip
def test_any_value_reads_back_from_json(form, value):
    row = {"id": "1", "artists": value}

    assert READERS[form](written(form, tuple(row), row, row)) == [row, row]


@given(IN_XML)
def test_any_text_that_xml_can_hold_reads_back(title):
    row = {"id": "1", "title": title}

    assert READERS["xml"](written("xml", tuple(row), row)) == [row]


@given(st.text())
def test_what_xml_cannot_hold_is_replaced_and_it_still_parses(title):
    root = etree.fromstring(written("xml", ("title",), {"title": title}))

    found = root.findtext("recording/title")
    assert len(found) == len(title)


@given(ANY_TEXT)
def test_no_cell_is_a_formula(title):
    content = written("csv", ("id", "title"), {"id": "1", "title": title})

    row = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1]
    risky = row[1][:1] in set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    assert not risky or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", row[1])


def test_negative_numbers_stay_numbers():
    row = {"id": "1", "loudness_lufs": -9.5}

    assert written("csv", tuple(row), row).endswith(b"1,-9.5\r\n")


def test_csv_tells_credits_as_credited_and_apart():
    artists = [
        {"name": "Miles Davis", "role": "MainArtist", "join": " feat. "},
        {"name": "John Coltrane", "role": "FeaturedArtist", "credited_as": "Trane"},
    ]
    row = {"id": "1", "artists": artists}

    assert read_csv(written("csv", tuple(row), row)) == [
        {
            "id": "1",
            "artists": "Miles Davis feat. Trane",
            "artists__names": "Miles Davis; John Coltrane",
            "artists__roles": "MainArtist; FeaturedArtist",
        }
    ]


@given(st.lists(WITHOUT_NUL.filter(bool), min_size=1))
def test_a_joined_list_can_be_taken_apart(genres):
    row = {"id": "1", "genres": genres}

    cell = read_csv(written("csv", tuple(row), row))[0]["genres"]
    assert [_unmarked(part) for part in _marked(cell).split("; ")] == genres


def test_xml_names_lists_and_credits_by_their_parts():
    row = {
        "id": "1",
        "genres": ["Jazz", "Modal"],
        "artists": [{"name": "Miles & Co", "role": "MainArtist"}],
        "explicit": False,
        "label": None,
    }

    assert written("xml", tuple(row), row) == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<recordings>\n<recording><id>1</id>'
        b"<genres><item>Jazz</item><item>Modal</item></genres>"
        b"<artists><item><name>Miles &amp; Co</name><role>MainArtist</role></item>"
        b"</artists><explicit>false</explicit></recording>\n</recordings>\n"
    )


@pytest.mark.parametrize("form", READERS)
def test_a_file_without_rows_is_whole(form):
    assert READERS[form](written(form, ("id", "title"))) == []


def test_half_a_character_does_not_stop_a_file():
    content = written("json", ("title",), {"title": "a\ud800b"})

    assert json.loads(content) == [{"title": "a?b"}]


def _marked(cell: str) -> str:
    """Put marks in place of what is escaped, so that it can be split."""
    return re.sub(r"\\(.)", lambda m: {"\\": "\x00B", ";": "\x00S"}[m[1]], cell)


def _unmarked(part: str) -> str:
    return part.replace("\x00S", ";").replace("\x00B", "\\")
