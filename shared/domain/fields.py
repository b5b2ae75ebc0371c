"""The fields of each kind: what a value looks like, and how much it matters.

Adding a field is one line here: claims, resolution, storage, API and exports follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import (
    Grid,
    Gtin,
    IpiBase,
    IpiName,
    Isni,
    Isrc,
    Iswc,
)

Parser = Callable[[object], JsonValue]

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_KEY = re.compile(r"[A-G](?:b|#)? (?:major|minor)")
_CAMELOT = re.compile(r"(?:[1-9]|1[0-2])[AB]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        parse: Returns the canonical JSON value, or raises InvalidInputError.
        weight: Its share in completeness; 0 where nobody misses it.
        label: What people call it.
        type: The name of the value's type in the API's documentation.
        editable: A person may set it.
    """

    parse: Parser
    label: str
    type: str
    weight: float = 0.0
    editable: bool = True


def text(value: object) -> str:
    """Return *value* as one trimmed line or paragraph, never empty."""
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError("expected a text that is not empty", value=value)
    return value.strip()


def texts(value: object) -> JsonValue:
    """Return a list of distinct texts in the order given."""
    if not isinstance(value, list | tuple):
        raise InvalidInputError("expected a list of texts", value=value)
    return list(dict.fromkeys(text(item) for item in value))


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidInputError("expected true or false", value=value)
    return value


def date(value: object) -> str:
    """Return `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601, reduced precision)."""
    found = _DATE.fullmatch(text(value))
    if found is None:
        raise InvalidInputError("expected YYYY, YYYY-MM or YYYY-MM-DD", value=value)
    year, month, day = (int(part or 1) for part in found.groups())
    from datetime import date as calendar_date

    try:
        calendar_date(year, month, day)
    except ValueError as exc:
        raise InvalidInputError("no such day", value=value) from exc
    return found.group()


def integer(low: int, high: int) -> Parser:
    """Return a parser of whole numbers from *low* to *high*, both included."""

    def parse(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidInputError("expected a whole number", value=value)
        if not low <= value <= high:
            raise InvalidInputError("out of range", value=value, low=low, high=high)
        return value

    return parse


def number(low: float, high: float, decimals: int) -> Parser:
    """Return a parser of numbers from *low* to *high*, rounded to *decimals*."""

    def parse(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidInputError("expected a number", value=value)
        if not low <= value <= high:
            raise InvalidInputError("out of range", value=value, low=low, high=high)
        return round(float(value), decimals) + 0.0

    return parse


def pattern(form: re.Pattern[str], expected: str) -> Parser:
    """Return a parser of texts that match *form* wholly."""

    def parse(value: object) -> str:
        found = text(value)
        if form.fullmatch(found) is None:
            raise InvalidInputError("not of the expected form", value=value, e=expected)
        return found

    return parse


def credits(value: object) -> JsonValue:  # noqa: A001 - the field's own word
    """Return credits: who, in which role, named how, joined by what.

    Each is `{"name", "role"}` with, where known, `credited_as`, `join` (the words up
    to the next name, such as ` feat. `), `isni`, `ipi` and `musicbrainz_id`. Order
    is the order of billing.
    """
    if not isinstance(value, list | tuple) or not value:
        raise InvalidInputError("expected a list of credits", value=value)
    return [_credit(item) for item in value]


_CREDIT_EXTRAS: Mapping[str, Parser] = MappingProxyType(
    {
        "credited_as": text,
        "join": str,
        "isni": lambda value: Isni.parse(text(value)).value,
        "ipi": lambda value: IpiName.parse(text(value)).value,
        "musicbrainz_id": text,
    }
)


def _credit(item: object) -> JsonValue:
    if not isinstance(item, dict):
        raise InvalidInputError("expected a credit with a name and a role", value=item)
    found: dict[str, JsonValue] = {
        "name": text(item.get("name")),
        "role": text(item.get("role", "MainArtist")),
    }
    for extra, parse in _CREDIT_EXTRAS.items():
        if item.get(extra):
            found[extra] = parse(item[extra])
    unknown = set(item) - set(found) - set(_CREDIT_EXTRAS)
    if unknown:
        raise InvalidInputError("unknown part of a credit", parts=sorted(unknown))
    return found


_music_key = pattern(_KEY, "Eb minor")
_language = pattern(_LANGUAGE, "en, pt-BR (BCP 47)")
_common = {
    "title": Field(text, "Title", "text", 3),
    "subtitle": Field(text, "Version or subtitle", "text"),
    "artists": Field(credits, "Artists", "credits", 3),
    "genres": Field(texts, "Genres", "texts", 1),
    "language": Field(_language, "Language", "language", 0.5),
    "label": Field(text, "Label", "text", 1),
    "publisher": Field(text, "Publisher", "text"),
    "p_line": Field(text, "℗ line", "text", 1),
    "c_line": Field(text, "© line", "text", 0.5),
    "copyright": Field(text, "Copyright notice", "text"),
    "release_date": Field(date, "Release date", "date", 1),
    "original_release_date": Field(date, "Original release date", "date"),
    "explicit": Field(flag, "Explicit", "flag"),
    "comment": Field(text, "Comment", "text"),
    "musicbrainz_id": Field(text, "MusicBrainz id", "text"),
}

FIELDS: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        Kind.RECORDING: MappingProxyType(
            {
                **_common,
                "isrc": Field(lambda v: Isrc.parse(text(v)).value, "ISRC", "isrc", 3),
                "iswc": Field(lambda v: Iswc.parse(text(v)).value, "ISWC", "iswc", 0.5),
                "contributors": Field(credits, "Contributors", "credits", 1),
                "duration_ms": Field(
                    integer(1, 7 * 24 * 3_600_000), "Duration", "duration_ms", 2, False
                ),
                "recorded_on": Field(date, "Recorded", "date"),
                "bpm": Field(number(20, 400, 2), "Tempo", "bpm", 1),
                "key": Field(_music_key, "Key", "key", 1),
                "camelot": Field(pattern(_CAMELOT, "8A"), "Camelot", "text"),
                "moods": Field(texts, "Moods", "texts", 0.5),
                "loudness_lufs": Field(
                    number(-120, 20, 2), "Loudness", "loudness_lufs", 0, False
                ),
                "energy": Field(number(0, 1, 4), "Energy", "ratio", 0, False),
                "has_lyrics": Field(flag, "Lyrics embedded", "flag"),
                "musicbrainz_work_id": Field(text, "MusicBrainz work id", "text"),
            }
        ),
        Kind.RELEASE: MappingProxyType(
            {
                **_common,
                "gtin": Field(
                    lambda v: Gtin.parse(text(v)).value, "Barcode", "gtin", 3
                ),
                "grid": Field(lambda v: Grid.parse(text(v)).value, "GRid", "grid"),
                "catalog_number": Field(text, "Catalogue number", "text", 0.5),
                "release_type": Field(text, "Type", "text", 0.5),
                "medium_count": Field(integer(1, 999), "Media", "count"),
                "track_count": Field(integer(1, 9_999), "Tracks", "count"),
                "musicbrainz_group_id": Field(text, "MusicBrainz group id", "text"),
            }
        ),
        Kind.PARTY: MappingProxyType(
            {
                "name": Field(text, "Name", "text", 3),
                "sort_name": Field(text, "Sort name", "text"),
                "isni": Field(lambda v: Isni.parse(text(v)).value, "ISNI", "isni", 1),
                "ipi": Field(
                    lambda v: IpiName.parse(text(v)).value, "IPI name number", "ipi", 1
                ),
                "ipi_base": Field(
                    lambda v: IpiBase.parse(text(v)).value, "IPI base", "ipi_base"
                ),
                "musicbrainz_id": Field(text, "MusicBrainz id", "text", 0.5),
            }
        ),
        Kind.TRACK_POSITION: MappingProxyType(
            {
                "release": Field(text, "Release", "key", 1, False),
                "recording": Field(text, "Recording", "key", 1, False),
                "medium_number": Field(integer(1, 999), "Medium", "count", 1),
                "track_number": Field(integer(1, 9_999), "Track", "count", 1),
                "title": Field(text, "Title on this release", "text"),
            }
        ),
        Kind.RESOURCE: MappingProxyType(
            {
                "type": Field(text, "Type", "text", 1, False),
                "uri": Field(text, "Address", "uri", 1, False),
                "recording": Field(text, "Recording", "key", 0, False),
                "release": Field(text, "Release", "key", 0, False),
                "mime_type": Field(text, "Media type", "text", 1, False),
                "codec": Field(text, "Codec", "text", 1, False),
                "container": Field(text, "Container", "text", 0, False),
                "duration_ms": Field(
                    integer(1, 7 * 24 * 3_600_000), "Duration", "duration_ms", 0, False
                ),
                "sample_rate_hz": Field(
                    integer(1, 10_000_000), "Sample rate", "hz", 0, False
                ),
                "bit_depth": Field(integer(1, 64), "Bit depth", "bits", 0, False),
                "channels": Field(integer(1, 256), "Channels", "count", 0, False),
                "bitrate_bps": Field(
                    integer(1, 10_000_000_000), "Bit rate", "bps", 0, False
                ),
                "lossless": Field(flag, "Lossless", "flag", 0, False),
                "size_bytes": Field(integer(0, 2**53), "Size", "bytes", 1, False),
                "sha256": Field(text, "SHA-256", "text", 1, False),
                "crc32c": Field(text, "CRC32C", "text", 0, False),
                "width_px": Field(integer(1, 100_000), "Width", "px", 0, False),
                "height_px": Field(integer(1, 100_000), "Height", "px", 0, False),
                "picture_type": Field(text, "Picture type", "text", 0, False),
            }
        ),
    }
)


def parsed(kind: Kind, name: str, value: object) -> JsonValue:
    """Return *value* in the canonical form of field *name* of *kind*.

    Raises:
        InvalidInputError: There is no such field, or the value is not of its form;
            the facts name the field.
    """
    field = FIELDS[kind].get(name)
    if field is None:
        raise InvalidInputError("no such field", kind=str(kind), field=name)
    try:
        return field.parse(value)
    except InvalidInputError as exc:
        raise InvalidInputError(exc.message, **{**exc.facts, "field": name}) from exc
