"""The Camelot wheel, against its published places."""

from __future__ import annotations

import pytest

from shared.domain.errors import InvalidInputError
from shared.domain.music_keys import camelot_of

# Mixed In Key's wheel, from 1 to 12: minor keys (A) and their relative majors (B).
WHEEL = [
    ("Ab minor", "B major"),
    ("Eb minor", "F# major"),
    ("Bb minor", "Db major"),
    ("F minor", "Ab major"),
    ("C minor", "Eb major"),
    ("G minor", "Bb major"),
    ("D minor", "F major"),
    ("A minor", "C major"),
    ("E minor", "G major"),
    ("B minor", "D major"),
    ("F# minor", "A major"),
    ("Db minor", "E major"),
]


@pytest.mark.parametrize(("number", "keys"), list(enumerate(WHEEL, 1)))
def test_a_key_has_its_place_on_the_wheel(number, keys):
    assert [camelot_of(key) for key in keys] == [f"{number}A", f"{number}B"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("D# minor", "Eb minor"), ("Cb major", "B major"), ("E# minor", "F minor")],
)
def test_enharmonic_names_share_a_place(one, other):
    assert camelot_of(one) == camelot_of(other)


@pytest.mark.parametrize("text", ["", "H major", "A", "A dorian", "Abb minor", "8A"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(InvalidInputError):
        camelot_of(text)
