"""Who is credited: names, roles, join phrases and MusicBrainz ids, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.names import Credit, name_key, split_credit

from .gathering import Tag

# A line that was split by its punctuation alone; as many MusicBrainz ids as names
# confirm it.
SPLIT: Final = 0.8
SPLIT_AND_CONFIRMED: Final = 0.95

_MBID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PERFORMED: Final = re.compile(r"(.+?)\s*\(([^()]+)\)")

# Roles in DDEX's words (allowed values of ContributorRole).
_ROLES: Final = MappingProxyType(
    {
        "composer": "Composer",
        "lyricist": "Lyricist",
        "writer": "ComposerLyricist",
        "arranger": "Arranger",
        "conductor": "Conductor",
        "performer": "AssociatedPerformer",
        "producer": "Producer",
        "remixer": "Remixer",
        "engineer": "Engineer",
        "mixer": "Mixer",
        "dj_mixer": "DJ",
    }
)


@dataclass(frozen=True, slots=True)
class Credited:
    """Credits as a claim's value, with what they rest on.

    Attributes:
        unaligned: MusicBrainz ids that fit no name.
    """

    value: list[JsonValue]
    confidence: float
    frames: tuple[str, ...]
    unaligned: tuple[str, ...] = ()


def credited(
    lines: Sequence[Tag], names: Sequence[Tag], ids: Sequence[Tag]
) -> Credited | None:
    """Return the artists of a recording or release, or None where none is named.

    Args:
        lines: The artist as credited; several where each value is one artist.
        names: The artists one by one (`ARTISTS`), where the file lists them too.
        ids: Their MusicBrainz ids, in the same order.
    """
    if not lines and not names:
        return None
    artists, confidence = _credits(lines, [tag.value for tag in names])
    mbids = musicbrainz_ids(tag.value for tag in ids)
    if len(mbids) > 1 and len(artists) == 1:
        artists, confidence = _parted_by_slash(artists, confidence, len(mbids))
    aligned = len(mbids) == len(artists)
    if aligned and confidence == SPLIT:
        confidence = SPLIT_AND_CONFIRMED
    value = [credit.to_json() for credit in artists]
    if aligned:
        for credit, mbid in zip(value, mbids, strict=True):
            credit["musicbrainz_id"] = mbid
    tags = [*lines, *names, *ids]
    return Credited(
        value=list[JsonValue](value),
        confidence=min([confidence, *(tag.confidence for tag in tags)]),
        frames=tuple(dict.fromkeys(tag.frame for tag in tags)),
        unaligned=() if aligned else tuple(mbids),
    )


def _credits(lines: Sequence[Tag], names: list[str]) -> tuple[list[Credit], float]:
    if not lines:
        return [Credit(name) for name in dict.fromkeys(names)], 1.0
    known = names or [tag.value for tag in lines if len(lines) > 1]
    # Some taggers repeat the whole line as one more value of a list of names.
    values = list(dict.fromkeys(tag.value for tag in lines))
    artists = [credit for value in values for credit in split_credit(value, known)]
    if not names:
        certain = len(artists) == len(values)
        return artists, 1.0 if certain else SPLIT
    if {name_key(credit.name) for credit in artists} == {name_key(n) for n in names}:
        return artists, 1.0
    # The list is explicit, the line says the same in words that cannot be matched.
    return [Credit(name) for name in dict.fromkeys(names)], 1.0


def _parted_by_slash(
    found: list[Credit], confidence: float, count: int
) -> tuple[list[Credit], float]:
    """Split `A/B`, as ID3v2.3 joins values, where there are as many ids as parts."""
    parts = [part.strip() for part in found[0].credited_as.split("/")]
    if len(parts) != count or not all(parts):
        return found, confidence
    last = len(parts) - 1
    return (
        [
            replace(found[0], name=p, credited_as=p, join="/" if i < last else "")
            for i, p in enumerate(parts)
        ],
        SPLIT,
    )


def musicbrainz_ids(texts: Iterable[str]) -> list[str]:
    """Return the ids in *texts*, each once, in order; other text is passed over."""
    found = (match.lower() for text in texts for match in _MBID.findall(text))
    return list(dict.fromkeys(found))


def contributors(tags: Iterable[Tag]) -> Credited | None:
    """Return writers, players and makers, in the order of the file."""
    value: list[JsonValue] = []
    frames: list[str] = []
    confidence = 1.0
    for tag in tags:
        role = _ROLES.get(tag.name)
        if role is None:
            continue
        found, certainty = _persons(tag, role)
        value += [credit for credit in found if credit not in value]
        confidence = min(confidence, certainty, tag.confidence)
        frames.append(tag.frame)
    if not value:
        return None
    return Credited(value, confidence, tuple(dict.fromkeys(frames)))


def _persons(tag: Tag, role: str) -> tuple[list[JsonValue], float]:
    """Return the persons of one tag; a performer may name an instrument."""
    performed = _PERFORMED.fullmatch(tag.value) if tag.name == "performer" else None
    if performed is not None:
        name, instrument = performed.groups()
        return [{"name": name, "role": f"{role} ({instrument.strip()})"}], 1.0
    names = [
        part.strip()
        for credit in split_credit(tag.value)
        for part in _parts(credit.name)
    ]
    persons: list[JsonValue] = [{"name": name, "role": role} for name in names if name]
    return persons, 1.0 if len(names) == 1 else SPLIT


def _parts(name: str) -> list[str]:
    """Split `Lennon/McCartney`; initials such as `AC/DC` stay whole."""
    parts = name.split("/")
    return parts if min(map(len, parts)) > 3 else [name]
