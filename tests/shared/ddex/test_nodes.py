from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.ddex.languages import is_registered_tag
from shared.ddex.nodes import child, instant, seconds_of, siblings, text_of, texts_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT3M26.2S", 206.2),
        ("PT1H0M1S", 3601),
        ("P1DT1S", 86_401),
        ("PT0S", 0),
        ("-PT5S", -5),
        ("3:25", None),
        ("PT", None),
        ("P1Y", None),
        ("PT5", None),
        ("PTxS", None),
        ("", None),
    ],
)
def test_durations_are_read_in_seconds(text, seconds):
    assert seconds_of(text) == seconds


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_clock_is_read_as_written(hours, minutes, seconds):
    text = f"PT{hours}H{minutes}M{seconds}S"

    assert seconds_of(text) == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-06", datetime(2026, 3, 6, tzinfo=UTC)),
        ("2026-03-06T01:00:00+01:00", datetime(2026, 3, 6, tzinfo=UTC)),
        ("2026-03-06T00:00:00Z", datetime(2026, 3, 6, tzinfo=UTC)),
        ("soon", None),
        ("2026-02-30", None),
        ("", None),
    ],
)
def test_dates_and_times_are_read_as_instants(text, expected):
    assert instant(text) == expected


def test_texts_are_found_by_path_and_stripped():
    root = etree.fromstring("<m><a> x </a><a/><b><c>y</c><c>z</c></b></m>")

    assert text_of(root, "a") == "x"
    assert texts_of(root, "a") == ["x", ""]
    assert texts_of(root, "b/c") == ["y", "z"]
    assert text_of(root, "b/d") == text_of(None, "a") == ""
    assert text_of(child(root, "b/c")) == "y"
    assert child(root, "d") is None


def test_siblings_share_parent_and_name():
    root = etree.fromstring("<m><g><a/><b/><a/></g><g><a/></g></m>")

    groups = list(siblings(list(root.iter("a", "b"))))

    assert sorted(map(len, groups)) == [1, 1, 2]


@pytest.mark.parametrize(
    "tag", ["en", "ja-Latn", "pt-BR", "zh-Hant-TW", "es-419", "yue", "sl-rozaj"]
)
def test_registered_language_tags(tag):
    assert is_registered_tag(tag)


@pytest.mark.parametrize("tag", ["", "zz", "english", "en-QQQQ", "en-XX", "e", "en_GB"])
def test_other_language_tags(tag):
    assert not is_registered_tag(tag)
