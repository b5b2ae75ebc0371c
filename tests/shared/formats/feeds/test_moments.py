import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInputError
from shared.formats.feeds.moments import moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 20 Nov 2026 08:00:00 GMT", "2026-11-20T08:00:00Z"),
        ("Fri, 20 Nov 2026 08:00 +0200", "2026-11-20T06:00:00Z"),
        ("20 Nov 26 08:00:00 EST", "2026-11-20T13:00:00Z"),
        ("Friday, 20 November 2026 08:00:00 PDT", "2026-11-20T15:00:00Z"),
        ("Fri Nov 20 08:00:00 UTC 2026", "2026-11-20T08:00:00Z"),
        ("November 20, 2026 08:00", "2026-11-20T08:00:00Z"),
        ("2026-11-20T08:00:00.123+05:30", "2026-11-20T02:30:00Z"),
        ("2026-11-20 08:00:00", "2026-11-20T08:00:00Z"),
        ("20261120T080000Z", "2026-11-20T08:00:00Z"),
        ("2026-11", "2026-11-01T00:00:00Z"),
        ("Thu, 31 Dec 1998 24:00:00 GMT", "1999-01-01T00:00:00Z"),
        ("20 Nov 99", "1999-11-20T00:00:00Z"),
        ("Fri, 20 Nov 2026 08:00:00 XYZ", "2026-11-20T08:00:00Z"),
    ],
)
def test_moments_as_feeds_write_them(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize("text", ["", "  ", "0", "0000-00-00"])
def test_nothing_says_nothing(text):
    assert moment(text) is None


@pytest.mark.parametrize("text", ["soon", "32 Nov 2026", "2026-13-01", "20 Foo 2026"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(InvalidInputError):
        moment(text)


@given(st.text(max_size=60))
def test_whatever_comes_is_a_moment_or_refused(text):
    try:
        found = moment(text)
    except InvalidInputError:
        return

    assert found is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found)
