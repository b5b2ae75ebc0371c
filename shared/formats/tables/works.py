"""Rows about works: titles, writers with their shares, publishers and recordings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import IpiName
from shared.domain.keys import recording_keys, work_keys
from shared.domain.names import MAIN_ARTIST, split_credit
from shared.formats.entries import SourceEntry, Thing
from shared.formats.statements import FieldClaim, Statements
from shared.formats.tables.columns import CARRIED
from shared.formats.tables.layout import Layout
from shared.formats.tables.parsing import BLANK
from shared.formats.values import calendar_date, duration_ms

_STATED: Final = 0.5
"""How sure a statement of royalties is of the titles in it."""

# CWR's designations of writers (CIS, "CWR Lookup Tables", Writer Designation).
_ROLES: Final = MappingProxyType(
    {
        "a": "Lyricist",
        "ad": "Adapter",
        "ar": "Arranger",
        "c": "Composer",
        "ca": "ComposerLyricist",
        "sa": "SubLyricist",
        "sr": "SubArranger",
        "tr": "Translator",
    }
)
_TEXTS: Final = MappingProxyType(
    {
        "title": "title",
        "iswc": "iswc",
        "original_title": "original_title",
        "library": "library",
        "work_id": "work_id",
        "catalog_number": "catalog_number",
        "society": "society",
    }
)
_LISTS: Final = MappingProxyType(
    {
        "publisher": "publishers",
        "territories": "territories",
        "excluded_territories": "excluded_territories",
    }
)
_OF_RECORDING: Final = (
    ("title", "title"),
    ("version", "subtitle"),
    ("isrc", "isrc"),
    ("label", "label"),
)
_PARSED: Final[tuple[tuple[str, str, Callable[[str], JsonValue]], ...]] = (
    ("release_date", "release_date", calendar_date),
    ("duration", "duration_ms", duration_ms),
)
_NAMES: Final = frozenset({"name", "first_name", "last_name"})

Group = dict[str, str]


def work_entry(layout: Layout, line: int, cells: Sequence[str]) -> SourceEntry:
    """Return what a row says of a work, and of the recordings it names."""
    said = Statements(line=line)
    told, groups, roles = _sorted(layout, cells)
    is_statement = layout.template and layout.template.name == "royalty-statement"
    certainty = _STATED if is_statement else 1.0
    _say_plain(said, told, certainty)
    if others := [g["name"] for g in groups.get("alternate_title", []) if "name" in g]:
        said.say(Kind.WORK, "alternate_titles", others)
    _say_writers(said, groups.get("writer", []), roles, certainty)
    if references := groups.get("reference"):
        said.say(Kind.WORK, "references", references)
    claims = tuple(said.claims)
    values = {claim.field: claim.value for claim in claims}
    if not ("title" in values or "iswc" in values):
        said.doubt("no-title", "title", "a work needs a title or an ISWC", "")
        return SourceEntry(line, findings=tuple(said.findings))
    things = [Thing(Kind.WORK, work_keys(values), claims)]
    artists = [_name(group) for group in groups.get("artist_of_work", [])]
    for group in groups.get("recording_of_work", []):
        things += _recording(said, group, artists, values.get("iswc"))
    return SourceEntry(line, (), tuple(things), tuple(said.findings))


def _say_plain(said: Statements, told: Mapping[str, str], certainty: float) -> None:
    for name, field in _TEXTS.items():
        if name in told:
            said.say(Kind.WORK, field, told[name], certainty, (name,))
    for name, field in _LISTS.items():
        if listed := _listed(told.get(name, "")):
            said.say(Kind.WORK, field, listed, certainty, (name,))


def _sorted(
    layout: Layout, cells: Sequence[str]
) -> tuple[dict[str, str], dict[str, list[Group]], dict[str, str]]:
    """Return plain cells, numbered groups in their order, and people by role."""
    plain: dict[str, str] = {}
    numbered: dict[str, dict[int, Group]] = {}
    roles: dict[str, str] = {}
    for column, cell in zip(layout.columns, cells, strict=False):
        if column is None or column.name == CARRIED or cell.casefold() in BLANK:
            continue
        if column.name == "role":
            roles.setdefault(column.part, cell)
        elif column.index and column.part:
            group = numbered.setdefault(column.name, {})
            group.setdefault(column.index, {})[column.part] = cell
        else:
            plain.setdefault(column.name, cell)
    groups = {
        name: [found[index] for index in sorted(found)]
        for name, found in numbered.items()
    }
    return plain, groups, roles


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(p.strip() for p in re.split(r"[;|]", text) if p.strip()))


def _say_writers(
    said: Statements,
    writers: Sequence[Group],
    roles: Mapping[str, str],
    certainty: float,
) -> None:
    people: list[JsonValue] = []
    for group in writers:
        if name := _name(group):
            role = _ROLES.get(group.get("role", "").casefold(), "ComposerLyricist")
            credit: dict[str, JsonValue] = {"name": name, "role": role}
            if ipi := _ipi(said, group.get("ipi", "")):
                credit["ipi"] = ipi
            people.append(credit)
    for role, cell in roles.items():
        people += [
            {"name": credit.name, "role": role}
            for credit in split_credit(cell.replace("|", ";"))
        ]
    if people:
        said.say(Kind.WORK, "contributors", people, certainty)
    shares: list[JsonValue] = [
        {
            "name": _name(group),
            **{part: cell for part, cell in group.items() if part not in _NAMES},
        }
        for group in writers
        if any("share" in part or "publisher" in part for part in group)
    ]
    if shares:
        said.say(Kind.WORK, "shares", shares)


def _ipi(said: Statements, text: str) -> str:
    if not text:
        return ""
    try:
        return IpiName.parse(text).value
    except InvalidInputError as exc:
        said.doubt("invalid-ipi", "ipi", exc.message, text)
        return ""


def _name(group: Group) -> str:
    parts = (group.get("first_name", ""), group.get("last_name", ""))
    return " ".join(" ".join(filter(None, parts)).split()) or group.get("name", "")


def _recording(
    said: Statements, group: Group, artists: Sequence[str], iswc: JsonValue
) -> list[Thing]:
    own = Statements(line=said.line)
    for part, field in _OF_RECORDING:
        if part in group:
            own.say(Kind.RECORDING, field, group[part])
    for part, field, parse in _PARSED:
        try:
            value = parse(group.get(part, "")) if part in group else None
        except InvalidInputError as exc:
            code = f"invalid-{field.replace('_', '-')}"
            own.doubt(code, field, exc.message, group[part])
            continue
        if value is not None:
            own.say(Kind.RECORDING, field, value)
    _say_artists(own, group, artists)
    if iswc:
        own.say(Kind.RECORDING, "iswc", iswc)
    said.findings += own.findings
    claims: tuple[FieldClaim, ...] = tuple(own.claims)
    values = {claim.field: claim.value for claim in claims}
    if not values.get("isrc") and not values.get("title"):
        return []
    return [Thing(Kind.RECORDING, recording_keys(values), claims)]


def _say_artists(own: Statements, group: Group, artists: Sequence[str]) -> None:
    parts = ((k.removeprefix("artist_"), v) for k, v in group.items())
    own_name = _name({k: v for k, v in parts if k in {"first_name", "last_name"}})
    credited: list[JsonValue] = [
        {"name": name, "role": MAIN_ARTIST} for name in (own_name, *artists) if name
    ]
    if credited:
        own.say(Kind.RECORDING, "artists", credited)
