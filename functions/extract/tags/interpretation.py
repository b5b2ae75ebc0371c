"""From tags to claims: which field each tag speaks of, and how sure that is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from mutagen.id3 import TCON

from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import Isrc
from shared.formats.statements import Statements
from shared.formats.values import calendar_date, notices, number_of

from .artists import contributors, credited
from .filename import GUESSED, name_parts
from .gathering import Gathered, Tag
from .rules import FIRST_COUNTS, INHERITED, RULES, Parse, Target

# TDRC is specified as the time of recording; nearly everyone writes the release's.
RECORDING_TIME_FRAME: Final = 0.9
RECORDED_BESIDE_RELEASED: Final = 0.8
# A total counts the tracks of one medium; of the release only where it has one.
TOTAL_OF_ONE_MEDIUM: Final = 0.9

_RECORDING: Final = Kind.RECORDING
_RELEASE: Final = Kind.RELEASE
_SEVERAL_ISRC: Final = re.compile(r"[;,/\s]+(?=[A-Za-z]{2}-?[A-Za-z0-9]{3})")
# Any of these says that there is a release to speak of.
_NAMING_A_RELEASE: Final = ("title", "gtin", "grid", "catalog_number", "musicbrainz_id")


def interpreted(gathered: Gathered, name: str) -> Statements:
    """Return what the tags say, as claims about recording, release and position.

    Args:
        gathered: The file's tags.
        name: The file's name, for guesses where there is no title.
    """
    by_name: dict[str, list[Tag]] = defaultdict(list)
    for tag in gathered.tags:
        by_name[tag.name].append(tag)
    statements = Statements()
    for doubt in gathered.doubts:
        statements.doubt(doubt.code, doubt.field, doubt.message, doubt.value)
    for tag_name, parse, targets in RULES:
        _apply(by_name[tag_name], parse, targets, statements)
    for step in (_say_isrc, _say_dates, _say_lists, _say_notices, _say_credits):
        step(by_name, statements)
    _say_numbers(by_name, statements)
    _say_contributors(gathered, statements)
    if statements.said(_RECORDING, "title") is None:
        _guess(name, statements)
    _drop_nameless_release(statements)
    return statements


def all_isrcs(gathered: Gathered) -> tuple[str, ...]:
    """Return every well-formed ISRC of the file, each once."""
    found: dict[str, None] = {}
    for tag in gathered.tags:
        if tag.name == "isrc":
            for text in _SEVERAL_ISRC.split(tag.value):
                try:
                    found[Isrc.parse(text).value] = None
                except InvalidInputError:
                    continue
    return tuple(found)


_ByName = Mapping[str, list[Tag]]


def _apply(
    tags: list[Tag], parse: Parse, targets: tuple[Target, ...], statements: Statements
) -> None:
    for tag in tags:
        for kind, field, certainty in targets:
            if tag.name in FIRST_COUNTS and statements.said(kind, field):
                continue
            _say(tag, parse, (kind, field, certainty), statements)


def _say(tag: Tag, parse: Parse, target: Target, statements: Statements) -> bool:
    kind, field, certainty = target
    try:
        value = parse(tag.value)
    except InvalidInputError as exc:
        code = f"invalid-{field.replace('_', '-')}"
        statements.doubt(code, field, exc.message, tag.value)
        return False
    if value is None:
        return False
    confidence = min(tag.confidence, certainty)
    return statements.say(kind, field, value, confidence, [tag.frame])


def _say_isrc(tags: _ByName, statements: Statements) -> None:
    for tag in tags["isrc"]:
        for text in _SEVERAL_ISRC.split(tag.value):
            statements.say(_RECORDING, "isrc", text, tag.confidence, [tag.frame])


def _say_dates(tags: _ByName, statements: Statements) -> None:
    released = tags["release_date"]
    for tag in released:
        _say_of_both(tag, "release_date", 1.0, statements)
    for tag in tags["date"]:
        is_recording_time = tag.frame == "TDRC"
        if released and is_recording_time:
            target = (_RECORDING, "recorded_on", RECORDED_BESIDE_RELEASED)
            _say(tag, calendar_date, target, statements)
        elif not released:
            certainty = RECORDING_TIME_FRAME if is_recording_time else 1.0
            _say_of_both(tag, "release_date", certainty, statements)
    if statements.said(_RECORDING, "original_release_date") is None:
        for tag in tags["original_year"]:
            _say_of_both(tag, "original_release_date", 1.0, statements)


def _say_of_both(
    tag: Tag, field: str, certainty: float, statements: Statements
) -> None:
    for kind in (_RELEASE, _RECORDING):
        _say(tag, calendar_date, (kind, field, certainty), statements)


def _say_lists(tags: _ByName, statements: Statements) -> None:
    genres = [g for tag in tags["genre"] for g in _genres(tag.value)]
    for kind, certainty in ((_RECORDING, 1.0), (_RELEASE, INHERITED)):
        _say_list(kind, "genres", genres, tags["genre"], certainty, statements)
    moods = [m for tag in tags["mood"] for m in re.split(r"\s*[;\0]\s*", tag.value)]
    _say_list(_RECORDING, "moods", moods, tags["mood"], 1.0, statements)
    if tags["lyrics"]:
        statements.say(
            _RECORDING, "has_lyrics", True, 1.0, [tag.frame for tag in tags["lyrics"]]
        )


def _say_list(
    kind: Kind,
    field: str,
    values: list[str],
    tags: list[Tag],
    certainty: float,
    statements: Statements,
) -> None:
    distinct: dict[str, str] = {}
    for value in filter(None, values):
        distinct.setdefault(value.casefold(), value)
    if distinct:
        confidence = min([certainty, *(tag.confidence for tag in tags)])
        frames = dict.fromkeys(tag.frame for tag in tags)
        statements.say(kind, field, list(distinct.values()), confidence, frames)


def _genres(text: str) -> list[str]:
    """Split at `;`, and put ID3v1's numbers (`17`, `(17)Rock`) into words."""
    parts = [part.strip() for part in re.split(r"[;\0]", text)]
    return [genre for part in parts if part for genre in _in_words(part)]


def _in_words(part: str) -> list[str]:
    if part[0] not in _NUMERIC:
        return [part]
    return [str(genre) for genre in TCON(encoding=3, text=[part]).genres]


_NUMERIC: Final = frozenset("(0123456789")


def _say_notices(tags: _ByName, statements: Statements) -> None:
    for tag in tags["copyright"][:1]:
        found = notices(tag.value)
        lines = (("copyright", tag.value), ("p_line", found.p_line))
        for field, line in (*lines, ("c_line", found.c_line)):
            for kind, certainty in ((_RECORDING, 1.0), (_RELEASE, INHERITED)):
                if line and statements.said(kind, field) is None:
                    confidence = min(certainty, tag.confidence)
                    statements.say(kind, field, line, confidence, [tag.frame])
    for tag in tags["comment"][:1]:
        statements.say(_RECORDING, "comment", tag.value, tag.confidence, [tag.frame])


def _say_credits(tags: _ByName, statements: Statements) -> None:
    of_recording = (tags["artist"], tags["artists"], tags["artist_mbid"])
    of_release = (
        tags["album_artist"],
        tags["album_artists"],
        tags["album_artist_mbid"],
    )
    for kind, sources in ((_RECORDING, of_recording), (_RELEASE, of_release)):
        found = credited(*sources)
        if found is None:
            continue
        statements.say(kind, "artists", found.value, found.confidence, found.frames)
        if found.unaligned:
            statements.doubt(
                "unaligned-musicbrainz-ids",
                "artists",
                "there are not as many ids as artists",
                ", ".join(found.unaligned),
            )


def _say_contributors(gathered: Gathered, statements: Statements) -> None:
    found = contributors(gathered.tags)
    if found is not None:
        statements.say(
            _RECORDING, "contributors", found.value, found.confidence, found.frames
        )


def _say_numbers(tags: _ByName, statements: Statements) -> None:
    position = Kind.TRACK_POSITION
    media = _say_count(tags, "disc", (position, "medium_number"), statements)
    total = _say_count(tags, "track", (position, "track_number"), statements)
    if media:
        statements.say(_RELEASE, "medium_count", media)
    if total and (media or 1) == 1:
        statements.say(_RELEASE, "track_count", total, TOTAL_OF_ONE_MEDIUM)


def _say_count(
    tags: _ByName, name: str, target: tuple[Kind, str], statements: Statements
) -> int | None:
    """Claim a number, and return the total that stands beside it."""
    kind, field = target
    total: int | None = None
    for tag in [*tags[name], *tags[f"{name}_total"]]:
        try:
            number, beside = number_of(tag.value)
        except InvalidInputError as exc:
            code = f"invalid-{field.replace('_', '-')}"
            statements.doubt(code, field, exc.message, tag.value)
            continue
        if tag.name.endswith("_total"):
            number, beside = None, number
        total = total or beside
        if number is not None:
            statements.say(kind, field, number, tag.confidence, [tag.frame])
    return total


def _guess(name: str, statements: Statements) -> None:
    parts = name_parts(name)
    if parts is None:
        return
    frames = ["name of the file"]
    position = Kind.TRACK_POSITION
    statements.say(_RECORDING, "title", parts.title, GUESSED, frames)
    if parts.artist and statements.said(_RECORDING, "artists") is None:
        found = credited([Tag("artist", parts.artist, frames[0], GUESSED)], [], [])
        if found is not None:
            statements.say(_RECORDING, "artists", found.value, GUESSED, frames)
    for field, number in (("track_number", parts.track), ("medium_number", parts.disc)):
        if number and statements.said(position, field) is None:
            statements.say(position, field, number, GUESSED, frames)


def _drop_nameless_release(statements: Statements) -> None:
    """Say nothing of a release that the file does not name in any way."""
    if not any(statements.said(_RELEASE, field) for field in _NAMING_A_RELEASE):
        statements.unsay(_RELEASE)
