"""Parts that several kinds of MusicBrainz lines share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from shared.domain.claims import JsonValue
from shared.domain.names import MAIN_ARTIST
from shared.formats.statements import Statements

Object = Mapping[str, Any]

# Relations between artists and recordings or works, in DDEX's words.
_ROLES: Final = MappingProxyType(
    {
        "composer": "Composer",
        "lyricist": "Lyricist",
        "librettist": "Librettist",
        "writer": "ComposerLyricist",
        "arranger": "Arranger",
        "orchestrator": "Orchestrator",
        "translator": "Translator",
        "producer": "Producer",
        "engineer": "Engineer",
        "mix": "Mixer",
        "mastering": "MasteringEngineer",
        "remixer": "Remixer",
        "conductor": "Conductor",
        "performing orchestra": "Orchestra",
        "chorus master": "ChorusMaster",
        "vocal": "Vocalist",
        "instrument": "Musician",
        "performer": "Performer",
        "publishing": "MusicPublisher",
    }
)


def part(told: Object, name: str) -> Object:
    """Return the object called *name*, or an empty one."""
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def parts(told: Object, name: str) -> list[Object]:
    """Return the objects of the list called *name*; none where there is no list."""
    found = told.get(name)
    listed = found if isinstance(found, list) else []
    return [item for item in listed if isinstance(item, dict)]


def text(told: Object, name: str) -> str:
    """Return the text called *name*, trimmed; empty where it is none."""
    found = told.get(name)
    return found.strip() if isinstance(found, str) else ""


def credits_of(told: Object) -> list[JsonValue]:
    """Return an artist credit: names as credited, with the words between them."""
    found: list[JsonValue] = []
    for item in parts(told, "artist-credit"):
        artist = part(item, "artist")
        shown = text(item, "name")
        name = text(artist, "name") or shown
        if not name:
            continue
        credit: dict[str, JsonValue] = {"name": name, "role": MAIN_ARTIST}
        if shown and shown != name:
            credit["credited_as"] = shown
        if item.get("joinphrase"):
            credit["join"] = str(item["joinphrase"])
        if text(artist, "id"):
            credit["musicbrainz_id"] = text(artist, "id")
        found.append(credit)
    return found


def credits_of_relations(told: Object) -> list[JsonValue]:
    """Return the people that relations name, each once per role."""
    found: dict[tuple[str, str], JsonValue] = {}
    for relation in parts(told, "relations"):
        artist = part(relation, "artist") or part(relation, "label")
        role = _ROLES.get(text(relation, "type"))
        name = text(artist, "name")
        if not role or not name:
            continue
        credit: dict[str, JsonValue] = {"name": name, "role": role}
        if text(artist, "id"):
            credit["musicbrainz_id"] = text(artist, "id")
        if shown := text(relation, "target-credit"):
            credit["credited_as"] = shown
        found.setdefault((name, role), credit)
    return list(found.values())


def genres_of(told: Object) -> list[str]:
    """Return genres, those with most votes first."""

    def votes(genre: Object) -> int:
        count = genre.get("count")
        return -count if isinstance(count, int) else 0

    names = (text(genre, "name") for genre in sorted(parts(told, "genres"), key=votes))
    return list(dict.fromkeys(name for name in names if name))


def links_of(told: Object) -> list[str]:
    """Return the pages that relations lead to."""
    found = (
        text(part(relation, "url"), "resource") for relation in parts(told, "relations")
    )
    return list(dict.fromkeys(url for url in found if url))


def names_of(told: Object) -> list[str]:
    """Return other names of the same thing."""
    found = (text(alias, "name") for alias in parts(told, "aliases"))
    own = text(told, "name") or text(told, "title")
    return list(dict.fromkeys(name for name in found if name and name != own))


def one_of(told: Object, name: str, said: Statements, field: str) -> str:
    """Return the identifier of a list with one; of several none, and say so.

    One thing with several is common there; which one counts here nobody told.
    """
    found = told.get(name)
    listed = [item for item in found if isinstance(item, str)] if found else []
    if len(listed) > 1:
        said.doubt(f"several-{field}", field, "there are several", ", ".join(listed))
        return ""
    return listed[0] if listed else ""
