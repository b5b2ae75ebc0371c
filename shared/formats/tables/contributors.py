"""Who did what on which tracks, in lists of places such as `1.1;1.2;2.3`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.keys import party_keys
from shared.domain.names import FEATURED_ARTIST, MAIN_ARTIST, title_key
from shared.formats.entries import SourceEntry, Thing
from shared.formats.statements import FieldClaim, Statements
from shared.formats.tables.layout import Layout

Place = tuple[int, int]
_PLACE: Final = re.compile(r"(?:(\d{1,3})\s*[.:/-]\s*)?(\d{1,4})", re.ASCII)
_ALL: Final = frozenset({"all", "all tracks", "*", "alle"})
_ARTISTS: Final = frozenset({MAIN_ARTIST, FEATURED_ARTIST})
_MOST_PLACES: Final = 10_000


def places(text: str) -> list[Place] | None:
    """Return medium and track number of each place in *text*; None for all of them.

    `1.1;1.2`, `1-1, 2-3` and `4` (of the first medium) are places.

    Raises:
        InvalidInputError: A part is none, or there are more than anybody has.
    """
    if text.strip().casefold() in _ALL:
        return None
    parts = [part.strip() for part in re.split(r"[;,|\n]", text) if part.strip()]
    found = [_PLACE.fullmatch(part) for part in parts]
    if len(parts) > _MOST_PLACES or not all(found):
        raise InvalidInputError("not a list of places such as 1.1;1.2", value=text)
    return [(int(place[1] or 1), int(place[2])) for place in found if place]


class Contributors:
    """The credits of a workbook's sheet of contributors, by release and place."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[str, Place | None], list[tuple[str, str]]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_place)

    def read(self, layout: Layout, line: int, cells: Sequence[str]) -> SourceEntry:
        """Take in one row, and return what it says of the person itself."""
        said = Statements(line=line)
        told = _cells(layout, cells)
        name = told.get("contributor") or told.get("artist") or ""
        title = title_key(told.get("title", "")) if told.get("title") else ""
        for column, cell in zip(layout.columns, cells, strict=False):
            if column is not None and column.name == "on_tracks" and cell and name:
                self._note(said, title, (name, column.part), cell)
        if not name:
            said.doubt("no-name", "name", "a contributor needs a name", " ".join(cells))
        return _person(said, told, name, line)

    def _note(
        self, said: Statements, title: str, credit: tuple[str, str], cell: str
    ) -> None:
        try:
            found = places(cell)
        except InvalidInputError as exc:
            said.doubt("invalid-places", "contributors", exc.message, cell)
            return
        for place in found if found is not None else [None]:
            self._by_place.setdefault((title, place), []).append(credit)

    def credits(self, title: str, place: Place) -> Iterator[tuple[str, str]]:
        """Yield who is credited at *place* of the release *title*, and as what."""
        key = title_key(title) if title else ""
        for release in dict.fromkeys((key, "")):
            yield from self._by_place.get((release, None), ())
            yield from self._by_place.get((release, place), ())

    def added(self, claims: tuple[FieldClaim, ...]) -> tuple[FieldClaim, ...]:
        """Return the claims of a track with the credits that its place has here."""
        values = {(c.kind, c.field): c.value for c in claims}
        number = values.get((Kind.TRACK_POSITION, "track_number"))
        medium = values.get((Kind.TRACK_POSITION, "medium_number"), 1)
        if not isinstance(number, int) or not isinstance(medium, int):
            return claims
        title = str(values.get((Kind.RELEASE, "title"), ""))
        found = list(dict.fromkeys(self.credits(title, (medium, number))))
        for field, is_artist in (("artists", True), ("contributors", False)):
            more: list[JsonValue] = [
                {"name": name, "role": role}
                for name, role in found
                if (role in _ARTISTS) is is_artist
            ]
            claims = _with(claims, field, more)
        return claims


def _with(
    claims: tuple[FieldClaim, ...], field: str, more: list[JsonValue]
) -> tuple[FieldClaim, ...]:
    if not more:
        return claims
    known = next(
        (c for c in claims if c.kind is Kind.RECORDING and c.field == field), None
    )
    before = known.value if known and isinstance(known.value, list) else []
    merged = [*before, *(credit for credit in more if credit not in before)]
    others = tuple(c for c in claims if c is not known)
    return (*others, FieldClaim(Kind.RECORDING, field, merged, 1.0, (field,)))


def _cells(layout: Layout, cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, cell in zip(layout.columns, cells, strict=False):
        if column is not None and cell:
            found.setdefault(column.name, cell)
    return found


def _person(
    said: Statements, told: dict[str, str], name: str, line: int
) -> SourceEntry:
    if name:
        said.say(Kind.PARTY, "name", name)
        for field in ("spotify_id", "apple_music_id"):
            if told.get(field):
                said.say(Kind.PARTY, field, told[field])
    claims = tuple(said.claims)
    things = (Thing(Kind.PARTY, party_keys(name), claims),) if claims else ()
    return SourceEntry(line, (), things, tuple(said.findings))
