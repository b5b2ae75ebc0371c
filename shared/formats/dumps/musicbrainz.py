"""MusicBrainz: lines of its JSON dumps, which have the shape of its web service.

Artists, labels, works, release groups, releases and recordings. What a line is, its
own members tell (musicbrainz.org/doc/Development/JSON_Data_Dumps).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from shared.domain.claims import Kind
from shared.domain.keys import party_keys, release_group_keys, work_keys
from shared.formats.dumps.musicbrainz_parts import (
    Object,
    credits_of,
    credits_of_relations,
    genres_of,
    links_of,
    names_of,
    one_of,
    part,
    parts,
)
from shared.formats.dumps.musicbrainz_releases import (
    recording_things,
    release_things,
)
from shared.formats.entries import SourceEntry, Thing
from shared.formats.json_lines import JsonItem, json_lines
from shared.formats.languages import language_tag
from shared.formats.statements import FileFinding, Statements

SOURCE: Final = "musicbrainz"
_DATE: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")

_OF_RELEASE: Final = ("media", "barcode", "text-representation", "label-info", "status")
_OF_RECORDING: Final = ("length", "video", "isrcs")
_OF_GROUP: Final = ("primary-type", "secondary-types", "first-release-date")
_OF_WORK: Final = ("iswcs", "languages")
_OF_ARTIST: Final = ("sort-name", "gender", "begin-area", "end-area")


def kind_of(told: Mapping[str, object]) -> str:
    """Return what a line is about: `release`, `artist` …; empty if it is none."""
    if not isinstance(told.get("id"), str):
        return ""
    if "title" in told:
        return _titled(told)
    if "name" not in told:
        return ""
    if "label-code" in told:
        return "label"
    is_artist = any(name in told for name in _OF_ARTIST) and "life-span" in told
    return "artist" if is_artist else ""


def _titled(told: Mapping[str, object]) -> str:
    def has(names: tuple[str, ...]) -> bool:
        return any(name in told for name in names)

    # A recording knows when it was first released too, a group how it is called.
    if has(("primary-type", "secondary-types")):
        return "release-group"
    if has(_OF_RELEASE):
        return "release"
    if has(_OF_RECORDING):
        return "recording"
    if has(_OF_WORK):
        return "work"
    if "releases" in told or "first-release-date" in told:
        return "release-group"
    return "release" if "artist-credit" in told and "date" in told else ""


def read_musicbrainz(path: Path) -> Iterator[SourceEntry]:
    """Yield what the lines at *path* say; a line in error is a finding."""
    for item in json_lines(path):
        yield entry_of(item)


def entry_of(item: JsonItem) -> SourceEntry:
    """Return what one line says."""
    told = item.value
    if isinstance(told, dict) and "artist_credit" in told:
        told = _with_hyphens(told)
    kind = kind_of(told) if isinstance(told, dict) else ""
    if not kind or not isinstance(told, dict):
        reason = item.error or "neither artist, label, work, release nor recording"
        finding = FileFinding(
            "unreadable-line",
            "",
            reason,
            str(told)[:120],
            item.line,
            "Send the lines as MusicBrainz has them, one object each.",
        )
        return SourceEntry(item.line, findings=(finding,))
    said = Statements(line=item.line)
    things = tuple(_READERS[kind](told, said))
    if not things:
        said.doubt(
            "nothing-said", "", "nothing that the catalog knows", str(told)[:120]
        )
    raw: dict[str, Any] = {"line": item.line, "musicbrainz": kind, "id": told["id"]}
    return SourceEntry(item.line, (), things, tuple(said.findings), raw)


def _with_hyphens(told: object) -> Any:
    """Return *told* with its members as MusicBrainz names them.

    Clients in Python write `artist_credit` for `artist-credit`.
    """
    if isinstance(told, dict):
        return {k.replace("_", "-"): _with_hyphens(v) for k, v in told.items()}
    return [_with_hyphens(item) for item in told] if isinstance(told, list) else told


def _thing(
    said: Statements, kind: Kind, keys: tuple[str, ...], what: str, told: Object
) -> Thing:
    claims = tuple(claim for claim in said.claims if claim.kind is kind)
    return Thing(kind, keys, claims, f"{SOURCE}:{what}/{told['id']}")


def _party(told: Object, said: Statements, what: str) -> Iterator[Thing]:
    name = str(told.get("name") or "").strip()
    if not name:
        return
    span = part(told, "life-span")
    area = part(told, "area")
    codes = area.get("iso-3166-1-codes")
    simple = {
        "name": name,
        "sort_name": told.get("sort-name"),
        "disambiguation": told.get("disambiguation"),
        "type": "Label" if what == "label" else told.get("type"),
        "country": told.get("country") or (codes[0] if codes else area.get("name")),
        "musicbrainz_id": told["id"],
        "isni": one_of(told, "isnis", said, "isni"),
        "ipi": one_of(told, "ipis", said, "ipi"),
        "label_code": str(told.get("label-code") or ""),
    }
    for field, value in simple.items():
        if isinstance(value, str) and value.strip():
            said.say(Kind.PARTY, field, value)
    for field, value in (("begin_on", span.get("begin")), ("end_on", span.get("end"))):
        if isinstance(value, str) and _DATE.fullmatch(value):
            said.say(Kind.PARTY, field, value)
    for field, listed in (("aliases", names_of(told)), ("links", links_of(told))):
        if listed:
            said.say(Kind.PARTY, field, listed)
    yield _thing(said, Kind.PARTY, _party_keys(told, said, name), what, told)


def _party_keys(told: Object, said: Statements, name: str) -> tuple[str, ...]:
    """Return the keys of an artist or label.

    A name is one of them where MusicBrainz needs nothing to tell it apart: of two
    artists of one name, both have a disambiguation.
    """
    own = f"musicbrainz:{told['id']}"
    isni = said.said(Kind.PARTY, "isni")
    if isni:
        return (*party_keys(name, isni=str(isni.value)), own)
    if str(told.get("disambiguation") or "").strip():
        return (own,)
    return (*party_keys(name), own)


def _artist(told: Object, said: Statements) -> Iterator[Thing]:
    return _party(told, said, "artist")


def _label(told: Object, said: Statements) -> Iterator[Thing]:
    return _party(told, said, "label")


def _work(told: Object, said: Statements) -> Iterator[Thing]:
    kind = Kind.WORK
    said.say(kind, "title", told.get("title"))
    said.say(kind, "musicbrainz_id", told["id"])
    if iswc := one_of(told, "iswcs", said, "iswc"):
        said.say(kind, "iswc", iswc)
    if isinstance(told.get("type"), str):
        said.say(kind, "type", told["type"])
    tags = (language_tag(str(code)) for code in told.get("languages") or [])
    if languages := [tag for tag in tags if tag]:
        said.say(kind, "languages", languages)
    if aliases := names_of(told):
        said.say(kind, "alternate_titles", aliases)
    if people := credits_of_relations(told):
        said.say(kind, "contributors", people)
    values = {claim.field: claim.value for claim in said.claims}
    if "title" in values:
        yield _thing(said, kind, work_keys(values), "work", told)


def _release_group(told: Object, said: Statements) -> Iterator[Thing]:
    kind = Kind.RELEASE_GROUP
    said.say(kind, "title", told.get("title"))
    said.say(kind, "musicbrainz_id", told["id"])
    if people := credits_of(told):
        said.say(kind, "artists", people)
    for field, name in (("type", "primary-type"), ("disambiguation",) * 2):
        if isinstance(told.get(name), str) and str(told[name]).strip():
            said.say(kind, field, told[name])
    first = told.get("first-release-date")
    if isinstance(first, str) and _DATE.fullmatch(first):
        said.say(kind, "first_release_date", first)
    others = [str(name) for name in told.get("secondary-types") or [] if name]
    for field, listed in (
        ("secondary_types", others),
        ("genres", genres_of(told)),
        ("links", links_of(told)),
    ):
        if listed:
            said.say(kind, field, listed)
    values = {claim.field: claim.value for claim in said.claims}
    if "title" in values:
        yield _thing(said, kind, release_group_keys(values), "release-group", told)


_READERS: Final[Mapping[str, Callable[[Object, Statements], Iterator[Thing]]]] = (
    MappingProxyType(
        {
            "artist": _artist,
            "label": _label,
            "work": _work,
            "release-group": _release_group,
            "release": release_things,
            "recording": recording_things,
        }
    )
)

__all__ = ["SOURCE", "entry_of", "kind_of", "parts", "read_musicbrainz"]
