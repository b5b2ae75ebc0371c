import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError, UnreadableFileError
from shared.domain.fields import parsed
from shared.formats.catalogs.records import NamedRecords
from shared.formats.tables.mapping import TableMapping, fingerprint
from shared.formats.tables.preview import preview
from shared.formats.tables.reading import read_table
from tests.shared.formats.ingest import needs_samples, samples

HEADER = "Track Title,Artist,ISRC,Album,UPC,Label,Release Date,Length"
ROW = (
    "Night Ferry,Ada Quill,QZLN92600001,Tidewater,2000000000008,Quayside,"
    "2026-09-18,3:45"
)


@pytest.fixture
def rows(tmp_path):
    def reading(content, mapping=None):
        path = tmp_path / "upload"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_table(path, mapping))

    return reading


def values(entry, kind=Kind.RECORDING):
    return {claim.field: claim.value for claim in entry.track if claim.kind is kind}


def said(**cells):
    names = {name.replace("_", " "): value for name, value in cells.items()}
    return NamedRecords(None).entry(1, names)


def test_a_row_speaks_of_recording_release_and_position(rows):
    (row,) = rows(f"{HEADER},Track #\r\n{ROW},4\r\n")

    recording = values(row)
    assert row.line == 2
    assert recording["title"] == "Night Ferry"
    assert recording["artists"] == [{"name": "Ada Quill", "role": "MainArtist"}]
    assert recording["isrc"] == "QZLN92600001"
    assert recording["duration_ms"] == 225_000
    release = values(row, Kind.RELEASE)
    assert release["title"] == "Tidewater"
    assert release["gtin"] == "02000000000008"
    assert release["release_date"] == "2026-09-18"
    assert values(row, Kind.TRACK_POSITION) == {"track_number": 4}
    assert row.findings == ()
    assert row.raw["ISRC"] == "QZLN92600001"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found_out(rows, delimiter, encoding):
    table = io.StringIO()
    writer = csv.writer(table, delimiter=delimiter)
    writer.writerow(HEADER.split(","))
    writer.writerow(["Café", "Adä Quill, Jr.", *ROW.split(",")[2:]])

    (row,) = rows(table.getvalue().encode(encoding))

    assert values(row)["title"] == "Café"
    assert values(row)["artists"][0]["name"] == "Adä Quill, Jr."


@pytest.mark.parametrize(
    "encoding", ["cp1251", "koi8-r", "shift_jis", "euc-kr", "big5"]
)
def test_encodings_of_other_scripts_are_guessed(rows, encoding):
    title = {
        "cp1251": "Ночной паром над рекой",
        "koi8-r": "Ночной паром над рекой",
        "shift_jis": "夜のフェリーとさくらの花",
        "euc-kr": "밤의 나룻배와 강물의 노래",
        "big5": "夜晚的渡輪與河流的歌聲",
    }[encoding]

    (row,) = rows(f"Title,Artist\n{title},x\n".encode(encoding))

    assert values(row)["title"] == title


def test_a_bad_cell_is_a_finding_with_its_line_and_the_rest_goes_on(rows):
    first, second = rows(f"{HEADER}\n{ROW.replace('QZLN92600001', 'nope')}\n{ROW}\n")

    assert [(f.code, f.line) for f in first.findings] == [("invalid-isrc", 2)]
    assert "isrc" not in values(first)
    assert values(first)["title"] == "Night Ferry"
    assert second.findings == ()


def test_a_row_with_too_many_cells_is_a_finding_and_the_others_go_on(rows):
    first, second = rows(f"{HEADER}\n{ROW},surplus\n{ROW}\n")

    assert first.is_error
    assert [f.code for f in first.findings] == ["unreadable-row"]
    assert first.findings[0].fix
    assert not second.is_error


def test_a_row_that_says_nothing_of_a_recording_is_told_of(rows):
    _, second = rows(f"{HEADER}\n{ROW}\n,,,Tidewater,,,,\n")

    assert second.is_error
    assert [(f.code, f.line) for f in second.findings] == [("no-recording", 3)]


def test_a_cell_beyond_the_readers_limit_is_a_finding(rows):
    first, second = rows(f"{HEADER}\n{'x' * 200_000},b\n{ROW}\n")

    assert first.findings[0].code == "unreadable-row"
    assert values(second)["isrc"] == "QZLN92600001"


def test_what_stands_above_the_table_is_passed_over(rows):
    (row,) = rows(f"Quayside export\n\nMade 2026-09-01\n{HEADER}\n{ROW}\n")

    assert (row.line, values(row)["isrc"]) == (5, "QZLN92600001")


def test_advice_below_the_headings_is_passed_over(rows):
    advice = "Required,Required,optional,max 250 characters,,,YYYY-MM-DD,e.g. 3:45"

    (row,) = rows(f"{HEADER}\n{advice}\n{ROW}\n")

    assert row.line == 3


def test_line_breaks_in_cells_keep_the_count_of_lines(rows):
    found = rows(f'{HEADER}\n"Night\nFerry",A,,,,,,\n{ROW}\n')

    assert [row.line for row in found] == [2, 4]


def test_a_table_of_something_else_is_refused_with_a_way_out(rows):
    with pytest.raises(UnreadableFileError) as caught:
        rows("colour,shape\nred,round\n")

    assert "mapping" in str(caught.value.facts["fix"])


def test_dates_are_read_by_what_the_whole_column_shows(rows):
    found = rows("Title,Release date\nA,03/04/2026\nB,25/04/2026\nC,2026-01-02\n")

    assert [values(row)["release_date"] for row in found] == [
        "2026-04-03",
        "2026-04-25",
        "2026-01-02",
    ]


def test_a_day_and_month_that_nobody_can_tell_apart_is_a_finding(rows):
    (row,) = rows("Title,Release date\nA,03/04/2026\n")

    assert [f.code for f in row.findings] == ["invalid-release-date"]


def test_a_template_settles_the_order_of_day_and_month(rows):
    header = (
        "Track title,Mixtitle / Version,CD number,Tracktype,Territories to deliver,"
        "Release price tier,Track price tier,Digital release date,Parental advisory"
    )

    (row,) = rows(f"{header}\nA,Live,1,original,Worldwide,Mid,Mid,03/04/2026,yes\n")

    assert values(row)["release_date"] == "2026-03-04"
    assert values(row)["subtitle"] == "Live"
    assert values(row)["explicit"] is True


def test_title_and_artist_mean_the_release_where_the_track_has_its_own():
    entry = said(title="Tidewater", artist="Ada", trackTitle="Night Ferry")

    assert values(entry)["title"] == "Night Ferry"
    assert values(entry, Kind.RELEASE)["title"] == "Tidewater"


def test_a_value_of_the_track_is_not_the_releases():
    entry = said(title="A", album="B", P_line="2026 Quay", Track_P_line="2025 Ada")

    assert values(entry)["p_line"] == "2025 Ada"
    assert values(entry, Kind.RELEASE)["p_line"] == "2026 Quay"


def test_participants_may_carry_their_roles():
    entry = said(title="A", artists="main artist:Ada;featuring:Ben;dj:Cy")

    assert [artist["role"] for artist in values(entry)["artists"]] == [
        "MainArtist",
        "FeaturedArtist",
        "Dj",
    ]


def test_people_of_several_columns_are_all_there_each_once():
    entry = said(title="A", composer="Ada; Ben", producer="Ada", mixer="Cy|Dee")

    assert values(entry)["contributors"] == [
        {"name": "Ada", "role": "Composer"},
        {"name": "Ben", "role": "Composer"},
        {"name": "Ada", "role": "Producer"},
        {"name": "Cy", "role": "Mixer"},
        {"name": "Dee", "role": "Mixer"},
    ]


def test_numbered_columns_of_one_role_are_all_there(rows):
    (row,) = rows(
        "Title,ISRC,Composer 1,Composer 2,Artist 1,Artist 2\nA,,Ada,Ben,C,D\n"
    )

    assert [c["name"] for c in values(row)["contributors"]] == ["Ada", "Ben"]
    assert [c["name"] for c in values(row)["artists"]] == ["C", "D"]


def test_words_that_stand_above_anything_make_no_header(rows):
    with pytest.raises(UnreadableFileError):
        rows("status,price\nopen,3\n")


def test_years_of_notices_are_put_before_their_text():
    entry = NamedRecords(None).entry(
        1,
        {"title": "A", "P line year": "2026", "P line": "Quay", "© line": "© 2025 B"},
    )

    assert values(entry)["p_line"] == "2026 Quay"
    assert values(entry)["c_line"] == "2025 B"


def test_words_for_nothing_say_nothing():
    entry = said(title="A", ISRC="auto", UPC="N/A")

    assert values(entry) == {"title": "A"}
    assert entry.findings == ()


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
    entry = NamedRecords(None).entry(1, {"title": "A", heading: value})

    assert values(entry)[field] == expected


def test_several_releases_of_one_file_stay_several(rows):
    found = rows(
        "Release Title,UPC,Track Title,Track Number\n"
        "One,2000000000008,A,1\nOne,2000000000008,B,2\nTwo,2000000000015,C,1\n"
    )

    gtins = [values(row, Kind.RELEASE)["gtin"] for row in found]
    assert gtins == ["02000000000008", "02000000000008", "02000000000015"]


def test_a_mapping_says_what_the_headings_do_not(rows):
    mapping = TableMapping(
        "ours",
        columns={"Liedname": "track:title", "Wer": "track:artist", "Kürzel": "isrc"},
        constants={"label": "Quayside"},
        date_order="DMY",
    )

    (row,) = rows("Liedname;Wer;Kürzel\nA;Ada;QZLN92600001\n", mapping)

    assert values(row)["artists"] == [{"name": "Ada", "role": "MainArtist"}]
    assert values(row)["isrc"] == "QZLN92600001"
    assert values(row)["label"] == values(row, Kind.RELEASE)["label"] == "Quayside"


def test_a_mapping_says_where_things_stand(rows):
    text = "x,y\nTitle,Artist\nnot,data\nA,Ada\n"

    (row,) = rows(text, TableMapping("ours", header_line=2, first_line=4))

    assert (row.line, values(row)["title"]) == (4, "A")


def test_a_mapping_names_the_columns_of_a_table_without_headings(rows):
    mapping = TableMapping(
        "ours", columns={"a": "track:title", "b": "isrc"}, headings=("a", "b")
    )

    (row,) = rows("Night Ferry,QZLN92600001\n", mapping)

    assert values(row) == {"title": "Night Ferry", "isrc": "QZLN92600001"}


def test_a_mapping_may_leave_a_column_alone(rows):
    (row,) = rows("Title,Label\nA,x\n", TableMapping("m", columns={"Label": "carried"}))

    assert "label" not in values(row)
    assert row.raw["Label"] == "x"


def test_decimals_are_read_as_the_mapping_has_them(rows):
    (row,) = rows("Title;BPM\nA;1.19,5\n", TableMapping("m", decimal=","))

    assert values(row)["bpm"] == 119.5


def test_a_mapping_survives_being_saved():
    mapping = TableMapping(
        "ours",
        columns={"A": "track:p_line", "B": "writer.2/last_name"},
        constants={"label": "x"},
        header_line=3,
        first_line=8,
        headings=("A", "B"),
        date_order="MDY",
        decimal=",",
        sheet="Tracks",
    )

    assert TableMapping.from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"name": "x", "columns": {"A": "No Such"}},
        {"name": "x", "date_order": "YDM"},
        {"name": "x", "header_line": -1},
        {"name": "x", "first_line": "8"},
    ],
)
def test_what_is_no_mapping_is_refused(told):
    with pytest.raises(InvalidInputError):
        TableMapping.from_json(told)


def test_tables_with_the_same_headings_are_known_again():
    assert fingerprint(("Title", " ISRC")) == fingerprint(("isrc", "title"))
    assert fingerprint(("Title",)) != fingerprint(("Title", "ISRC"))


def test_a_preview_shows_what_would_become_of_a_table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Title,Colour,ISRC\nA,red,nope\n")

    (shown,) = preview(path)

    told = shown.to_json()
    assert told["columns"] == {"Title": "title", "Colour": "", "ISRC": "isrc"}
    assert told["unknown"] == ["Colour"]
    assert told["rows"][0]["says"] == {"recording.title": "A"}
    assert told["rows"][0]["findings"][0]["code"] == "invalid-isrc"


@needs_samples
@pytest.mark.parametrize(
    "path", samples("csv-catalog", "csv-template-columns"), ids=lambda p: p.name
)
def test_every_known_template_is_recognised_unmapped(path):
    (shown,) = preview(path)

    assert shown.unknown == []
    assert shown.template or shown.subject == "societies"


@given(
    st.dictionaries(
        st.sampled_from(
            ["title", "artist", "isrc", "upc", "date", "bpm", "key", "length", "genre"]
        ),
        st.text(max_size=30),
    )
)
def test_whatever_a_row_holds_its_claims_are_canonical(cells):
    named = {name: value for name, value in cells.items() if value}

    entry = NamedRecords(None).entry(7, named)

    for claim in entry.track:
        assert parsed(claim.kind, claim.field, claim.value) == claim.value
