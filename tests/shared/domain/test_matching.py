from __future__ import annotations

import io
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.errors import InvalidInputError
from shared.domain.match_command import main, scored
from shared.domain.match_weights import (
    WEIGHTS_FILE,
    Curve,
    default_weights,
    is_monotone,
)
from shared.domain.matching import Grade, RecordingFacts, match

_ROOT = Path(__file__).resolve().parents[3]
_TITLE = "Wreck on the Highway"


def facts(**told):
    known = {
        "title": _TITLE,
        "artists": "Sinkhole",
        "length_ms": "1:49",
        "release": "Groping for Trout",
        "number": "10",
        "year": "1993",
    }
    return RecordingFacts.read(known | told)


def probability(**told):
    return match(facts(), facts(**told)).probability


def test_the_same_facts_are_certain():
    found = match(facts(), facts())

    assert found.grade is Grade.CERTAIN
    assert found.probability > 0.99


@pytest.mark.parametrize(
    "told",
    [
        {"title": "010-Wreck on the Highway", "length_ms": "1m 49sec", "year": "null"},
        {"title": "Sinkhole - Wreck on the Highway", "artists": "", "length_ms": 109},
        {"title": "Wreck on the Highway - Groping for Trout", "release": ""},
        {"title": "Wreck on the Highway (Groping for Trot)", "length_ms": "1.824"},
        {"title": "Wreck on the Highwy", "artists": "Sinkhol", "length_ms": 109_466},
        {"release": "Some Compilation", "number": "3", "year": "2011"},
        {"artists": ["Sinkhole", "A Guest"]},
        {"artists": "Sinkhole feat. A Guest"},
        {"title": "Wreck on the Highway [Explicit]"},
    ],
)
def test_messy_records_of_one_recording_are_certain(told):
    assert match(facts(), facts(**told)).grade is Grade.CERTAIN


@pytest.mark.parametrize(
    "told",
    [
        {"title": "Wreck on the Highway (Live)"},
        {"title": "Wreck on the Highway (Karaoke Version)"},
        {"title": "Wreck on the Highway - Instrumental"},
        {"title": "Wreck on the Highway (Sped Up)", "length_ms": "1:30"},
        {"artists": "Somebody Else", "release": "Covers", "length_ms": "1:53"},
        {"title": "Another Song", "number": "11", "length_ms": "1:50"},
        {"title": "", "artists": ""},
    ],
)
def test_what_another_recording_might_be_is_not_certain(told):
    assert match(facts(), facts(**told)).grade is not Grade.CERTAIN


def test_a_row_one_column_off_is_read_as_it_was_meant():
    shifted = RecordingFacts.read(
        {
            "title": "10",
            "length_ms": "010-Wreck on the Highway",
            "artists": "1m 49sec",
            "release": "Sinkhole",
            "year": "Groping for Trout (1993)",
        }
    )

    assert shifted.length_ms == 109_000
    assert shifted.artists == ("Sinkhole",)
    assert match(facts(), shifted).grade is Grade.CERTAIN


def test_a_title_that_is_a_number_is_no_shifted_row():
    read = RecordingFacts.read({"title": "22", "artists": "A", "length_ms": "3:50"})

    assert read.title == "22"
    assert read.length_ms == 230_000


def test_two_remixes_by_two_people_are_two_recordings():
    ours = facts(title="Blame [BURNS Remix]")
    same = facts(title="Blame (Burns remix)")
    other = facts(title="Blame [R3hab Remix]", length_ms="1:58")

    assert match(ours, same).grade is Grade.CERTAIN
    assert match(ours, other).probability < 0.5


def test_scripts_are_compared_in_the_original_and_in_latin():
    greek = facts(title="Καραμέλα", artists="Μαρίζα Κωχ")
    latin = facts(title="Karamela", artists="Mariza Koch")

    assert match(greek, greek).grade is Grade.CERTAIN
    assert match(greek, latin).probability > 0.9


def test_two_records_that_tell_nothing_are_not_one():
    nothing = RecordingFacts()

    assert match(nothing, nothing).probability < 0.5


def test_an_isrc_speaks_for_two_records_or_against_them():
    alone = match(facts(isrc=""), facts(isrc="USRC17607839")).probability
    shared = match(facts(isrc="USRC17607839"), facts(isrc="US-RC1-76-07839"))
    differing = match(facts(isrc="USRC17607839"), facts(isrc="USRC17607840"))

    assert shared.probability >= alone > differing.probability


def test_reasons_tell_what_mattered_most_first():
    against = match(facts(), facts(title="Wreck on the Highway (Live)")).reasons
    with_it = match(facts(), facts()).reasons

    assert against[0].aspect == "version"
    assert against[0].found == "one"
    assert with_it[0].log_odds == max(one.log_odds for one in with_it)
    assert {one.aspect for one in with_it} >= {"title", "artists", "length", "version"}


def test_reasons_add_up_to_the_probability():
    found = match(facts(), facts(title="Wreck on the Hiway", length_ms="1:51"))

    log_odds = found.weights.intercept + sum(one.log_odds for one in found.reasons)
    assert found.probability == pytest.approx(1 / (1 + math.exp(-log_odds)))


records = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(max_size=30)
        | st.sampled_from([_TITLE, "Song (Live)", "A - B"]),
        "artists": st.text(max_size=12) | st.lists(st.text(max_size=8), max_size=3),
        "length_ms": st.none() | st.integers(0, 400_000) | st.text(max_size=6),
        "release": st.text(max_size=12),
        "number": st.none() | st.integers(0, 30) | st.text(max_size=4),
        "year": st.none() | st.integers(0, 2030) | st.text(max_size=8),
        "isrc": st.sampled_from(["", "USRC17607839", "no ISRC"]),
        "language": st.text(max_size=5),
    },
)


@settings(max_examples=150)
@given(records, records)
def test_the_answer_is_a_probability_whichever_comes_first(query, candidate):
    one, other = RecordingFacts.read(query), RecordingFacts.read(candidate)

    found = match(one, other)

    assert 0 < found.probability < 1
    assert match(other, one).probability == pytest.approx(found.probability)


def test_more_likeness_never_lowers_the_probability():
    assert is_monotone(default_weights())
    lengths = ["1:49", "1:51", "1:54", "2:00", "2:30", "5:00"]

    falling = [probability(length_ms=one) for one in lengths]

    assert falling == sorted(falling, reverse=True)


def test_a_curve_is_straight_between_its_knots_and_flat_beyond():
    curve = Curve((1.0, 2.0, 4.0), (0.0, 1.0, 3.0), -7.0)

    assert [curve.worth(x) for x in (0, 1, 1.5, 2, 3, 4, 9)] == [0, 0, 0.5, 1, 2, 3, 3]
    assert curve.worth(None) == -7.0


def test_the_figures_in_the_weights_file_reach_the_bars():
    told = json.loads(WEIGHTS_FILE.read_text())["unseen"]

    recalls = {name: one["recall"] for name, one in told.items()}
    assert recalls["iTunes-Amazon"] >= 0.95
    assert recalls["MusicBrainz-20K cleaned"] >= 0.95
    assert recalls["MusicBrainz-20K raw"] >= 0.90
    assert all(one["calibration_error"] <= 0.02 for one in told.values())


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"title": ["a"]}, "title"),
        ({"title": True}, "title"),
        ({"length_ms": {}}, "length_ms"),
        ({"number": float("nan")}, "number"),
        ({"artists": 5}, "artists"),
        ({"artists": ["a", None]}, "artists"),
    ],
)
def test_values_of_no_possible_kind_are_refused(record, field):
    with pytest.raises(InvalidInputError) as caught:
        RecordingFacts.read(record)

    assert caught.value.facts == {"field": field}


def line(**told):
    pair = {"id": "1", "query": {"title": "a"}, "candidate": {"title": "a"}}
    return json.dumps(pair | told).encode()


def test_a_bad_line_costs_no_other_its_answer():
    lines = [
        line(id="first"),
        b"{broken",
        b"",
        b"\xff\xfe",
        b"[]",
        line(id="odd", query={"title": []}),
        line(id="no", query="text"),
        b"[" * 100_000,
        line(id="last"),
    ]

    answers = list(scored(lines))

    assert [one["id"] for one in answers if "probability" in one] == ["first", "last"]
    bad = [(one["line"], one["id"], one["error"]) for one in answers if "error" in one]
    assert [one[:2] for one in bad] == [
        (2, None), (4, None), (5, None), (6, "odd"), (7, "no"), (8, None),
    ]  # fmt: skip
    assert bad[3][2] == "not a text or a number"


def test_a_byte_order_mark_is_no_fault():
    assert "probability" in next(scored([b"\xef\xbb\xbf" + line()]))


def test_the_command_scores_a_file(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(line(id=7) + b"\n" + line(id="x", query={}) + b"\n")

    done = subprocess.run(
        [sys.executable, "-m", "shared.domain.matching", "score", str(path)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    answers = [json.loads(one) for one in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [7, "x"]
    assert all(set(one) == {"id", "probability", "grade"} for one in answers)
    assert all(0 <= one["probability"] <= 1 for one in answers)


def test_the_command_says_by_its_status_how_it_went(tmp_path, capsys):
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(line() + b"\nbroken\n")

    assert main(["score", str(path)], io.StringIO()) == 1
    assert main(["score", str(tmp_path / "absent")], io.StringIO()) == 2
    assert main([], io.StringIO()) == 2
    assert "usage:" in capsys.readouterr().err


def test_reasons_can_be_asked_for(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(line())
    out = io.StringIO()

    main(["score", "--reasons", str(path)], out)

    reasons = json.loads(out.getvalue())["reasons"]
    assert {"aspect", "found", "log_odds", "lost"} == set(reasons[0])
