import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from shared.domain.claims import Kind
from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.formats.tables import workbook
from shared.formats.tables.mapping import TableMapping
from shared.formats.tables.preview import preview
from shared.formats.tables.reading import read_table


@pytest.fixture
def made(tmp_path):
    def build(**sheets):
        book = Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "upload.xlsx"
        book.save(path)
        return path

    return build


def changed(path, name, content):
    """Write the workbook again with another *content* of one part."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return path


def values(entry, kind=Kind.RECORDING):
    return {claim.field: claim.value for claim in entry.track if claim.kind is kind}


def test_cells_are_read_as_people_see_them(made):
    path = made(
        Tracks=[
            ["Track title", "Release date", "Length", "BPM", "UPC", "Track #"],
            ["A", date(2026, 9, 18), time(0, 3, 45), 119.5, 2000000000008, 1],
        ]
    )

    (row,) = read_table(path)

    assert row.line == 2
    assert values(row)["release_date"] == "2026-09-18"
    assert values(row)["duration_ms"] == 225_000
    assert values(row)["bpm"] == 119.5
    assert values(row, Kind.RELEASE)["gtin"] == "02000000000008"
    assert row.raw["sheet"] == "Tracks"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (3.0, "3"),
        (3.25, "3.25"),
        (datetime(2026, 1, 2), "2026-01-02"),  # noqa: DTZ001 - cells have no zone
        (timedelta(minutes=3), "180"),
        (" x\x00 ", "x"),
    ],
)
def test_a_cell_is_one_text(value, text):
    assert workbook.cell_text(value) == text


def test_contributors_of_one_sheet_are_credited_on_the_tracks_of_another(made):
    path = made(
        Album=[
            ["Release title", "Track title", "CD number", "Track number", "ISRC"],
            ["Tidewater", "A", 1, 1, "QZLN92600001"],
            ["Tidewater", "B", 2, 1, "QZLN92600002"],
        ],
        Contributors=[
            [
                "Release title",
                "Contributor Name",
                "Main artist on tracks",
                "Composer on tracks",
            ],
            ["Tidewater", "Ada", "1.1;2.1", "1.1"],
            ["Tidewater", "Ben", "2.1", "all"],
        ],
    )

    ada, ben, first, second = read_table(path)

    assert [thing.kind for e in (ada, ben) for thing in e.things] == [Kind.PARTY] * 2
    assert values(first)["artists"] == [{"name": "Ada", "role": "MainArtist"}]
    assert [c["name"] for c in values(first)["contributors"]] == ["Ben", "Ada"]
    assert [a["name"] for a in values(second)["artists"]] == ["Ada", "Ben"]


def test_sheets_that_are_no_tables_are_passed_over(made):
    path = made(
        Notes=[["How to fill this in"]],
        Tracks=[["Title", "Artist"], ["A", "Ada"]],
    )

    (row,) = read_table(path)

    assert values(row)["title"] == "A"


def test_a_mapping_may_name_the_sheet(made):
    path = made(
        One=[["Title", "Artist"], ["A", "x"]], Two=[["Title", "Artist"], ["B", "x"]]
    )

    (row,) = read_table(path, TableMapping("m", sheet="Two"))

    assert values(row)["title"] == "B"


def test_each_sheet_has_its_preview(made):
    path = made(
        One=[["Title", "Artist"], ["A", "x"]], Two=[["Title", "ISRC"], ["B", ""]]
    )

    assert [shown.sheet for shown in preview(path)] == ["One", "Two"]


def test_a_part_that_bursts_is_refused(made, monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_BYTES", 1_000_000)
    path = made(T=[["Title", "Artist"], ["A", "x"]])
    changed(path, "xl/media/image1.bin", b"\x00" * 5_000_000)

    with pytest.raises(LimitExceededError):
        list(read_table(path))


def test_a_document_type_in_a_part_is_refused(made):
    path = made(T=[["Title", "Artist"], ["A", "x"]])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'
    changed(path, "xl/worksheets/sheet1.xml", bomb)

    with pytest.raises(UnreadableFileError):
        list(read_table(path))


@pytest.mark.parametrize("keep", [10, 200, 2000, -30])
def test_a_workbook_that_is_cut_off_is_refused(made, keep):
    path = made(T=[["Title", "Artist"], ["A", "x"]])
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(UnreadableFileError):
        list(read_table(path))


def test_a_far_away_cell_costs_no_memory(made):
    book = Workbook()
    book.active.append(["Title", "Artist"])
    book.active.append(["A", "Ada"])
    book.active["XFD50000"] = "far"
    stream = io.BytesIO()
    book.save(stream)
    path = made(T=[["x"]])
    path.write_bytes(stream.getvalue())

    first, far = read_table(path)

    assert values(first)["title"] == "A"
    assert (far.line, far.is_error) == (50_000, True)
