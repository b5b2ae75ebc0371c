"""Who an ERN message credits: display artists and contributors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import IpiName, Isni
from shared.domain.names import name_key, split_credit

from .ern_elements import Element, all_under, text_of
from .statements import Statements

Parties = Mapping[str, Mapping[str, str]]
"""What the party list says, by reference: `name`, `isni`, `ipi`."""

# A name that only the display line gives, split by its punctuation.
SPLIT: Final = 0.8


def say_artists(
    parties: Parties, statements: Statements, kind: Kind, element: Element
) -> None:
    """Claim the display artists, with the words between them where these are told."""
    line = text_of(element, "DisplayArtistName")
    artists = [
        credit
        for artist in all_under(element, "DisplayArtist")
        if (
            credit := _credit(
                parties, artist, "Artist", ("DisplayArtistRole", "ArtistRole")
            )
        )
    ]
    if artists:
        _join(artists, line)
        statements.say(kind, "artists", artists, frames=["DisplayArtist"])
    elif line:
        value = [credit.to_json() for credit in split_credit(line)]
        certainty = 1.0 if len(value) == 1 else SPLIT
        statements.say(kind, "artists", value, certainty, ["DisplayArtistName"])


def _join(artists: list[dict[str, JsonValue]], line: str) -> None:
    """Add the words between the names, where the display line has the same names."""
    names = [str(artist["name"]) for artist in artists]
    found = split_credit(line, names)
    if [name_key(credit.name) for credit in found] == [name_key(n) for n in names]:
        for artist, credit in zip(artists, found, strict=True):
            if credit.join:
                artist["join"] = credit.join


def _credit(
    parties: Parties, element: Element, prefix: str, role_paths: tuple[str, ...]
) -> dict[str, JsonValue] | None:
    reference = text_of(element, f"{prefix}PartyReference")
    party = parties.get(reference, {})
    name = party.get("name") or text_of(element, "PartyName/FullName")
    if not name:
        return None
    credit: dict[str, JsonValue] = {"name": name, "role": _role(element, role_paths)}
    for extra, parse in (("isni", Isni.parse), ("ipi", IpiName.parse)):
        try:
            if party.get(extra):
                credit[extra] = parse(party[extra]).value
        except InvalidInputError:
            # The party's own reading has told of it.
            continue
    return credit


def _role(element: Element, paths: tuple[str, ...]) -> str:
    for path in paths:
        found = element.find(path)
        if found is not None:
            defined = found.get("UserDefinedValue")
            return defined or (found.text or "").strip() or "MainArtist"
    return "MainArtist"


def contributors(parties: Parties, resource: Element) -> Iterator[dict[str, JsonValue]]:
    """Yield writers, players and makers, each with a role and perhaps an instrument."""
    for tag, role_path in (
        ("Contributor", "Role"),
        ("ResourceContributor", "ResourceContributorRole"),
        ("IndirectResourceContributor", "IndirectResourceContributorRole"),
    ):
        for element in all_under(resource, tag):
            credit = _credit(parties, element, "Contributor", (role_path,))
            instrument = text_of(element, "InstrumentType")
            if credit is None:
                continue
            if instrument:
                credit["role"] = f"{credit['role']} ({instrument})"
            yield credit
