import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.extract.columns import claims
from functions.extract.headings import recognised
from functions.extract.kinds import FileKind
from functions.extract.row import Row
from functions.extract.rows import read_rows
from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError
from shared.domain.fields import parsed

HEADER = "Track Title,Artist,ISRC,Album,UPC,Label,Release Date,Length"
ROW = (
    "Night Ferry,Ada Quill,QZLN92600001,Tidewater,2000000000008,Quayside,"
    "2026-09-18,3:45"
)


@pytest.fixture
def rows(tmp_path):
    def reading(content, kind=FileKind.TABLE):
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_rows(path, kind))

    return reading


def values(found):
    return {claim.field: claim.value for claim in found}


def test_a_row_speaks_of_recording_release_and_position(rows):
    (row,) = rows(f"{HEADER},Track #\r\n{ROW},4\r\n")

    reading = claims(row)

    assert row.line == 2
    recording = values(reading.recording)
    assert recording["title"] == "Night Ferry"
    assert recording["artists"] == [{"name": "Ada Quill", "role": "MainArtist"}]
    assert recording["isrc"] == "QZLN92600001"
    assert recording["duration_ms"] == 225_000
    release = values(reading.release)
    assert release["title"] == "Tidewater"
    assert release["gtin"] == "02000000000008"
    assert release["release_date"] == "2026-09-18"
    assert values(reading.position) == {"track_number": 4}
    assert reading.recording_keys == ("isrc:QZLN92600001",)
    assert reading.release_keys == ("gtin:02000000000008",)
    assert reading.findings == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found_out(rows, delimiter, encoding):
    text = f"{HEADER}\n{ROW}\n".replace("Ada Quill", "Adä Quill, Jr.")
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    cells = list(csv.reader(io.StringIO(text.replace("Quill, Jr.", "Quill"))))
    writer.writerows([[*row[:1], row[1] + ", Jr.", *row[2:]] for row in cells])

    (row,) = rows(table.getvalue().replace("Artist, Jr.", "Artist").encode(encoding))

    assert row.values["Artist" if "Artist" in row.values else "Artist, Jr."] == (
        "Adä Quill, Jr."
    )


def test_a_bad_cell_is_a_finding_with_its_line_and_the_rest_goes_on(rows):
    found = rows(f"{HEADER}\n{ROW.replace('QZLN92600001', 'nope')}\n{ROW}\n")

    first, second = map(claims, found)

    assert [(f.code, f.line) for f in first.findings] == [("invalid-isrc", 2)]
    assert "isrc" not in values(first.recording)
    assert values(first.recording)["title"] == "Night Ferry"
    assert second.findings == ()


def test_a_row_with_too_many_cells_is_a_finding_and_the_others_go_on(rows):
    found = rows(f"{HEADER}\n{ROW},surplus\n{ROW}\n")

    assert [row.error for row in found] == ["more cells than columns", ""]
    assert [f.code for f in claims(found[0]).findings] == ["unreadable-row"]


def test_a_cell_beyond_the_readers_limit_is_a_finding(rows):
    huge = "x" * 200_000

    found = rows(f"{HEADER}\n{huge},b\n{ROW}\n")

    assert found[0].error
    assert found[-1].values["ISRC"] == "QZLN92600001"


def test_what_stands_above_the_table_is_passed_over(rows):
    found = rows(f"Quayside export\n\nMade 2026-09-01\n{HEADER}\n{ROW}\n")

    assert [row.values["ISRC"] for row in found] == ["QZLN92600001"]


def test_line_breaks_in_cells_keep_the_count_of_lines(rows):
    found = rows(f'{HEADER}\n"Night\nFerry",A,,,,,,\n{ROW}\n')

    assert [row.line for row in found] == [2, 4]


def test_a_table_of_something_else_is_refused(rows):
    with pytest.raises(UnreadableFileError):
        rows("society,territory\nPRS,GB\n")


def test_title_and_artist_mean_the_release_where_the_track_has_its_own():
    row = Row(1, {"title": "Tidewater", "artist": "Ada", "trackTitle": "Night Ferry"})

    reading = claims(row)

    assert values(reading.recording)["title"] == "Night Ferry"
    assert values(reading.release)["title"] == "Tidewater"


def test_participants_may_carry_their_roles():
    row = Row(1, {"title": "A", "artists": "main artist:Ada;featuring:Ben;dj:Cy"})

    artists = values(claims(row).recording)["artists"]

    assert [artist["role"] for artist in artists] == [
        "MainArtist",
        "FeaturedArtist",
        "Dj",
    ]


def test_years_of_notices_are_put_before_their_text():
    row = Row(
        1, {"title": "A", "P line year": "2026", "P line": "Quay", "© line": "© 2025 B"}
    )

    recording = values(claims(row).recording)

    assert recording["p_line"] == "2026 Quay"
    assert recording["c_line"] == "2025 B"


def test_words_for_nothing_say_nothing():
    reading = claims(Row(1, {"title": "A", "ISRC": "auto", "UPC": "N/A"}))

    assert values(reading.recording) == {"title": "A"}
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("heading", "value", "field", "expected"),
    [
        ("Duration (ms)", "225000", "duration_ms", 225_000),
        ("duration_ms", "90000", "duration_ms", 90_000),
        ("Length", "PT3M45S", "duration_ms", 225_000),
        ("Parental Advisory", "Not Explicit", "explicit", False),
        ("Explicit", "yes", "explicit", True),
        ("Key", "8A", "key", "A minor"),
        ("Audio language", "German", "language", "de"),
        ("BPM", "119,5", "bpm", 119.5),
        ("Mood", "calm, blue", "moods", ["calm", "blue"]),
        ("Year", "2003", "release_date", "2003"),
    ],
)
def test_headings_and_values_in_usual_spellings(heading, value, field, expected):
    reading = claims(Row(1, {"title": "A", heading: value}))

    assert values(reading.recording)[field] == expected


def test_json_arrays_and_lines_say_the_same(rows):
    item = {"title": "A", "isrc": "QZLN92600001", "artists": ["Ada", {"name": "Ben"}]}

    array = rows(json.dumps([item, 3]), FileKind.JSON)
    lines = rows(f"{json.dumps(item)}\n3\n", FileKind.JSON_LINES)

    assert array == lines
    assert array[1].error == "not an object"
    assert len(values(claims(array[0]).recording)["artists"]) == 2


def test_an_album_of_tracks_gives_each_the_albums_fields(rows):
    album = {
        "title": "Tidewater",
        "upc": "2000000000008",
        "tracks": [{"title": "A", "track_number": 1}, {"title": "B"}],
    }

    first, second = map(claims, rows(json.dumps(album), FileKind.JSON))

    assert values(first.release)["title"] == "Tidewater"
    assert values(second.recording)["title"] == "B"
    assert first.release_keys == second.release_keys == ("gtin:02000000000008",)


def test_a_damaged_line_is_a_finding_and_the_others_go_on(rows):
    found = rows('{"title": "A"}\n{"title": \n{"title": "B"}\n', FileKind.JSON_LINES)

    assert [row.error for row in found] == ["", "not JSON", ""]


@pytest.mark.parametrize("content", ["[1, 2", '["a"]', "[" * 100_000, '{"x": 1}'])
def test_json_that_holds_no_catalog_is_refused(rows, content):
    with pytest.raises(UnreadableFileError):
        rows(content, FileKind.JSON)


def test_headings_are_known_without_case_spaces_and_signs():
    assert recognised("℗ Line")
    assert recognised("TRACK_TITLE")
    assert recognised("Track #")
    assert not recognised("Price tier")


@given(
    st.dictionaries(
        st.sampled_from(
            ["title", "artist", "isrc", "upc", "date", "bpm", "key", "length", "genre"]
        ),
        st.text(max_size=30),
    )
)
def test_whatever_a_row_holds_its_claims_are_canonical(cells):
    reading = claims(Row(7, {name: value for name, value in cells.items() if value}))

    for claim in (*reading.recording, *reading.release, *reading.position):
        assert claim.kind in Kind
        assert parsed(claim.kind, claim.field, claim.value) == claim.value
