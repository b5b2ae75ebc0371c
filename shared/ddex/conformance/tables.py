"""The tables that are carried, and which of them a message is to be held against."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from shared.ddex.message import Message

from .notation import Requirement, read

# The edition of the profiles, and the folder that DDEX publishes it in.
EDITIONS: Final[Mapping[str, str]] = MappingProxyType({"1.4": "14", "2.1": "21"})
_BUSINESS: Final = "BusinessProfile"
# Names that profiles had before edition 1.4.
_FORMERLY: Final = MappingProxyType(
    {
        "ClassicalAudioAlbum": "DigitalClassicalAudioAlbum",
        "LongformMusicVideo": "LongformVideo",
        "TvSeries": "TVSeries",
    }
)
_VARIANTS: Final = MappingProxyType(
    {"BoxedSet": "BoxedSetVariant", "Classical": "ClassicalVariant"}
)


def table_path(edition: str) -> Path:
    return Path(__file__).parent / f"profiles-{edition}.txt"


@cache
def profiles_of(edition: str) -> dict[str, list[Requirement]]:
    """Return the requirements of the profiles of that edition, by profile."""
    with table_path(edition).open(encoding="utf-8") as lines:
        return read(lines)


def requirements_for(message: Message) -> list[tuple[str, str, list[Requirement]]]:
    """Return edition, profile and requirements that *message* says it follows.

    ERN 4.3 has no published rules: there the functions of the catalogue speak.
    """
    if message.kind.message != "NewReleaseMessage":
        return []
    if (3, 8) <= message.number < (4,):
        edition, names = "1.4", _names_of_3(message)
    elif (4, 1) <= message.number < (4, 3):
        variants = (_VARIANTS[variant] for variant in sorted(message.variants))
        edition, names = "2.1", [message.profile, *variants]
    else:
        return []
    known = profiles_of(edition)
    return [(edition, name, known[name]) for name in names if name in known]


def _names_of_3(message: Message) -> list[str]:
    name = message.profile.rpartition("/")[2]
    names = [_FORMERLY.get(name, name)]
    if message.root.get("BusinessProfileVersionId"):
        names.append(_BUSINESS)
    return names
