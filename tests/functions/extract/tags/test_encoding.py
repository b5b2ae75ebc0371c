import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.extract.tags.encoding import repaired


@pytest.mark.parametrize(
    ("meant", "encoding", "name"),
    [
        ("Björk \u2014 Jóga", "utf-8", "UTF-8"),
        ("Кино", "utf-8", "UTF-8"),
        ("Группа крови", "cp1251", "Windows-1251"),
        ("КИНО", "cp1251", "Windows-1251"),
        ("さくらのうた", "cp932", "Shift JIS"),
        ("Björk", "utf-16", "UTF-16"),
    ],
)
def test_a_text_taken_for_latin_1_is_read_as_it_was_meant(meant, encoding, name):
    found = repaired(meant.encode(encoding).decode("latin-1"))

    assert (found.text, found.encoding) == (meant, name)
    assert found.confidence < 1


def test_utf_8_taken_for_windows_1252_is_read_as_it_was_meant():
    assert repaired("Björk\u2019s".encode().decode("cp1252")).text == "Björk\u2019s"


@pytest.mark.parametrize(
    "text",
    [
        "Björk",
        "Sigur Rós",
        "Café Tacvba",
        "Motörhead",
        "Œuvre",
        "Ænima",
        "naïve",
        "Ágætis byrjun",
        "Ça ira",
        "Übermäßig",
        "100 €",
        "Кино",
        "さくら",
        "½ past",
        "»Öl«",
    ],
)
def test_what_reads_well_is_left_alone(text):
    found = repaired(text)

    assert (found.text, found.encoding, found.confidence) == (text, "", 1)
    assert found.suspect is False


def test_what_cannot_be_meant_but_not_told_is_left_and_suspected():
    found = repaired("a\x81b\xe9")

    assert (found.text, found.suspect) == ("a\x81b\xe9", True)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=40))
def test_a_repair_is_never_repaired_into_bytes_that_were_not_there(text):
    found = repaired(text)

    if not found.encoding:
        assert found.text == text


@given(st.text(alphabet=st.characters(min_codepoint=0xA0), min_size=1, max_size=30))
def test_utf_8_read_as_latin_1_always_comes_back(text):
    meant = text.encode("utf-8", "ignore").decode()
    mangled = meant.encode().decode("latin-1")

    found = repaired(mangled)

    assert found.text == meant or found.encoding == "UTF-16"
