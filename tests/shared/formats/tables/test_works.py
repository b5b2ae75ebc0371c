import pytest

from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.formats.tables.contributors import places
from shared.formats.tables.reading import read_table
from tests.shared.formats.ingest import FOLDER, needs_samples


@pytest.fixture
def rows(tmp_path):
    def reading(content):
        path = tmp_path / "works.csv"
        path.write_text(content)
        return list(read_table(path))

    return reading


def values(thing):
    return {claim.field: claim.value for claim in thing.claims}


def test_a_row_speaks_of_a_work_its_writers_and_their_shares(rows):
    (row,) = rows(
        "Work Title,ISWC,Alt Title 1,Writer 1 Last,Writer 1 First,Writer 1 IPI,"
        "Writer 1 Role,Writer 1 PR Share,Writer 2 Last,Writer 2 Role,"
        "Recording 1 ISRC,Recording 1 Recording Title,Artist 1 Last\n"
        "Night,T-034524680-1,Nacht,Quill,Ada,00014107338,CA,50,Ferry,A,"
        "QZLN92600001,Night,The Quays\n"
    )

    work, recording = row.things
    assert (work.kind, recording.kind) == (Kind.WORK, Kind.RECORDING)
    said = values(work)
    assert said["iswc"] == "T0345246801"
    assert said["alternate_titles"] == ["Nacht"]
    assert said["contributors"] == [
        {"name": "Ada Quill", "role": "ComposerLyricist", "ipi": "00014107338"},
        {"name": "Ferry", "role": "Lyricist"},
    ]
    assert said["shares"][0]["pr_share"] == "50"
    assert recording.keys == ("isrc:QZLN92600001",)
    assert values(recording)["iswc"] == "T0345246801"
    assert values(recording)["artists"][0]["name"] == "The Quays"


def test_lists_of_a_publisher_are_parted_by_bars(rows):
    (row,) = rows(
        "Song Title,ISWC,Composers,Publishers,Territories Included,PRO\n"
        "Night,,Ada Quill|Ben Ferry,Quay Songs|Dock Music,Worldwide,PRS\n"
    )

    said = values(row.things[0])
    assert [c["name"] for c in said["contributors"]] == ["Ada Quill", "Ben Ferry"]
    assert said["publishers"] == ["Quay Songs", "Dock Music"]
    assert said["society"] == "PRS"


def test_a_row_without_title_and_iswc_is_an_error(rows):
    (row,) = rows("Work Title,Work ID,Composers\n,X1,Ada\n")

    assert row.is_error
    assert row.findings[0].code == "no-title"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1;1.2;2.3", [(1, 1), (1, 2), (2, 3)]),
        ("1-1, 2-1", [(1, 1), (2, 1)]),
        ("4;5", [(1, 4), (1, 5)]),
        ("All tracks", None),
        ("", []),
    ],
)
def test_lists_of_places(text, expected):
    assert places(text) == expected


@pytest.mark.parametrize("text", ["first", "1.1;x", "1..2", "1.1.1"])
def test_what_is_no_list_of_places_is_refused(text):
    with pytest.raises(InvalidInputError):
        places(text)


@needs_samples
def test_a_statement_of_royalties_is_less_sure_of_its_titles():
    path = FOLDER / "csv-catalog" / "matijakolari__tests_royaltystatement.csv"

    entries = list(read_table(path))

    assert len(entries) == 6
    assert {claim.confidence for e in entries for claim in e.things[0].claims} == {0.5}
