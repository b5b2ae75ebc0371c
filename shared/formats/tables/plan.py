"""The rows of one table as claims: planned once by its headings, then row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.names import FEATURED_ARTIST, split_credit
from shared.formats.participants import participants
from shared.formats.statements import FieldClaim, Statements
from shared.formats.tables.columns import CARRIED, RELEASE, TRACK, Column
from shared.formats.tables.layout import Layout
from shared.formats.tables.parsing import (
    BLANK,
    CAMELOT,
    DATES,
    OF_EITHER,
    PLAIN,
    SPLIT,
    Parse,
    Target,
    parser_of,
)
from shared.formats.values import notices

_RECORDING: Final = Kind.RECORDING
_RELEASE: Final = Kind.RELEASE
_BOTH: Final = (_RECORDING, _RELEASE)
# What "Title" alone means is seen from what the other columns mean.
_OF_EITHER: Final = ("title", "artist", "version")
_LISTS: Final = re.compile(r"[;|]")


Cells = dict[str, str]


class Plan:
    """How the cells of one table become claims.

    "Title" and "Artist" mean the track, unless other columns do: then the release.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        decimal: str = "",
        constants: Mapping[str, str] | None = None,
    ) -> None:
        self._headings = layout.headings
        self._day = DATES[layout.day_first]
        columns = [c for c in layout.columns if c is not None]
        self._constants = {
            self._key(Column.parse(text), columns): value
            for text, value in (constants or {}).items()
        }
        self._picks = [
            (place, self._key(c, columns))
            for place, c in enumerate(layout.columns)
            if c is not None and c.name != CARRIED
        ]
        self._heading = {
            key: layout.headings[place] for place, key in reversed(self._picks)
        } | dict.fromkeys(self._constants, "")
        keys = list(dict.fromkeys([*(key for _, key in self._picks), *self._constants]))
        self._plain = [
            (key, parser_of(name, day_first=layout.day_first, decimal=decimal), targets)
            for key in keys
            if (name := _bare(key)) in PLAIN
            for targets in [self._targets(key, keys)]
        ]
        self._roles = [key for key in keys if key.startswith("role/")]
        # `Composer 1` and `Composer 2` are two of one role.
        self._several = frozenset(self._roles)

    @staticmethod
    def _key(column: Column, columns: Sequence[Column]) -> str:
        """Return the name under which cells of *column* are kept."""
        if column.name == "role":
            return f"role/{column.part}"
        if column.name == "writer" and column.part == "name":
            return "role/ComposerLyricist"
        scopes = {c.scope for c in columns if c.name == column.name}
        if column.name in _OF_EITHER:
            own = column.scope or (RELEASE if TRACK in scopes else TRACK)
            if column.name == "version" and not column.scope:
                own = TRACK
            return f"{own}:{column.name}"
        return f"{column.scope}:{column.name}" if column.scope else column.name

    @staticmethod
    def _targets(key: str, keys: Sequence[str]) -> tuple[Target, ...]:
        scope, _, name = key.rpartition(":")
        targets: tuple[Target, ...] = PLAIN[name][1]
        kinds = {kind for kind, _, _ in targets}
        if scope == TRACK and _RECORDING in kinds:
            return tuple(t for t in targets if t[0] is _RECORDING)
        if scope != TRACK and f"{TRACK}:{name}" in keys and _RELEASE in kinds:
            return tuple((k, f, 1.0) for k, f, _ in targets if k is _RELEASE)
        return targets

    def cells(self, row: Sequence[str]) -> Cells:
        """Return what a row says by our columns; of two alike the first that speaks."""
        found: Cells = {}
        width = len(row)
        for place, key in self._picks:
            if place < width:
                cell = row[place]
                if cell and (len(cell) > 4 or cell.casefold() not in BLANK):
                    known = found.get(key)
                    if known is None:
                        found[key] = cell
                    elif cell != known and (key in _JOINED or key in self._several):
                        found[key] = f"{known}; {cell}"
        for key, value in self._constants.items():
            found.setdefault(key, value)
        return found

    def claims(self, line: int, row: Sequence[str]) -> Statements:
        """Return what the cells of *row* say, and what was wrong with them."""
        said = Statements(line=line)
        cells = self.cells(row)
        for key, kind, field in _TITLES:
            if key in cells:
                said.say(kind, field, cells[key], 1.0, (self._heading[key],))
        for key, parse, targets in self._plain:
            text = cells.get(key)
            if text is not None:
                self._say(said, targets, parse, text, key)
                if _bare(key) == "key":
                    camelot = ((_RECORDING, "camelot", 1.0),)
                    self._say(said, camelot, CAMELOT, text, key)
        self._say_notices(said, cells)
        self._say_year(said, cells)
        _say_genres(said, cells)
        self._say_credits(said, cells)
        return said

    def _say(
        self,
        said: Statements,
        targets: tuple[Target, ...],
        parse: Parse,
        text: str,
        key: str,
    ) -> None:
        try:
            value = parse(text)
        except InvalidInputError as exc:
            field = targets[0][1]
            said.doubt(f"invalid-{field.replace('_', '-')}", field, exc.message, text)
            return
        if value is not None:
            for kind, field, certainty in targets:
                said.say(kind, field, value, certainty, (self._heading[key],))

    def _say_notices(self, said: Statements, cells: Cells) -> None:
        told = cells.get("copyright", "")
        found = notices(told) if told else _NO_NOTICES
        for name, year, beside in (
            ("p_line", "p_year", found.p_line),
            ("c_line", "c_year", found.c_line),
        ):
            for scope, kinds in _NOTICED:
                text = cells.get(f"{scope}{name}") or (not scope and beside) or ""
                if not text:
                    continue
                signed = notices(text)
                line = signed.p_line or signed.c_line or text
                stated = cells.get(f"{scope}{year}", "")
                if stated and stated not in line:
                    line = f"{stated} {line}"
                for kind in kinds:
                    if said.said(kind, name) is None:
                        said.say(kind, name, line, 1.0, (name,))

    def _say_year(self, said: Statements, cells: Cells) -> None:
        if "year" not in cells or said.said(_RELEASE, "release_date"):
            return
        targets: tuple[Target, ...] = tuple(
            (kind, "release_date", OF_EITHER) for kind in _BOTH
        )
        self._say(said, targets, self._day, cells["year"], "year")

    def _say_credits(self, said: Statements, cells: Cells) -> None:
        on_track = cells.get("track:artist") or cells.get("release:artist", "")
        guests = cells.get("track:featuring") or cells.get("featuring", "")
        # One row per track with the release's artist alone: it is the track's as well.
        value = [
            *_participants(on_track),
            *(_as(credit, FEATURED_ARTIST) for credit in _names(guests)),
        ]
        for kind, told, name in (
            (_RECORDING, value, "track_artist"),
            (
                _RELEASE,
                [*_participants(cells.get("release:artist", ""))],
                "release_artist",
            ),
        ):
            if told:
                certainty = 1.0 if len(told) == 1 else SPLIT
                said.say(kind, "artists", told, certainty, (name,))
        persons = contributors(cells, self._roles)
        if persons:
            said.say(_RECORDING, "contributors", persons, 1.0, self._roles)


_TITLES: Final = (
    ("track:title", _RECORDING, "title"),
    ("track:version", _RECORDING, "subtitle"),
    ("release:title", _RELEASE, "title"),
    ("release:version", _RELEASE, "subtitle"),
)
_NO_NOTICES: Final = notices("")
_NOTICED: Final = (("track:", (_RECORDING,)), ("", _BOTH), ("release:", _BOTH))
_JOINED: Final = frozenset(
    {
        *("genre", "second_genre", "track:genre", "track:second_genre", "mood"),
        *("track:artist", "release:artist", "featuring", "track:featuring"),
    }
)


def _bare(key: str) -> str:
    return key.rpartition(":")[2]


@lru_cache(maxsize=8192)
def _participants(text: str) -> tuple[JsonValue, ...]:
    return tuple(participants(text)) if text else ()


@lru_cache(maxsize=8192)
def _names(text: str) -> tuple[str, ...]:
    found = split_credit(text.replace("|", ";")) if text else ()
    return tuple(credit.name for credit in found)


def _as(name: str, role: str) -> JsonValue:
    return {"name": name, "role": role}


def contributors(cells: Cells, roles: Sequence[str]) -> list[JsonValue]:
    """Return the people of the role columns, each once per role, in their order."""
    found: dict[tuple[str, str], JsonValue] = {}
    for key in roles:
        role = key.removeprefix("role/")
        for name in _names(cells.get(key, "")):
            found.setdefault((name, role), _as(name, role))
    return list(found.values())


def _say_genres(said: Statements, cells: Cells) -> None:
    def listed(*names: str) -> list[str]:
        parts = (p for name in names for p in _LISTS.split(cells.get(name, "")))
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    of_track = listed("track:genre", "track:second_genre")
    of_release = listed(
        "genre", "second_genre", "release:genre", "release:second_genre"
    )
    if of_track or of_release:
        said.say(_RECORDING, "genres", of_track or of_release, 1.0, ("genre",))
    if of_release:
        certainty = 1.0 if of_track else OF_EITHER
        said.say(_RELEASE, "genres", of_release, certainty, ("genre",))
    moods = [m.strip() for m in re.split(r"[;|,]", cells.get("mood", "")) if m.strip()]
    if moods:
        said.say(_RECORDING, "moods", moods, 1.0, ("mood",))


def track_claims(said: Statements) -> tuple[FieldClaim, ...]:
    """Return the claims of a row where it says something of a recording; else none."""
    claims = said.claims
    return tuple(claims) if any(c.kind is _RECORDING for c in claims) else ()
