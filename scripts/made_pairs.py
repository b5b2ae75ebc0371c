"""Pairs made from true ones, of kinds that the labelled sets hardly hold.

A set of albums has no covers, and no recording on two compilations; one of shops has
no karaoke of the same length. What these kinds are is known, so they are made: they
take part in fitting, never in measuring.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from scripts.labelled_pairs import Pair, Record
from shared.domain.comparisons import compare
from shared.domain.messy_values import length_ms_of
from shared.domain.recording_facts import RecordingFacts

_SAME_LENGTH = ("Instrumental", "Karaoke Version", "A Cappella", "Backing Track")
_OTHER_LENGTH = (
    "Live", "Live at {place}", "{name} Remix", "Radio Edit", "Extended Mix", "Demo",
    "Acoustic", "Sped Up", "Slowed + Reverb", "Alternate Take", "Remix", "Dub Mix",
)  # fmt: skip
_FORMS = ("{title} ({version})", "{title} [{version}]", "{title} - {version}")
_PLACES = ("Wembley", "the Fillmore", "Leeds", "KEXP", "Budokan", "Montreux 1976")
_LONG_MS = 15_000
_ROUNDING_MS = 1_000

_Made = tuple[Record, bool]


def made_pairs(pairs: list[Pair], seed: int = 5) -> Iterator[Pair]:
    """Return one made pair for each true one among *pairs*, whose groups it keeps."""
    chance = random.Random(seed)  # noqa: S311 - made data, to be made again alike
    true = [one for one in pairs if one.is_same and _is_clear(one)]
    for pair in true:
        other = chance.choice(
            [
                one
                for one in chance.choices(true, k=8)
                if not set(one.groups) & set(pair.groups)
            ]
            or true
        )
        kind = chance.choice(_KINDS)
        candidate, is_same = kind(pair.candidate, other.candidate, chance)
        yield Pair(pair.query, candidate, is_same, pair.groups)


def _is_clear(pair: Pair) -> bool:
    """Whether what gets changed in a pair can be seen: it has titles and artists."""
    found = compare(
        RecordingFacts.read(pair.query), RecordingFacts.read(pair.candidate)
    )
    return (found.title or 0) > 0.85 and (found.artists or 0) > 0.85


def _cover(record: Record, other: Record, chance: random.Random) -> _Made:
    """The same song by others, on a release of theirs."""
    moved = _elsewhere(record, other, chance, chance.choice((3_000, _LONG_MS)))
    return {**moved, "artists": other["artists"]}, False


def _compilation(record: Record, other: Record, chance: random.Random) -> _Made:
    """The same recording, on a release of others in another year."""
    return _elsewhere(record, other, chance, _ROUNDING_MS), True


def _same_length_version(record: Record, _: Record, chance: random.Random) -> _Made:
    version = chance.choice(_SAME_LENGTH)
    titled = _titled(record, version, chance)
    return _lasting(titled, chance, _ROUNDING_MS), False


def _other_version(record: Record, other: Record, chance: random.Random) -> _Made:
    version = chance.choice(_OTHER_LENGTH).format(
        place=chance.choice(_PLACES), name=other["artists"] or "Club"
    )
    titled = _titled(record, version, chance)
    if chance.random() < 0.5:
        titled = {**titled, "release": other["release"], "number": ""}
    return _lasting(titled, chance, _LONG_MS), False


def _other_part(record: Record, _: Record, chance: random.Random) -> _Made:
    """What stands next on the release, under nearly the same title."""
    part = chance.choice((", Pt. 2", " II", " 2", ": Part Two", " (Part 2)"))
    number = "".join(filter(str.isdigit, record.get("number", "")))
    moved = {"number": str(int(number) + 1)} if number else {}
    titled = {**record, **moved, "title": record["title"] + part}
    return _lasting(titled, chance, 4 * _LONG_MS), False


def _sibling(record: Record, other: Record, chance: random.Random) -> _Made:
    """Another recording of the same release that happens to last as long."""
    told = {"title": other["title"], "number": other.get("number", "")}
    return _lasting({**record, **told}, chance, _ROUNDING_MS), False


def _namesake(record: Record, other: Record, chance: random.Random) -> _Made:
    """Another recording of that title, of which one does not know by whom."""
    return {**_elsewhere(record, other, chance, 4 * _LONG_MS), "artists": ""}, False


def _untold(record: Record, other: Record, chance: random.Random) -> _Made:
    """Another recording, of which next to nothing is told: silence proves nothing."""
    kept = chance.sample(sorted(other), k=2)
    told = {name: other[name] for name in kept if name not in {"title", "artists"}}
    return {**dict.fromkeys(record, ""), **told}, False


def _elsewhere(
    record: Record, other: Record, chance: random.Random, spread_ms: int
) -> Record:
    moved = {name: other.get(name, "") for name in ("release", "number", "year")}
    return _lasting({**record, **moved}, chance, spread_ms)


def _titled(record: Record, version: str, chance: random.Random) -> Record:
    form = chance.choice(_FORMS)
    return {**record, "title": form.format(title=record["title"], version=version)}


def _lasting(record: Record, chance: random.Random, spread_ms: int) -> Record:
    length_ms = length_ms_of(record["length_ms"])
    if length_ms is None:
        return record
    moved_ms = max(15_000, length_ms + chance.randint(-spread_ms, spread_ms))
    return {**record, "length_ms": str(moved_ms)}


_Kind = Callable[[Record, Record, random.Random], _Made]
_KINDS: tuple[_Kind, ...] = (
    _cover, _compilation, _compilation, _same_length_version, _other_version,
    _other_part, _sibling, _namesake, _untold,
)  # fmt: skip
