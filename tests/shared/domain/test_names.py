"""Names, credit lines and titles: one key per name, and nothing lost in splitting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.names import (
    FEATURED_ARTIST,
    MAIN_ARTIST,
    Credit,
    name_key,
    split_credit,
    split_title,
    title_key,
)

JOINS = [" feat. ", " ft. ", " (feat. ", ") & ", " & ", ", ", "; ", "\0", " / ", " x "]
WORDS = ["A", "Little Feat", "AC/DC", "the", "feat.", "ft", "Ünï", "と", "[", ")", " "]
lines = st.lists(st.sampled_from(JOINS + WORDS), min_size=1).map("".join)
texts = st.one_of(st.text(), lines)


@pytest.mark.parametrize(
    "names",
    [
        ["Beyoncé", "BEYONCE", "beyonce\u0301", " Beyoncé "],
        ["The Beatles", "Beatles, The", "Beatles", "THE BEATLES"],
        ["A Tribe Called Quest", "Tribe Called Quest, A"],
        ["Die Ärzte", "Ärzte, Die"],
        ["Guns N' Roses", "Guns N\u2019 Roses", "Guns and Roses", "Guns & Roses"],
        ["Florence + The Machine", "Florence and the Machine"],
        ["R.E.M.", "REM", "r.e.m"],
        ["Jay-Z", "JAY Z", "Jay\u2010Z"],
        ["A$AP Rocky", "ASAP Rocky"],
        ["P!nk", "Pink"],
        ["Sigur Rós", "Sigur Ros"],
        ["Röyksopp", "Royksopp"],
        ["Mø", "MO"],
        ["Motörhead™", "Motorhead"],
        ["".join(chr(ord(c) + 0xFEE0) for c in "BTS"), "BTS"],
        ["\u0401\u0436", "\u0415\u0416"],
        ["Μπιγάλης", "ΜΠΙΓΑΛΗΣ"],
        ["J. S. Bach", "J.S. Bach"],
    ],
)
def test_spellings_of_one_name_have_one_key(names):
    assert len({name_key(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The The", "The"),
        ("か", "が"),
        ("!!!", "!"),
        ("Tyler, The Creator", "Tyler"),
        ("Simon", "Simon & Garfunkel"),
        ("방탄소년단", "방탄"),
        ("मोहित", "महत"),
        ("+", "-"),
    ],
)
def test_other_names_have_other_keys(one, other):
    assert name_key(one) != name_key(other)


@given(name=texts.filter(str.strip))
def test_a_key_is_never_empty_and_is_its_own_key(name):
    key = name_key(name)

    assert key
    assert name_key(key) == key


@given(title=texts.filter(str.strip))
def test_a_title_key_is_never_empty(title):
    assert title_key(title)


@pytest.mark.parametrize(
    "titles",
    [
        ["Song - Live", "Song (Live)", "SONG [live]"],
        ["Song (feat. X)", "Song feat. X", "Song"],
        ["Another Brick, Pt. 2", "Another Brick (Part 2)"],
        ["Rock 'n' Roll", "Rock & Roll", "Rock n\u2019 Roll"],
    ],
)
def test_ways_to_write_one_title_have_one_key(titles):
    assert len({title_key(title) for title in titles}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("The End", "End"), ("Song (Live)", "Song"), ("Song", "Song (Remix)")],
)
def test_other_titles_and_versions_have_other_keys(one, other):
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    "line",
    [
        "Simon & Garfunkel",
        "Earth, Wind & Fire",
        "Tyler, The Creator",
        "AC/DC",
        "Sleeping with Sirens",
        "Malcolm X",
        "A x B",
        "A vs. B",
        "Florence + The Machine",
        "Little Feat",
        "Little Feat & Friends",
        "Draft Punk",
        "Defeat ftw",
        "A feat.",
        "10,000 Maniacs",
    ],
)
def test_a_line_that_may_be_one_name_stays_whole(line):
    assert split_credit(line) == [Credit(line, MAIN_ARTIST, line)]


@pytest.mark.parametrize(
    ("line", "main", "featured"),
    [
        ("A feat. B & C", ["A"], ["B", "C"]),
        ("A ft B", ["A"], ["B"]),
        ("A ft.B", ["A"], ["B"]),
        ("A featuring B, C and D", ["A"], ["B", "C", "D"]),
        ("A FEAT B vs. C", ["A"], ["B", "C"]),
        ("A (feat. B)", ["A"], ["B"]),
        ("A [ft. B x C] & D", ["A", "D"], ["B", "C"]),
        ("A (feat. B (of C))", ["A"], ["B (of C)"]),
        ("A (with B)", ["A"], ["B"]),
        ("A feat. B ft. C", ["A"], ["B", "C"]),
        ("Simon & Garfunkel feat. B", ["Simon & Garfunkel"], ["B"]),
        ("A feat. Tyler, The Creator & D", ["A"], ["Tyler, The Creator", "D"]),
        ("A feat. Kool & The Gang", ["A"], ["Kool & The Gang"]),
        ("Little Feat feat. X", ["Little Feat"], ["X"]),
        ("Maroon 5 ft. Wizkid", ["Maroon 5"], ["Wizkid"]),
        ("A; B", ["A", "B"], []),
        ("A / B", ["A", "B"], []),
        ("A\0B", ["A", "B"], []),
        ("A;;B;", ["A", "B"], []),
        ("A feat. B; C", ["A", "C"], ["B"]),
        ("feat. B", [], ["B"]),
        (" A  Band ", ["A Band"], []),
        ("", [], []),
        (" ", [], []),
        ("; ;", ["; ;"], []),
    ],
)
def test_a_line_is_split_where_that_is_certain(line, main, featured):
    credits_ = split_credit(line)

    assert [c.name for c in credits_ if c.role == MAIN_ARTIST] == main
    assert [c.name for c in credits_ if c.role == FEATURED_ARTIST] == featured


@pytest.mark.parametrize(
    ("line", "known", "names"),
    [
        ("Nas & Damian Marley", ["Nas", "Damian Marley"], ["Nas", "Damian Marley"]),
        ("NAS, damian marley", ["Nas", "Damian Marley"], ["NAS", "damian marley"]),
        ("Nas with Jay-Z", ["Nas", "JAY Z"], ["Nas", "Jay-Z"]),
        ("Nas vs. Jay-Z", ["Nas", "JAY Z"], ["Nas", "Jay-Z"]),
        ("Nas & Someone", ["Nas"], ["Nas & Someone"]),
        ("Earth, Wind & Fire", ["Earth"], ["Earth, Wind & Fire"]),
        (
            "Simon & Garfunkel & Nas",
            ["Simon", "Garfunkel", "Simon & Garfunkel", "Nas"],
            ["Simon & Garfunkel", "Nas"],
        ),
        ("A feat. Earth, Wind & Fire", ["Earth, Wind & Fire"], None),
    ],
)
def test_known_names_decide_what_an_ampersand_means(line, known, names):
    found = [credit.name for credit in split_credit(line, known)]

    assert found == (names or ["A", "Earth, Wind & Fire"])


@given(line=texts, known=st.lists(st.sampled_from(WORDS)))
def test_the_credits_joined_again_are_the_line(line, known):
    credits_ = split_credit(line, known)

    assert "".join(c.credited_as + c.join for c in credits_) == line.strip()
    assert all(c.name.strip() for c in credits_)


def test_a_credit_as_json_tells_only_what_is_not_plain():
    first, second = split_credit("A  Band feat. B")

    assert first.to_json() == {
        "name": "A Band",
        "role": "MainArtist",
        "credited_as": "A  Band",
        "join": " feat. ",
    }
    assert second.to_json() == {"name": "B", "role": "FeaturedArtist"}


@pytest.mark.parametrize(
    ("text", "title", "version", "featured"),
    [
        ("Song", "Song", None, []),
        ("Song (feat. X) [Radio Edit]", "Song", "Radio Edit", ["X"]),
        ("Song - Live at Wembley", "Song", "Live at Wembley", []),
        ("Song feat. X & Y - Remastered 2011", "Song", "Remastered 2011", ["X", "Y"]),
        ("Song (feat. X & Y) - Z Remix", "Song", "Z Remix", ["X", "Y"]),
        ("Song (2011 Remaster)", "Song", "2011 Remaster", []),
        ("Song (Live) [Mono]", "Song", "Live, Mono", []),
        ("Song (with Ariana Grande)", "Song", None, ["Ariana Grande"]),
        ("Song (feat. X) Part 2", "Song Part 2", None, ["X"]),
        ("Song (feat. X", "Song", None, ["X"]),
        ("Song - feat. X", "Song", None, ["X"]),
        ("Song (sped up)", "Song", "sped up", []),
    ],
)
def test_a_title_is_taken_apart(text, title, version, featured):
    parts = split_title(text)

    assert (parts.title, parts.version) == (title, version)
    assert [credit.name for credit in parts.featured] == featured
    assert {credit.role for credit in parts.featured} <= {FEATURED_ARTIST}


@pytest.mark.parametrize(
    "text",
    [
        "Live and Let Die",
        "(I Can't Get No) Satisfaction",
        "Symphony No. 5 - Allegro",
        "You Only (Live Twice)",
        "Prisoner of Dub - Babylon Is Ours: The USA in Dub",
        "Nightlife (Lost in the Mix)",
        "Dancing (with Myself)",
        "Song (With You)",
        "20 ft Tall",
        "(Live)",
        "(feat. X)",
        "Remix",
        "Song - ",
    ],
)
def test_a_title_that_only_looks_like_more_stays_whole(text):
    assert split_title(text) == (text.strip(), None, [])


@given(text=texts.filter(str.strip))
def test_a_title_never_vanishes(text):
    assert split_title(text).title


@pytest.mark.parametrize(
    "text", ["a feat. " * 2_000, " " * 20_000 + "x", "a, " * 2_000, "(live) " * 2_000]
)
@pytest.mark.timeout(5)
def test_hostile_texts_take_no_time(text):
    credits_ = split_credit(f"a{text}", ["a"])
    parts = split_title(f"a{text}")

    assert credits_
    assert parts.title
    assert name_key(text)
