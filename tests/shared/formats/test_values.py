import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.domain.fields import parsed
from shared.formats.languages import language_tag
from shared.formats.values import (
    MusicalKey,
    calendar_date,
    duration_ms,
    music_key,
    notices,
    number_of,
    tempo_bpm,
    truth,
)

READERS = [
    calendar_date,
    duration_ms,
    language_tag,
    music_key,
    notices,
    number_of,
    tempo_bpm,
    truth,
]

# The wheel as Mixed In Key prints it: number, minor key, major key.
WHEEL = """1 Ab B|2 Eb F#|3 Bb Db|4 F Ab|5 C Eb|6 G Bb|7 D F|8 A C|9 E G|10 B D
11 F# A|12 Db E"""
PLACES = [row.split() for row in WHEEL.replace("\n", "|").split("|")]


@pytest.mark.parametrize(("number", "minor", "major"), PLACES)
def test_camelot_names_all_twenty_four_keys(number, minor, major):
    assert music_key(f"{number}A") == MusicalKey(f"{minor} minor", f"{number}A")
    assert music_key(f"{number}b") == MusicalKey(f"{major} major", f"{number}B")


@pytest.mark.parametrize("number", [place[0] for place in PLACES])
def test_open_key_counts_from_a_minor_and_c_major(number):
    opened = (int(number) - 8) % 12 + 1

    assert music_key(f"{opened}m") == music_key(f"{number}A")
    assert music_key(f"{opened}d") == music_key(f"{number}B")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ebm", "Eb minor"),
        ("D# min", "Eb minor"),
        ("E♭ minor", "Eb minor"),
        ("es-Moll", "Eb minor"),
        ("F#", "F# major"),
        ("Gbmaj", "F# major"),
        ("C-Dur", "C major"),
        ("H-Moll", "B minor"),
        ("B-Dur", "Bb major"),
        ("A flat major", "Ab major"),
        ("BM", "B major"),
        ("08A", "A minor"),
    ],
)
def test_traditional_spellings_are_read(text, name):
    key = music_key(text)

    assert key is not None
    assert key.name == name
    assert music_key(key.camelot) == key


@pytest.mark.parametrize("text", ["13A", "X minor", "A dorian", "loud"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(InvalidInputError):
        music_key(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2003", "2003"),
        ("2003-02", "2003-02"),
        ("2003-2-4", "2003-02-04"),
        ("2003/02/14", "2003-02-14"),
        ("20030214", "2003-02-14"),
        ("2003-02-14T10:11:12Z", "2003-02-14"),
        ("2003-02-14Z", "2003-02-14"),
        ("2003-00-00", "2003"),
        ("14.02.2003", "2003-02-14"),
        ("2/14/2003", "2003-02-14"),
        ("03/03/2003", "2003-03-03"),
        ("Oct 3, 1995", "1995-10-03"),
        ("3 October 1995", "1995-10-03"),
        ("0000", None),
    ],
)
def test_dates_come_out_as_precise_as_they_are(text, date):
    assert calendar_date(text) == date


@pytest.mark.parametrize("text", ["02/03/2003", "spring", "03", "31 Foo 2001"])
def test_a_date_that_may_be_two_or_none_is_refused(text):
    with pytest.raises(InvalidInputError):
        calendar_date(text)


@given(st.dates())
def test_every_day_is_read_from_iso_8601(day):
    assert calendar_date(day.isoformat()) == day.isoformat()
    assert parsed(Kind.RECORDING, "recorded_on", day.isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("3/12", (3, 12)),
        ("03", (3, None)),
        ("3 of 12", (3, 12)),
        ("/12", (None, 12)),
        ("0/0", (None, None)),
        ("", (None, None)),
    ],
)
def test_numbers_and_totals_are_told_apart(text, pair):
    assert number_of(text) == pair


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("3:45", 225_000),
        ("1:02:03.5", 3_723_500),
        ("PT3M45S", 225_000),
        ("PT4M23.583S", 263_583),
        ("225", 225_000),
        ("225000", 225_000),
        ("0:00", None),
    ],
)
def test_durations_are_read_in_usual_forms(text, milliseconds):
    assert duration_ms(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "p_line", "c_line"),
    [
        ("℗ 2020 A © 2021 B", "2020 A", "2021 B"),
        ("© 2021 B ℗ 2020 A", "2020 A", "2021 B"),
        ("(P) & (C) 2020 Foo Ltd.", "2020 Foo Ltd.", "2020 Foo Ltd."),
        ("℗© 2019 X", "2019 X", "2019 X"),
        ("© 2020 Foo", None, "2020 Foo"),
        ("2020 Foo", None, None),
    ],
)
def test_a_notice_is_split_into_its_lines(text, p_line, c_line):
    found = notices(text)

    assert (found.p_line, found.c_line) == (p_line, c_line)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("English", "en"),
        ("pt_BR", "pt-BR"),
        ("zxx", "zxx"),
        ("Instrumental", "zxx"),
        ("yue", "yue"),
        ("XXX", None),
        ("und", None),
    ],
)
def test_languages_become_their_shortest_tag(text, tag):
    assert language_tag(text) == tag


def test_tempo_takes_a_comma_and_takes_zero_for_unknown():
    assert tempo_bpm("119,5") == 119.5
    assert tempo_bpm("128 BPM") == 128
    assert tempo_bpm("0") is None


def test_yes_and_no_are_read_in_many_words():
    assert truth("Explicit") is True
    assert truth("clean") is False
    assert truth("") is None
    with pytest.raises(InvalidInputError):
        truth("perhaps")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in READERS:
        try:
            read(text)
        except InvalidInputError as exc:
            assert exc.facts  # noqa: PT017 - refusing is as good as reading
