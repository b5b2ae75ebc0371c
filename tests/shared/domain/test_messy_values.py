from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.messy_values import (
    language_of,
    length_ms_of,
    number_of,
    told,
    year_of,
)


@pytest.mark.parametrize(
    ("written", "length_ms"),
    [
        ("3:41", 221_000),
        ("02 :55", 175_000),
        ("1:02:03", 3_723_000),
        ("3m 36sec", 216_000),
        ("0m 41sec", 41_000),
        ("PT4M2S", 242_000),
        ("PT1H2M3.5S", 3_723_500),
        ("3.95", 237_000),
        ("0.5", 30_000),
        ("12,3", 738_000),
        ("219", 219_000),
        ("321266", 321_266),
        ("26 6000", 266_000),
        ("242000 ms", 242_000),
        (219, 219_000),
        (321_266, 321_266),
        (4_500, 4_500),
        (3.95, 237_000),
    ],
)
def test_lengths_are_read_in_the_unit_they_are_written_in(written, length_ms):
    assert length_ms_of(written) == length_ms


@pytest.mark.parametrize(
    "written", ["", None, "unk.", "00:00", 0, -5, "Tansy (Greatest Hits)", "3:", "1e9"]
)
def test_what_is_no_length_is_none(written):
    assert length_ms_of(written) is None


@given(st.integers(1, 5_999))
def test_a_length_survives_every_way_to_write_it(seconds):
    minutes, rest = divmod(seconds, 60)

    written = {
        f"{minutes}:{rest:02}",
        f"{minutes}m {rest}sec",
        f"PT{minutes}M{rest}S",
        f"{seconds}",
        f"{seconds * 1000} ms",
    }

    assert {length_ms_of(one) for one in written} == {seconds * 1000}


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2009", 2009),
        (2009, 2009),
        ("20-Jun-14", 2014),
        ("August 21 , 2009", 2009),
        ("2014-08-19", 2014),
        ("'94", 1994),
        ("' 03", 2003),
        ("75", 1975),
        ("8", 2008),
        ("2901", None),
        ("null", None),
        ("", None),
        (None, None),
    ],
)
def test_years_are_read_from_dates_and_halves(written, year):
    assert year_of(written) == year


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *[("011", "11"), ("1 1", "11"), ("0A3", "A3"), ("a3", "A3"), (7, "7")],
        *[("3/12", "3"), ("", ""), (None, ""), ("Intro", ""), (0, "")],
        ("110055-A039", ""),
    ],
)
def test_numbers_lose_their_zeros(written, number):
    assert number_of(written) == number


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("English", "eng"), ("Eng.", "eng"), ("en", "eng"), ("Fre.", "fra")],
        *[("de", "deu"), ("Greek", "ell"), ("null", ""), ("02:57", ""), (None, "")],
    ],
)
def test_languages_are_known_by_name_and_code(written, code):
    assert language_of(written) == code


@pytest.mark.parametrize(
    "text", ["", "  ", "null", "[unknown]", "unk.", "N/A", "(unknown)", "-", "None"]
)
def test_words_for_nothing_say_nothing(text):
    assert told(text) == ""


@pytest.mark.parametrize("text", ["Unknown Pleasures", "Null Set", "?!", "No"])
def test_words_that_only_look_like_nothing_stay(text):
    assert told(f" {text} ") == text


@given(st.text() | st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_no_value_is_too_messy(value):
    length_ms, year = length_ms_of(value), year_of(value)

    assert length_ms is None or 0 < length_ms <= 48 * 3_600_000
    assert year is None or 1860 <= year <= 2100
