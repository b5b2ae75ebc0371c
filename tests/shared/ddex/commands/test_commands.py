from __future__ import annotations

import json

import pytest

from shared.ddex.__main__ import main
from shared.ddex.model import read
from tests.shared.ddex.album import Edits, album_text
from tests.shared.ddex.single_of_3 import single_text


@pytest.fixture
def files(tmp_path):
    """An album of 4.3, a single of 3.8.2, and what is no XML."""
    (tmp_path / "album.xml").write_text(album_text())
    (tmp_path / "single.xml").write_text(single_text())
    (tmp_path / "broken.xml").write_text("<m")
    return [str(tmp_path / name) for name in ("album.xml", "single.xml", "broken.xml")]


def _told(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_convert_writes_the_messages_and_accounts_for_them(files, tmp_path, capsys):
    target = tmp_path / "out"

    code = main(
        [
            "convert",
            "--to",
            "4.3",
            "--format",
            "json",
            "--output",
            str(target),
            files[1],
        ]
    )

    (told,) = _told(capsys)
    assert code == 0
    assert (told["version"], told["to"], told["schema_valid"]) == ("3.8.2", "4.3", True)
    assert told["kept"] + len(told["losses"]) == told["leaves"]
    assert {"xpath", "value", "reason"} == told["losses"][0].keys()
    assert told["fact_differences"] == []
    assert read((target / "single.xml").read_bytes()).version == "4.3"


def test_convert_leaves_a_file_that_is_there_alone(files, tmp_path, capsys):
    (tmp_path / "single.xml").write_text("mine")

    code = main(["convert", "--to", "4.3", "--output", str(tmp_path), files[0]])

    assert code == 2
    assert "there is a file already" in capsys.readouterr().out
    assert (tmp_path / "album.xml").read_text() == album_text()


def test_convert_tells_losses_by_xpath(files, capsys):
    main(["convert", "--to", "4.3", files[1]])

    out = capsys.readouterr().out
    assert "lost /ern:NewReleaseMessage/DealList/ReleaseDeal/Deal[3]" in out
    assert "supplied /ern:NewReleaseMessage/@AvsVersionId [9]" in out


def test_convert_knows_the_versions(files, capsys):
    with pytest.raises(SystemExit):
        main(["convert", "--to", "5.0", files[0]])

    assert "invalid choice" in capsys.readouterr().err


def test_roundtrip_counts_what_is_kept(files, capsys):
    code = main(["roundtrip", "--format", "json", *files[:2]])

    told = _told(capsys)
    assert code == 0
    assert all(each["kept"] == each["leaves"] > 80 for each in told)
    assert all(each["schema_valid"] and each["schema_valid_after"] for each in told)


def test_roundtrip_writes_what_it_read(files, tmp_path, capsys):
    main(["roundtrip", "--output", str(tmp_path / "out"), files[0]])

    written = (tmp_path / "out" / "album.xml").read_bytes()
    assert read(written) == read(album_text().encode())


def test_a_folder_that_cannot_be_made_is_told(files, tmp_path, capsys):
    code = main(["convert", "--to", "4.2", "--output", f"{files[0]}/in", files[0]])

    assert code == 2
    assert "cannot be written" in capsys.readouterr().out


def test_facts_are_listed(files, capsys):
    code = main(["facts", files[0]])

    out = capsys.readouterr().out
    assert code == 0
    assert "recording DEZZ12600001" in out
    assert "  title: Tide 1" in out


def test_facts_are_compared(files, tmp_path, capsys):
    other = tmp_path / "other.xml"
    other.write_bytes(Edits().text(".//Release/ReleaseDate", "2026-03-07").bytes())

    same = main(["facts", "--same-as", files[0], files[0]])
    differs = main(["facts", "--same-as", files[0], "--format", "json", str(other)])

    out = capsys.readouterr().out.splitlines()
    assert (same, differs) == (0, 1)
    assert out[0].endswith("says the same")
    assert json.loads(out[1])["differences"][0]["field"] == "released on"


@pytest.mark.parametrize(
    "command", [["convert", "--to", "4.3"], ["roundtrip"], ["facts"]]
)
def test_what_cannot_be_read_is_told_and_the_rest_is_done(files, command, capsys):
    code = main([*command, "--format", "json", files[2], "/nowhere.xml", files[0]])

    told = _told(capsys)
    assert code == 2
    assert "not well-formed" in told[0]["error"]
    assert "cannot be read" in told[1]["error"]
    assert told[2]["version"] == "4.3"
