"""From the columns of a row to claims: which heading is which field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.names import FEATURED_ARTIST, split_credit

from .headings import column
from .languages import language_tag
from .participants import participants
from .row import Row
from .statements import FieldClaim, FileFinding, Statements
from .values import (
    calendar_date,
    duration_ms,
    music_key,
    notices,
    number_of,
    tempo_bpm,
    truth,
)

# Names in one cell, parted by their punctuation.
SPLIT: Final = 0.8
# A column that says nothing of whether it means the track or the release.
OF_EITHER: Final = 0.9

_RECORDING: Final = Kind.RECORDING
_RELEASE: Final = Kind.RELEASE
_POSITION: Final = Kind.TRACK_POSITION

_BLANK: Final = frozenset({"", "-", "n/a", "na", "none", "null", "auto", "tbd", "?"})

_ROLES: Final = MappingProxyType(
    {
        "composer": "Composer",
        "lyricist": "Lyricist",
        "writer": "ComposerLyricist",
        "producer": "Producer",
        "remixer": "Remixer",
    }
)


@dataclass(frozen=True, slots=True)
class RowReading:
    """What one row says.

    Attributes:
        position: Where the recording stands on the release: medium and track number.
        recording_keys, release_keys: Identifiers as `namespace:value`, strongest first.
    """

    recording: tuple[FieldClaim, ...]
    release: tuple[FieldClaim, ...]
    position: tuple[FieldClaim, ...]
    recording_keys: tuple[str, ...]
    release_keys: tuple[str, ...]
    findings: tuple[FileFinding, ...]


def claims(row: Row) -> RowReading:
    """Return what *row* says of its recording, its release and the place there.

    "Title" and "Artist" mean the track, unless other columns do: then the release.
    """
    statements = Statements(line=row.line)
    if row.error:
        statements.doubt("unreadable-row", "", row.error, "")
    cells, headings = _cells(row)
    for name, parse, targets in _PLAIN:
        if name not in cells:
            continue
        for kind, field, certainty in targets:
            _say(
                statements, (kind, field, certainty), parse, cells[name], headings[name]
            )
    _say_notices(statements, cells)
    _say_lists(statements, cells)
    _say_credits(statements, cells)
    return _reading(statements)


def _cells(row: Row) -> tuple[dict[str, str], dict[str, str]]:
    """Return values and headings by our name of the column; the first one counts."""
    cells: dict[str, str] = {}
    headings: dict[str, str] = {}
    for heading, value in row.values.items():
        name = column(heading)
        if name is not None and value.casefold() not in _BLANK:
            cells.setdefault(name, value)
            headings.setdefault(name, heading)
    columns = {column(heading) for heading in row.values}
    for plain, other in (("title", "title"), ("artist", "artist")):
        of_track, of_release = f"track_{other}", f"release_{other}"
        target = of_release if of_track in columns else of_track
        if plain in cells:
            cells.setdefault(target, cells[plain])
            headings.setdefault(target, headings[plain])
    if "release_artist" in cells and "track_artist" not in cells:
        # One row per track with the release's artist alone: it is the track's as well.
        cells["track_artist"] = cells["release_artist"]
    return cells, headings


_Target = tuple[Kind, str, float]
_Parse = Callable[[str], JsonValue]


def _same(text: str) -> JsonValue:
    return text


def _number(text: str) -> JsonValue:
    return number_of(text)[0]


def _key_name(text: str) -> JsonValue:
    key = music_key(text)
    return key.name if key else None


def _camelot(text: str) -> JsonValue:
    key = music_key(text)
    return key.camelot if key else None


def _milliseconds(text: str) -> JsonValue:
    return (
        duration_ms(str(float(text) / 1000)) if _is_number(text) else duration_ms(text)
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,10}(?:\.\d+)?", text) is not None


def _explicit(text: str) -> JsonValue:
    lowered = re.sub(r"[\W_]", "", text.casefold())
    if lowered in {"notexplicit", "nonexplicit", "noadvisory", "cleaned", "edited"}:
        return False
    return truth(lowered)


_BOTH: Final = (_RECORDING, _RELEASE)
_PLAIN: Final[tuple[tuple[str, _Parse, tuple[_Target, ...]], ...]] = (
    ("track_title", _same, ((_RECORDING, "title", 1),)),
    ("track_version", _same, ((_RECORDING, "subtitle", 1),)),
    ("isrc", _same, ((_RECORDING, "isrc", 1),)),
    ("iswc", _same, ((_RECORDING, "iswc", 1),)),
    ("release_title", _same, ((_RELEASE, "title", 1),)),
    ("release_version", _same, ((_RELEASE, "subtitle", 1),)),
    ("gtin", _same, ((_RELEASE, "gtin", 1),)),
    ("grid", _same, ((_RELEASE, "grid", 1),)),
    ("catalog_number", _same, ((_RELEASE, "catalog_number", 1),)),
    ("label", _same, tuple((kind, "label", 1) for kind in _BOTH)),
    ("publisher", _same, ((_RECORDING, "publisher", 1),)),
    ("release_date", calendar_date, tuple((k, "release_date", 1) for k in _BOTH)),
    (
        "original_date",
        calendar_date,
        tuple((kind, "original_release_date", 1) for kind in _BOTH),
    ),
    ("recorded_on", calendar_date, ((_RECORDING, "recorded_on", 1),)),
    (
        "language",
        language_tag,
        ((_RECORDING, "language", 1), (_RELEASE, "language", OF_EITHER)),
    ),
    ("copyright", _same, tuple((kind, "copyright", 1) for kind in _BOTH)),
    ("explicit", _explicit, ((_RECORDING, "explicit", 1),)),
    ("bpm", tempo_bpm, ((_RECORDING, "bpm", 1),)),
    ("key", _key_name, ((_RECORDING, "key", 1),)),
    ("key", _camelot, ((_RECORDING, "camelot", 1),)),
    ("duration_ms", _milliseconds, ((_RECORDING, "duration_ms", 1),)),
    ("duration_s", duration_ms, ((_RECORDING, "duration_ms", 1),)),
    ("duration", duration_ms, ((_RECORDING, "duration_ms", 1),)),
    ("track_number", _number, ((_POSITION, "track_number", 1),)),
    ("medium_number", _number, ((_POSITION, "medium_number", 1),)),
    ("track_count", _number, ((_RELEASE, "track_count", 1),)),
    ("medium_count", _number, ((_RELEASE, "medium_count", 1),)),
    ("comment", _same, ((_RECORDING, "comment", 1),)),
    ("release_type", _same, ((_RELEASE, "release_type", 1),)),
    ("recording_mbid", _same, ((_RECORDING, "musicbrainz_id", 1),)),
    ("release_mbid", _same, ((_RELEASE, "musicbrainz_id", 1),)),
)


def _say(
    statements: Statements, target: _Target, parse: _Parse, text: str, heading: str
) -> None:
    kind, field, certainty = target
    try:
        value = parse(text)
    except InvalidInputError as exc:
        code = f"invalid-{field.replace('_', '-')}"
        statements.doubt(code, field, exc.message, text)
        return
    if value is not None:
        statements.say(kind, field, value, certainty, [heading])


def _say_notices(statements: Statements, cells: Mapping[str, str]) -> None:
    found = notices(cells.get("copyright", ""))
    for name, year, beside in (
        ("p_line", "p_year", found.p_line),
        ("c_line", "c_year", found.c_line),
    ):
        text = cells.get(name, "")
        signed = notices(text)
        line = signed.p_line or signed.c_line or text or beside or ""
        stated = cells.get(year, "")
        if stated and line and stated not in line:
            line = f"{stated} {line}"
        for kind in _BOTH if line else ():
            statements.say(kind, name, line, 1.0, [name])
    if "year" in cells and statements.said(_RELEASE, "release_date") is None:
        for kind in _BOTH:
            target = (kind, "release_date", OF_EITHER)
            _say(statements, target, calendar_date, cells["year"], "year")


def _say_lists(statements: Statements, cells: Mapping[str, str]) -> None:
    genres = [
        part.strip()
        for name in ("genre", "second_genre")
        for part in re.split(r"[;|]", cells.get(name, ""))
        if part.strip()
    ]
    if genres:
        statements.say(_RECORDING, "genres", genres, 1.0, ["genre"])
        statements.say(_RELEASE, "genres", genres, OF_EITHER, ["genre"])
    moods = [m.strip() for m in re.split(r"[;|,]", cells.get("mood", "")) if m.strip()]
    if moods:
        statements.say(_RECORDING, "moods", moods, 1.0, ["mood"])


def _say_credits(statements: Statements, cells: Mapping[str, str]) -> None:
    for name, kind in (("track_artist", _RECORDING), ("release_artist", _RELEASE)):
        value = participants(cells.get(name, ""))
        if kind is _RECORDING:
            value += [
                {"name": credit.name, "role": FEATURED_ARTIST}
                for credit in split_credit(cells.get("featuring", ""))
            ]
        if value:
            certainty = 1.0 if len(value) == 1 else SPLIT
            statements.say(kind, "artists", value, certainty, [name])
    persons: list[JsonValue] = [
        {"name": credit.name, "role": role}
        for name, role in _ROLES.items()
        for credit in split_credit(cells.get(name, "").replace("|", ";"))
    ]
    if persons:
        statements.say(_RECORDING, "contributors", persons, 1.0, list(_ROLES))


def _reading(statements: Statements) -> RowReading:
    def of(kind: Kind) -> tuple[FieldClaim, ...]:
        return tuple(claim for claim in statements.claims if claim.kind is kind)

    def keys(kind: Kind, *fields: str) -> tuple[str, ...]:
        said = ((name, statements.said(kind, name)) for name in fields)
        return tuple(f"{name}:{claim.value}" for name, claim in said if claim)

    return RowReading(
        recording=of(_RECORDING),
        release=of(_RELEASE),
        position=of(_POSITION),
        recording_keys=keys(_RECORDING, "isrc", "musicbrainz_id"),
        release_keys=keys(_RELEASE, "gtin", "grid", "musicbrainz_id"),
        findings=tuple(statements.findings),
    )
