from __future__ import annotations

import csv
import io
import json

import pytest
from lxml import etree

from shared.ddex.__main__ import main
from tests.shared.ddex.album import Edits, album_text


@pytest.fixture
def files(tmp_path):
    """A clean message, one with a wrong barcode, one that is no XML."""
    edits = Edits().text(".//ICPN", "4006381333932").text(".//TitleText", "=1+1 <b>")
    (tmp_path / "clean.xml").write_text(album_text())
    (tmp_path / "wrong.xml").write_bytes(edits.bytes())
    (tmp_path / "broken.xml").write_text("<m")
    return [str(tmp_path / name) for name in ("clean.xml", "wrong.xml", "broken.xml")]


def test_the_exit_code_is_that_of_the_worst_file(files, capsys):
    codes = [main(["check", *files[:count]]) for count in (1, 2, 3)]

    assert codes == [0, 1, 2]


def test_json_has_one_object_a_line(files, capsys):
    main(["check", "--format", "json", *files])

    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["file"] for each in told] == files
    assert [each["schema_valid"] for each in told] == [True, True, None]
    assert told[0] == {
        "file": files[0],
        "version": "4.3",
        "message": "NewReleaseMessage",
        "profile": "Audio",
        "schema_valid": True,
        "findings": [],
    }
    barcode = next(f for f in told[1]["findings"] if f["code"] == "ERN-D04")
    assert {"code", "level", "line", "xpath", "message", "fix"} <= barcode.keys()
    assert barcode["level"] == "ERROR"


def test_csv_has_one_finding_a_line_and_no_formulas(files, capsys):
    main(["check", "--format", "csv", *files])

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["file"] for row in rows} == set(files[1:])
    assert "ERN-D04" in {row["code"] for row in rows}
    assert not any(value.startswith("=") for row in rows for value in row.values())


def test_svrl_is_well_formed_and_names_rules_and_places(files, capsys):
    main(["check", "--format", "svrl", files[1]])

    root = etree.fromstring(capsys.readouterr().out)
    (failed,) = root.xpath("//*[@id='ERN-D04']")
    assert failed.get("location").endswith("/ICPN")
    assert failed.get("role") == "ERROR"


def test_html_is_one_page_that_shows_what_it_quotes(files, capsys):
    main(["check", "--format", "html", *files])

    page = capsys.readouterr().out
    assert page.count("<html") == 1
    assert "<b>" not in page
    assert "ERN-D04" in page
    assert "nothing wrong" in page


def test_text_reads_as_compilers_write(files, capsys):
    main(["check", *files])

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{files[1]}:") and "ERN-D04" in line for line in lines)


def test_a_file_that_is_not_there_is_told(capsys):
    code = main(["check", "/nowhere/at/all.xml"])

    assert code == 2
    assert "cannot be read" in capsys.readouterr().out


def test_a_schema_folder_takes_the_place_of_the_tables(files, tmp_path, capsys):
    damaged = tmp_path / "schemas"
    damaged.mkdir()
    (damaged / "a.xsd").write_text("<xs:schema")

    code = main(["check", "--schema-dir", str(damaged), files[0]])

    assert code == 2
    assert "not a schema" in capsys.readouterr().err


def test_the_rules_are_listed(capsys):
    code = main(["rules"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert len(lines) > 100
    assert any("ERN-T05" in line and "WARNING" in line for line in lines)
