"""Two recordings compared, one aspect at a time: what `matching` weighs."""

from __future__ import annotations

from typing import Final, NamedTuple

from rapidfuzz.distance.OSA import normalized_similarity as likeness

from shared.domain.recording_facts import RecordingFacts
from shared.domain.recording_forms import Form, Names, artist_names, release_names
from shared.domain.title_readings import Reading
from shared.domain.version_words import Version

SAME: Final = "same"
DIFFERENT: Final = "different"
MISSING: Final = "missing"
# Names of which one holds all words of the other are this much alike, at least.
_WITHIN: Final = 0.9
_LIVE: Final = frozenset({"live"})


class Comparisons(NamedTuple):
    """How two recordings compare; a likeness is from 0 to 1, None where one is silent.

    Attributes:
        weaker: The lesser of title and artists; of the title alone where artists are
            not told; 0 without a title: nothing then says what was recorded.
        words: Share of the words of the terser title that the other record has, in
            whatever field; a little less than 1 even where it has all.
        length: Absolute difference, in milliseconds.
        year: Absolute difference.
        numbers: In the titles: `same`, `different`, or `missing` in both.
        version: `missing` in both, `same`, `details` (two remixes, by two people),
            `one` (only one has it), `different`.
        marking: `different` where one is clean and the other explicit.
    """

    title: float | None
    artists: float | None
    weaker: float
    release: float | None
    words: float | None
    length: int | None
    year: int | None
    number: str
    numbers: str
    version: str
    marking: str
    language: str
    isrc: str


def compare(query: RecordingFacts, candidate: RecordingFacts) -> Comparisons:
    """Return how *query* and *candidate* compare, in their likeliest readings."""
    one, other = query.form, candidate.form
    title, reading, its_reading = _titles(one, other)
    artists, its_artists = one.artists, other.artists
    release, its_release = one.release, other.release
    if reading is not None and its_reading is not None:
        artists = artists or artist_names(reading.artist)
        its_artists = its_artists or artist_names(its_reading.artist)
        release = release or release_names(reading.release)
        its_release = its_release or release_names(its_reading.release)
    version, its_version = _version(one, reading), _version(other, its_reading)
    by_artists = _names(artists, its_artists)
    return Comparisons(
        title,
        by_artists,
        min(title or 0.0, 1.0 if by_artists is None else by_artists),
        _names(release, its_release),
        _found_words(one, other),
        _difference(query.length_ms, candidate.length_ms),
        _difference(one.year, other.year),
        _agreement(one.number, other.number),
        _numbers(reading, its_reading),
        _versions(*_evened(version, its_version, one, other)),
        _markings(version, its_version),
        _agreement(query.language, candidate.language),
        _agreement(query.isrc, candidate.isrc),
    )


def _titles(
    one: Form, other: Form
) -> tuple[float | None, Reading | None, Reading | None]:
    """Return the likeness of the two readings that are most alike, and these."""
    if not one.readings or not other.readings:
        first = one.readings[0] if one.readings else None
        return None, first, other.readings[0] if other.readings else None
    if other.readings[0].letters < one.readings[0].letters:
        # Of readings that fit equally, the same are chosen whichever record is first.
        best, its_reading, reading = _titles(other, one)
        return best, reading, its_reading
    most, chosen = -1.0, (one.readings[0], other.readings[0])
    for reading in one.readings:
        for its_reading in other.readings:
            found = _title(reading, its_reading)
            if found > most:
                most, chosen = found, (reading, its_reading)
                if most == 1.0:
                    return most, *chosen
    return most, *chosen


def _title(one: Reading, other: Reading) -> float:
    if one.native and other.native:
        return likeness(one.native, other.native)
    found = likeness(one.letters, other.letters)
    if 0.3 < found < 1.0:
        found = max(found, 0.97 * likeness(one.ordered, other.ordered))
    return found


def _names(one: Names | None, other: Names | None) -> float | None:
    if one is None or other is None:
        return None
    if one.letters == other.letters:
        return 1.0
    if one.native and other.native:
        found = likeness(one.native, other.native)
    else:
        found = max(
            likeness(one.letters, other.letters),
            0.98 * likeness(one.main, other.main),
        )
    if found < _WITHIN:
        shared = len(one.words & other.words)
        fewest = min(len(one.words), len(other.words))
        found = max(found, _WITHIN * shared / fewest if fewest else 0.0)
    return found


def _found_words(one: Form, other: Form) -> float | None:
    if len(other.title_words) < len(one.title_words):
        one, other = other, one
    fewest = len(one.title_words)
    if len(other.title_words) == fewest:
        shared = max(
            len(one.title_words & other.words), len(other.title_words & one.words)
        )
    else:
        shared = len(one.title_words & other.words)
    # One word of one is not yet what six of six are.
    return shared / (fewest + 0.5) if fewest else None


def _difference(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else abs(one - other)


def _agreement(one: str, other: str) -> str:
    if not one or not other:
        return MISSING
    return SAME if one == other else DIFFERENT


def _numbers(one: Reading | None, other: Reading | None) -> str:
    if one is None or other is None or not (one.numbers or other.numbers):
        return MISSING
    return SAME if one.numbers == other.numbers else DIFFERENT


def _version(form: Form, reading: Reading | None) -> Version:
    if reading is None:
        return form.version
    return form.version.joined(reading.version)


def _evened(
    version: Version, its_version: Version, one: Form, other: Form
) -> tuple[Version, Version]:
    """Take "live" off one title where the other's release says it for its title."""
    differing = version.kinds ^ its_version.kinds
    silent = other if "live" in version.kinds else one
    if differing != _LIVE or not silent.is_on_live_release:
        return version, its_version
    return version.without(_LIVE), its_version.without(_LIVE)


def _versions(one: Version, other: Version) -> str:
    if not one.kinds and not other.kinds:
        return MISSING
    if not one.kinds or not other.kinds:
        return "one"
    if one.kinds != other.kinds:
        return DIFFERENT
    return SAME if _details_agree(one.details, other.details) else "details"


def _details_agree(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one or not other or one & other:
        return True
    return likeness("".join(sorted(one)), "".join(sorted(other))) >= 0.7


def _markings(one: Version, other: Version) -> str:
    if not one.markings and not other.markings:
        return MISSING
    pair = one.markings ^ other.markings
    return DIFFERENT if {"clean", "explicit"} <= pair else SAME
