"""Which fields each tag speaks of, how its text is read, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.formats.languages import language_tag
from shared.formats.values import calendar_date, music_key, tempo_bpm, truth

from .artists import musicbrainz_ids

# Said of a recording, and likely of its release as well.
INHERITED: Final = 0.7
FLAGGED_COMPILATION: Final = 0.8

Target = tuple[Kind, str, float]
Parse = Callable[[str], object]

_RECORDING: Final = Kind.RECORDING
_RELEASE: Final = Kind.RELEASE
_RELEASE_TYPES: Final = MappingProxyType(
    {"ep": "EP", "dj-mix": "DjMix", "mixtape/street": "Mixtape"}
)


def _same(text: str) -> object:
    return text


def _advisory(text: str) -> object:
    """iTunes: 1 and 4 are explicit, 2 is the cleaned version, 0 says nothing."""
    return {"1": True, "4": True, "2": False}.get(text)


def _advisory_text(text: str) -> object:
    lowered = text.casefold()
    if "explicit" in lowered or "parental advisory" in lowered:
        return True
    return None


def _release_type(text: str) -> object:
    first = re.split(r"[;,]", text)[0].strip()
    return _RELEASE_TYPES.get(first.casefold(), first.title()) or None


def _flagged_compilation(text: str) -> object:
    return "Compilation" if truth(text) else None


def _camelot(text: str) -> object:
    key = music_key(text)
    return key and key.camelot


def _key_name(text: str) -> object:
    key = music_key(text)
    return key and key.name


def _mbid(text: str) -> object:
    found = musicbrainz_ids([text])
    if not found:
        raise InvalidInputError("not a MusicBrainz id", value=text)
    return found[0]


# Tag → how to read its text, and the fields it speaks of with how sure that is.
# Several tags may speak of one field: what stands first here wins.
RULES: Final[tuple[tuple[str, Parse, tuple[Target, ...]], ...]] = (
    ("title", _same, ((_RECORDING, "title", 1),)),
    ("subtitle", _same, ((_RECORDING, "subtitle", 1),)),
    ("album", _same, ((_RELEASE, "title", 1),)),
    ("iswc", _same, ((_RECORDING, "iswc", 1),)),
    ("barcode", _same, ((_RELEASE, "gtin", 1),)),
    ("grid", _same, ((_RELEASE, "grid", 1),)),
    ("catalog_number", _same, ((_RELEASE, "catalog_number", 1),)),
    ("label", _same, ((_RELEASE, "label", 1), (_RECORDING, "label", 1))),
    (
        "publisher",
        _same,
        ((_RECORDING, "publisher", 1), (_RELEASE, "publisher", INHERITED)),
    ),
    (
        "original_date",
        calendar_date,
        (
            (_RECORDING, "original_release_date", 1),
            (_RELEASE, "original_release_date", 1),
        ),
    ),
    ("bpm", tempo_bpm, ((_RECORDING, "bpm", 1),)),
    ("key", _key_name, ((_RECORDING, "key", 1),)),
    ("key", _camelot, ((_RECORDING, "camelot", 1),)),
    (
        "language",
        language_tag,
        ((_RECORDING, "language", 1), (_RELEASE, "language", INHERITED)),
    ),
    ("advisory", _advisory, ((_RECORDING, "explicit", 1),)),
    ("explicit", truth, ((_RECORDING, "explicit", 1),)),
    ("advisory_text", _advisory_text, ((_RECORDING, "explicit", 0.9),)),
    ("recording_mbid", _mbid, ((_RECORDING, "musicbrainz_id", 1),)),
    ("release_mbid", _mbid, ((_RELEASE, "musicbrainz_id", 1),)),
    ("group_mbid", _mbid, ((_RELEASE, "musicbrainz_group_id", 1),)),
    ("work_mbid", _mbid, ((_RECORDING, "musicbrainz_work_id", 1),)),
    ("release_type", _release_type, ((_RELEASE, "release_type", 1),)),
    (
        "compilation",
        _flagged_compilation,
        ((_RELEASE, "release_type", FLAGGED_COMPILATION),),
    ),
    ("p_line", _same, ((_RECORDING, "p_line", 1), (_RELEASE, "p_line", INHERITED))),
    ("c_line", _same, ((_RECORDING, "c_line", 1), (_RELEASE, "c_line", INHERITED))),
    ("recorded_date", calendar_date, ((_RECORDING, "recorded_on", 1),)),
)
# Further values of these are no contradiction: players write them for each other.
FIRST_COUNTS: Final = frozenset({"compilation", "publisher", "label", "p_line"})
