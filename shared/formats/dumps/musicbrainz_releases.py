"""Releases and recordings of MusicBrainz, with the places of one on the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.keys import position_keys, recording_keys, release_keys
from shared.formats.dumps.musicbrainz_parts import (
    Object,
    credits_of,
    credits_of_relations,
    genres_of,
    one_of,
    part,
    parts,
    text,
)
from shared.formats.entries import Thing
from shared.formats.languages import language_tag
from shared.formats.statements import Statements

_DATE: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_NOBODY: Final = frozenset({"", "[no label]", "[none]"})


def release_things(told: Object, said: Statements) -> Iterator[Thing]:
    """Yield a release, its recordings, and where they stand on it."""
    _say_release(told, said)
    claims = tuple(said.claims)
    values = {claim.field: claim.value for claim in claims}
    if "title" not in values:
        return
    own = f"musicbrainz:{told['id']}"
    named = release_keys(values) if values.get("gtin") else ()
    keys = (*named, own)
    origin = f"musicbrainz:release/{told['id']}"
    yield Thing(Kind.RELEASE, keys, claims, origin)
    for number, medium in enumerate(parts(told, "media"), start=1):
        for track in parts(medium, "tracks"):
            yield from _track(
                track, _count(medium, "position") or number, keys[0], said
            )


def _say_release(told: Object, said: Statements) -> None:
    kind = Kind.RELEASE
    group = part(told, "release-group")
    group_id = text(group, "id")
    label, number = _label_of(told)
    said.say_all(
        kind,
        {
            "title": told.get("title"),
            "musicbrainz_id": told["id"],
            "status": text(told, "status"),
            "country": text(told, "country"),
            "gtin": text(told, "barcode"),
            "release_date": _date(told, "date"),
            "language": language_tag(
                text(part(told, "text-representation"), "language")
            ),
            "artists": credits_of(told),
            "label": label,
            "catalog_number": number,
            "release_group": f"musicbrainz:{group_id}" if group_id else "",
            "musicbrainz_group_id": group_id,
            "release_type": text(group, "primary-type"),
            "genres": genres_of(told) or genres_of(group),
        },
    )
    _say_media(told, said)


def _label_of(told: Object) -> tuple[str, str]:
    """Return the first label and catalogue number that are any."""
    infos = parts(told, "label-info")
    names = [text(part(info, "label"), "name") for info in infos]
    numbers = [text(info, "catalog-number") for info in infos]

    def first(found: list[str]) -> str:
        return next((name for name in found if name.casefold() not in _NOBODY), "")

    return first(names), first(numbers)


def _date(told: Object, name: str) -> str:
    found = text(told, name)
    return found if _DATE.fullmatch(found) else ""


def _say_media(told: Object, said: Statements) -> None:
    media = parts(told, "media")
    formats = list(dict.fromkeys(f for m in media if (f := text(m, "format"))))
    if formats:
        said.say(Kind.RELEASE, "formats", formats)
    if media:
        said.say(Kind.RELEASE, "medium_count", len(media))
        counts = [_count(medium, "track-count") for medium in media]
        if all(counts):
            said.say(Kind.RELEASE, "track_count", sum(filter(None, counts)))


def _count(told: Object, name: str) -> int | None:
    found = told.get(name)
    is_count = isinstance(found, int) and not isinstance(found, bool) and found > 0
    return found if is_count else None


def _track(
    track: Object, medium: int, release_key: str, said: Statements
) -> Iterator[Thing]:
    recording = dict(part(track, "recording"))
    if not text(recording, "id"):
        return
    own = Statements(line=said.line)
    recording.setdefault("title", track.get("title"))
    recording.setdefault("artist-credit", track.get("artist-credit"))
    if recording.get("length") is None:
        recording["length"] = track.get("length")
    things = list(recording_things(recording, own))
    said.findings += own.findings
    yield from things
    if not things:
        return
    place = Statements(line=said.line)
    kind = Kind.TRACK_POSITION
    place.say(kind, "release", release_key)
    place.say(kind, "recording", things[0].keys[0])
    place.say(kind, "medium_number", medium)
    if number := _count(track, "position"):
        place.say(kind, "track_number", number)
    if text(track, "title") not in ("", text(recording, "title")):
        place.say(kind, "title", track["title"])
    keys = position_keys(release_key, things[0].keys[0])
    origin = f"musicbrainz:track/{text(track, 'id') or keys[0]}"
    yield Thing(kind, keys, tuple(place.claims), origin)


def recording_things(told: Object, said: Statements) -> Iterator[Thing]:
    """Yield a recording; the works it is of are told by relations."""
    kind = Kind.RECORDING
    if not text(told, "title"):
        return
    works = (part(relation, "work") for relation in parts(told, "relations"))
    said.say_all(
        kind,
        {
            "title": told.get("title"),
            "musicbrainz_id": told["id"],
            "isrc": one_of(told, "isrcs", said, "isrc"),
            "duration_ms": _count(told, "length"),
            "artists": credits_of(told),
            "contributors": credits_of_relations(told),
            "genres": genres_of(told),
            "original_release_date": _date(told, "first-release-date"),
            "musicbrainz_work_id": next(
                (found for work in works if (found := text(work, "id"))), ""
            ),
        },
    )
    claims = tuple(claim for claim in said.claims if claim.kind is kind)
    values: dict[str, JsonValue] = {claim.field: claim.value for claim in claims}
    own = f"musicbrainz:{told['id']}"
    keys = (*(recording_keys(values) if values.get("isrc") else ()), own)
    yield Thing(kind, keys, claims, f"musicbrainz:recording/{told['id']}")
