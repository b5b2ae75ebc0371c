"""What recordings and releases have alike: titles, artists, lines, genres, warnings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from shared.ddex.model import (
    Advice,
    Credit,
    DateSaid,
    Identifier,
    Release,
    Resource,
    RightsLine,
    Term,
    Title,
)
from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import IpiName, Isni
from shared.domain.names import name_key, split_credit

from .statements import Saying, widest

# A name that only the display line gives, split by its punctuation.
_SPLIT: Final = 0.8
_TITLES: Final = ("DisplayTitle", "ReferenceTitle", "DisplayTitleText", "FormalTitle")
_EXPLICIT: Final = {
    "Explicit": True,
    "NotExplicit": False,
    "ExplicitContentEdited": False,
}
_SIGN: Final = re.compile(r"^\s*(?:[\u2117\u00a9]|\((?:[PpCc]|\u2117|\u00a9)\))\s*")
_OWN: Final = "ProprietaryId"


def say_description(saying: Saying, thing: Resource | Release) -> None:
    """Claim what *thing* is called, by whom it is, and whose it is."""
    title = best_title(thing.titles)
    if title:
        saying.say("title", " ".join(title.text.split()))
        saying.say("subtitle", " ".join(" ".join(title.subtitles).split()))
    _say_artists(saying, thing)
    saying.say("p_line", line_text(thing.lines, "P"))
    saying.say("c_line", line_text(thing.lines, "C"))
    saying.say("genres", genres_of(thing))
    _say_warning(saying, thing.warnings)
    saying.say("proprietary_ids", proprietary(thing.identifiers))


def best_title(titles: Iterable[Title]) -> Title | None:
    """Return the title for display, the default and the widest first."""
    ranked = sorted(
        (title for title in titles if title.kind in _TITLES and title.text),
        key=lambda title: (
            _TITLES.index(title.kind),
            not title.is_default,
            not title.territories.are_everywhere,
        ),
    )
    return ranked[0] if ranked else None


def line_text(lines: Iterable[RightsLine], kind: str) -> str:
    """Return a P- or C-line as `2026 Owner`, without the sign before it."""
    of_kind = widest(line for line in lines if line.kind == kind)
    if not of_kind:
        return ""
    line = of_kind[0]
    shown = " ".join(_SIGN.sub("", line.text or line.company).split())
    if shown and line.year and line.year not in shown:
        return f"{line.year} {shown}"
    return shown


def genres_of(thing: Resource | Release) -> list[JsonValue]:
    """Return genres and sub-genres as texts, in order."""
    found = (
        " ".join(text.split())
        for genre in widest(thing.genres)
        for text in (genre.text, genre.sub)
        if text.strip()
    )
    return list(dict.fromkeys(found))


def date_text(dates: Iterable[DateSaid]) -> str:
    """Return the day of the widest date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    found = widest(dates)
    return found[0].text.partition("T")[0].rstrip("Z") if found else ""


def proprietary(identifiers: Iterable[Identifier]) -> list[JsonValue]:
    """Return partners' ids as `namespace:value`."""
    return [f"{i.namespace}:{i.value}" for i in identifiers if i.kind == _OWN]


def credit_items(found: Iterable[Credit]) -> list[JsonValue]:
    """Return credits as the catalog has them: one for each role of each party."""
    listed: list[JsonValue] = []
    for credit in found:
        name = " ".join(credit.party.name.split())
        if not name:
            continue
        for role in credit.roles or (Term("MainArtist"),):
            item: dict[str, JsonValue] = {"name": name, "role": _role(credit, role)}
            item |= _party_ids(credit)
            if item not in listed:
                listed.append(item)
    return listed


def _role(credit: Credit, role: Term) -> str:
    played = next((each.meant for each in credit.instruments if each.meant), "")
    return f"{role.meant} ({played})" if played else role.meant


def _party_ids(credit: Credit) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for kind, name, form in (
        ("ISNI", "isni", Isni),
        ("IpiNameNumber", "ipi", IpiName),
    ):
        try:
            if said := credit.party.identifier(kind):
                found[name] = form.parse(said).value
        except InvalidInputError:
            # The statement about the party itself tells of it.
            continue
    return found


def _say_artists(saying: Saying, thing: Resource | Release) -> None:
    named = widest(thing.artist_names)
    line = " ".join(named[0].text.split()) if named else ""
    saying.say("display_artist", line)
    shown = widest(c for c in thing.credits if c.kind == "DisplayArtist")
    ordered = sorted(shown, key=lambda c: (c.sequence is None, c.sequence or 0))
    artists = credit_items(ordered)
    if artists:
        saying.say("artists", _joined(artists, line))
    elif line:
        split = [credit.to_json() for credit in split_credit(line)]
        saying.say("artists", split, 1.0 if len(split) == 1 else _SPLIT)


def _joined(artists: list[JsonValue], line: str) -> list[JsonValue]:
    """Add the words between the names, where the display line has the same names."""
    listed = [artist for artist in artists if isinstance(artist, dict)]
    names = [str(artist["name"]) for artist in listed]
    found = split_credit(line, names) if line else []
    if [name_key(credit.name) for credit in found] == [name_key(n) for n in names]:
        for artist, credit in zip(listed, found, strict=True):
            if credit.join:
                artist["join"] = credit.join
    return artists


def _say_warning(saying: Saying, warnings: Iterable[Advice]) -> None:
    found = widest(warnings)
    if found:
        saying.say("parental_warning", found[0].term.meant)
        saying.say("explicit", _EXPLICIT.get(found[0].term.value))
