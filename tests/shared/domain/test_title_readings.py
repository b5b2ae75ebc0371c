from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.romanised import native_words, romanised_words
from shared.domain.title_readings import readings_of
from shared.domain.version_words import version_in


def first(title, artist="", release="", number=""):
    return readings_of(title, artist, release, number)[0]


@pytest.mark.parametrize(
    ("title", "told", "letters"),
    [
        ("001-Deja Vu", {}, "dejavu"),
        ("0A3-La Fessée", {}, "lafessee"),
        ("9. Sky", {"number": "9"}, "sky"),
        ("001-Why_Not", {}, "whynot"),
        ("Finch - Bury Me", {"artist": "finch"}, "buryme"),
        ("Fnich - Bury Me", {"artist": "finch"}, "buryme"),
        ("Stereophonics---Jayne", {"artist": "stereophonics"}, "jayne"),
        ("A - State of Play", {"artist": "c", "release": "state of play"}, "a"),
        ("Jayne (State of Play)", {"release": "state of play"}, "jayne"),
        ("Try (A (B) C)", {"release": "a b c"}, "try"),
        ("Song (feat. Somebody)", {}, "song"),
        ("Song ( feat . Somebody )", {}, "song"),
        ("Song ft. Somebody", {}, "song"),
        ("Song (with Ella)", {}, "song"),
        ("I Ca n't Go", {}, "icantgo"),
    ],
)
def test_what_ran_into_a_title_is_taken_off(title, told, letters):
    assert first(title, **told).letters == letters


@pytest.mark.parametrize(
    ("title", "letters"),
    [
        ("99 Luftballons", "99luftballons"),
        ("1999", "1999"),
        ("10cm", "10cm"),
        ("Draft", "draft"),
        ("Draft Day", "draftday"),
        ("20 ft Tall", "20fttall"),
        ("Dancing (with Myself)", "dancingwithmyself"),
        ("(I Can't Get No) Satisfaction", "satisfactionicantgetno"),
        ("Little Feat", "littlefeat"),
        ("(Untitled)", "untitled"),
        ("50 Ways", "50ways"),
    ],
)
def test_what_belongs_to_a_title_stays(title, letters):
    assert letters in {one.letters for one in readings_of(title, "someone", "some", "")}


def test_a_title_with_a_dash_alone_has_several_readings():
    found = readings_of("Finch - Bury Me", "", "", "")

    told = {(one.letters, one.artist, one.release) for one in found}
    assert told == {
        ("buryme", "finch", ""),
        ("finch", "", "bury me"),
        ("finchburyme", "", ""),
    }


def test_a_single_of_its_own_title_may_be_artist_and_title():
    found = readings_of("Anne - Anna", "", "anna", "")

    assert [(one.letters, one.artist) for one in found] == [
        ("anna", "anne"),
        ("anne", ""),
    ]


@pytest.mark.parametrize(
    ("title", "kinds", "details"),
    [
        ("Song (Live at Leeds)", {"live"}, {"leeds"}),
        ("Song - Live", {"live"}, set()),
        ("Song [BURNS Remix]", {"remix"}, {"burns"}),
        ("Song (Radio Edit)", {"radio edit"}, set()),
        ("Song (Karaoke Version)", {"karaoke"}, set()),
        ("Song (Instrumental)", {"instrumental"}, set()),
        ("Song (sped up)", {"sped up"}, set()),
        ("Song (Slowed + Reverb)", {"slowed"}, set()),
        ("Song (Acoustic) [Live]", {"acoustic", "live"}, set()),
        ("Auuh Remix", {"remix"}, set()),
        ("Song (take 4)", {"take"}, {"4"}),
        ("Song (Remastered 2011)", set(), set()),
        ("Song [Explicit]", set(), set()),
    ],
)
def test_version_words_are_told_from_the_title(title, kinds, details):
    found = first(title, "someone", "some").version

    assert found.kinds == kinds
    assert found.details == details


@pytest.mark.parametrize(
    "words",
    [
        "live and let die",
        "take me home",
        "the single life",
        "coming on strong",
        "",
        "a",
    ],
)
def test_brackets_without_version_words_name_none(words):
    assert version_in(words) is None


def test_clean_and_explicit_are_markings():
    assert first("Song [Clean]", "a", "b").version.markings == {"clean"}
    assert first("Song (Explicit)", "a", "b").version.markings == {"explicit"}


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Symphony No. 5: II. Andante", ("5", "2")),
        ("Part Two", ("2",)),
        ("Song", ()),
        ("Pt. 1", ("1",)),
    ],
)
def test_numbers_are_read_in_any_form(title, numbers):
    assert first(title, "a", "b").numbers == numbers


@pytest.mark.parametrize("title", ["", "   ", "007", "011- ", "()"])
def test_a_blank_title_has_no_reading(title):
    number = title.strip(" -").lstrip("0")

    assert readings_of(title, "", "", number) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Björk & Sigur Rós", "bjork and sigur ros"),
        ("Скрябин", "skryabin"),
        ("Μαρίζα", "mariza"),
        ("Don\u2019t", "dont"),
        ("Livin '", "livin"),
        ("AC/DC", "ac dc"),
    ],
)
def test_scripts_are_romanised(text, words):
    assert romanised_words(text) == words


def test_the_original_is_kept_beside_it_where_it_is_not_latin():
    assert native_words("Скрябин!") == "скрябин"
    assert native_words("Björk") == ""
    assert native_words("plain") == ""


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_title_is_too_messy(title, artist, release):
    words = romanised_words(artist), romanised_words(release)

    found = readings_of(title, *words, "7")

    assert len(found) <= 4
    assert all(one.letters or one.native for one in found)
    assert all(" " not in one.letters for one in found)
