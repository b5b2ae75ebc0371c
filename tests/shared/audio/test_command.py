import csv
import io
import json
import zlib

import numpy as np
import pytest

from shared.audio.command import main
from shared.audio.plot import png


@pytest.fixture
def music(sound_file, clicks, chords):
    return sound_file(clicks(120, 8) + chords(220))


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_file_is_one_object_on_one_line(music, capsys):
    status = main(["analyse", str(music), "--format", "json"])

    (found,) = lines(capsys)
    assert status == 0
    assert found["file"] == str(music)
    assert found["duration_ms"] == 8000
    assert found["bpm"] == pytest.approx(120, rel=0.01)
    assert found["key"] == "A major"
    assert found["camelot"] == "11B"
    assert found["beats_ms"] == sorted(found["beats_ms"])
    assert {"bpm_confidence", "bpm_alternatives", "key_confidence"} <= set(found)
    assert {"loudness_lufs", "loudness_range_lu", "true_peak_dbtp"} <= set(found)


def test_a_file_that_is_unreadable_does_not_keep_others_from_being_read(
    music, tmp_path, capsys
):
    broken = tmp_path / "a-broken.mp3"
    broken.write_bytes(b"no sound")

    status = main(["analyse", str(broken), str(music)])

    first, second = lines(capsys)
    assert status == 1
    assert "error" in first
    assert "error" not in second


def test_a_folder_is_its_files_of_sound(music, tmp_path, capsys):
    (tmp_path / "cover.jpg").write_bytes(b"a picture")
    deeper = tmp_path / "deeper"
    deeper.mkdir()
    (deeper / "again.WAV").write_bytes(music.read_bytes())

    main(["analyse", str(tmp_path)])

    assert [found["file"] for found in lines(capsys)] == [
        str(deeper / "again.WAV"),
        str(music),
    ]


def test_a_folder_without_sound_is_a_failure(tmp_path):
    assert main(["analyse", str(tmp_path)]) == 1


def test_rows_say_the_same(music, tmp_path, capsys):
    broken = tmp_path / "a-broken.mp3"
    broken.write_bytes(b"no sound")
    target = tmp_path / "out.csv"

    main(["analyse", str(tmp_path), "--format", "csv", "--output", str(target)])
    main(["analyse", str(music)])

    (expected,) = lines(capsys)
    first, second = csv.DictReader(io.StringIO(target.read_text()))
    assert first["error"]
    assert float(second["bpm"]) == expected["bpm"]
    assert second["key"] == expected["key"]
    assert list(map(int, second["beats_ms"].split())) == expected["beats_ms"]


def test_several_at_a_time_come_in_the_same_order(music, tmp_path, capsys):
    for name in ("b.wav", "c.wav"):
        (tmp_path / name).write_bytes(music.read_bytes())

    main(["analyse", str(tmp_path), "--jobs", "2"])

    together = lines(capsys)
    assert [found["file"] for found in together] == sorted(
        found["file"] for found in together
    )
    assert len({json.dumps({**found, "file": ""}) for found in together}) == 1


def test_a_plot_is_a_picture_with_beats_in_it(music, tmp_path):
    target = tmp_path / "out.png"

    main(["analyse", str(music), "--plot", str(target)])

    assert target.read_bytes().startswith(b"\x89PNG")


def test_a_picture_holds_its_pixels():
    picture = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)

    content = png(picture)

    start = content.index(b"IDAT") + 4
    size = int.from_bytes(content[start - 8 : start - 4], "big")
    rows = zlib.decompress(content[start : start + size])
    assert rows == b"\0" + bytes(range(9)) + b"\0" + bytes(range(9, 18))


def test_chords_and_parts_are_there_where_asked(music, capsys):
    main(["analyse", str(music)])
    main(["analyse", str(music), "--structure"])

    plain, asked = lines(capsys)
    assert (plain["chords"], plain["segments"]) == (None, None)
    assert asked["chords"][0]["start_ms"] == 0
    assert asked["segments"][0] == {"start_ms": 0, "label": "A"}


def test_what_is_in_lists_is_a_cell_too(music, capsys):
    main(["analyse", str(music), "--format", "csv", "--structure"])

    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["segments"].split()[0] == "0:A"
    assert row["chords"].startswith("0:")


def test_a_folder_gets_a_picture_of_each_file_that_can_be_read(music, tmp_path, capsys):
    broken = tmp_path / "a-broken.mp3"
    broken.write_bytes(b"no sound")
    pictures = tmp_path / "pictures"
    pictures.mkdir()

    status = main(["analyse", str(broken), str(music), "--plot", str(pictures)])

    assert status == 1
    assert [path.name for path in pictures.iterdir()] == [f"{music.name}.png"]
    assert "a-broken.mp3" in capsys.readouterr().err
