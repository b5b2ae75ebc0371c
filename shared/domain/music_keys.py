"""Keys as DJs count them: every key has one place on the Camelot wheel."""

from __future__ import annotations

from typing import Final

from shared.domain.errors import InvalidInputError

_SEMITONES: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHIFTS: Final = {"": 0, "b": -1, "#": 1}


def camelot_of(key: str) -> str:
    """Return the place of *key*, such as `Eb minor`, on the Camelot wheel: `2A`.

    C major is 8B, a fifth up is one more; a relative minor shares its number with A.
    Enharmonic names share a place.

    Raises:
        InvalidInputError: *key* is no key as the catalog writes it.
    """
    pitch, _, mode = key.partition(" ")
    if pitch[:1] not in _SEMITONES or pitch[1:] not in _SHIFTS:
        raise InvalidInputError("not a key", key=key)
    tonic = _SEMITONES[pitch[0]] + _SHIFTS[pitch[1:]]
    if mode == "major":
        return f"{_fifths(tonic)}B"
    if mode == "minor":
        return f"{_fifths(tonic + 3)}A"
    raise InvalidInputError("not a key", key=key)


def _fifths(tonic: int) -> int:
    return (7 + 7 * tonic) % 12 + 1
