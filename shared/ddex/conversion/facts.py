"""What a message says to a catalog, in words that no version changes.

Two messages of one delivery, in two versions, say it in different elements: a track's
title once or twice, a day or its first instant, a territory or nothing for the world.
Here these are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.ddex.model import (
    Credit,
    Ern,
    Release,
    Resource,
    Wording,
)
from shared.domain.claims import JsonValue

from .fact_words import (
    UNSAID,
    date_words,
    day_words,
    deal_words,
    file_words,
    identifier_words,
    line_words,
    placed,
    said,
)

_MADE: Final = ("SoundRecording", "Video")
_CREDITS: Final = frozenset(
    {"DisplayArtist", "Contributor", "IndirectContributor"}
    | {"DisplayConductor", "DisplayComposer"}
)
_RANKS: Final = ("ICPN", "GRid", "ISRC", "ProprietaryId", "CatalogNumber")
_USUAL: Final = UNSAID | {"MainArtist", "Artist"}
_DISPLAYED: Final = "displayed artist"
_TITLES: Final = ("DisplayTitleText", "ReferenceTitle", "DisplayTitle")


class Fact(NamedTuple):
    """One thing that a message says.

    Attributes:
        about: `release 4006381333931`, `recording DEZZ12600001`, `deals of …`.
        field: What of it: `title`, `credit`, `released on` …
    """

    about: str
    field: str
    value: str

    def to_json(self) -> dict[str, JsonValue]:
        return {"about": self.about, "field": self.field, "value": self.value}


@dataclass(frozen=True, slots=True)
class FactDifference:
    """Where two messages say different things.

    Attributes:
        only_a, only_b: What the one says and the other does not.
    """

    about: str
    field: str
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "about": self.about,
            "field": self.field,
            "only_a": list(self.only_a),
            "only_b": list(self.only_b),
        }


def same_facts(message_a: Ern, message_b: Ern) -> tuple[FactDifference, ...]:
    """Return where two messages say different things to a catalog; empty if nowhere.

    Who sent them, when, and under which id is no fact of the catalog.
    """
    facts_a, facts_b = set(catalog_facts(message_a)), set(catalog_facts(message_b))
    places = dict.fromkeys(fact[:2] for fact in sorted(facts_a ^ facts_b))
    return tuple(
        FactDifference(
            about,
            field,
            tuple(
                sorted(f.value for f in facts_a - facts_b if f[:2] == (about, field))
            ),
            tuple(
                sorted(f.value for f in facts_b - facts_a if f[:2] == (about, field))
            ),
        )
        for about, field in places
    )


def catalog_facts(message: Ern) -> tuple[Fact, ...]:
    """Return what *message* says to a catalog, in order, each fact once."""
    # Line breaks inside a text are layout of the file.
    found = (
        Fact(*(" ".join(word.split()) for word in fact)) for fact in _facts(message)
    )
    return tuple(fact for fact in dict.fromkeys(found) if fact.value)


def _facts(message: Ern) -> Iterator[Fact]:
    for identifier in message.purged:
        yield Fact("purge", "release", identifier_words(identifier))
    for resource in message.resources:
        about = f"{_noun(resource)} {_resource_name(resource)}"
        yield from (Fact(about, *said) for said in _of_resource(resource))
    for release in message.releases:
        about = f"release {_release_name(release)}"
        yield from (Fact(about, *said) for said in _of_release(message, release))
    yield from _deal_facts(message)


def _deal_facts(message: Ern) -> Iterator[Fact]:
    names = {each.reference: _release_name(each) for each in message.releases}
    for deal in message.deals:
        if not deal.is_takedown:
            for reference in deal.releases:
                about = f"deals of release {names.get(reference, reference)}"
                yield Fact(about, "deal", deal_words(deal))


def _noun(resource: Resource) -> str:
    return {"SoundRecording": "recording"}.get(resource.kind, resource.kind.lower())


def _resource_name(resource: Resource) -> str:
    return resource.identifier("ISRC") or resource.reference


def _release_name(release: Release) -> str:
    """Return the identifier that tells a release best, the same in all versions."""
    for kind in _RANKS:
        found = release.identifier(kind)
        if found:
            return found
    return release.reference


def _of_resource(resource: Resource) -> Iterator[tuple[str, str]]:
    yield from (("identifier", identifier_words(each)) for each in resource.identifiers)
    yield from (
        ("file", file_words(each.uri, each.hash_sum)) for each in resource.files
    )
    if resource.kind not in _MADE:
        yield "type", said(resource.type)
        return
    yield "title", _title(resource)
    yield "artist", _artist(resource.artist_names, resource)
    yield "duration_ms", str(resource.duration_ms or "")
    yield "created on", day_words(resource.created_on)
    yield from _common(resource)
    yield from (
        ("P-line", line_words(each)) for each in resource.lines if each.kind == "P"
    )
    for work in resource.works:
        yield from (("work", identifier_words(each)) for each in work.identifiers)
        # 4.x credits the writers at the recording, having no list of works.
        yield from (("credit", said) for said in _credited(work.credits))


def _of_release(message: Ern, release: Release) -> Iterator[tuple[str, str]]:
    yield from (("identifier", identifier_words(each)) for each in release.identifiers)
    yield "title", _title(release) or _resource_title(message, release)
    yield from (("label", _known(each.name)) for each in release.labels)
    for number, name in enumerate(_made_of(message, release), 1):
        yield "consists of", f"{number} {name}"
    if not release.is_main:
        return
    yield "artist", _artist(release.artist_names, release)
    yield "duration_ms", str(release.duration_ms or "")
    yield from _common(release)
    yield from ((f"{each.kind}-line", line_words(each)) for each in release.lines)
    for genre in release.genres:
        if genre.text not in UNSAID:
            yield "genre", " / ".join(filter(None, (genre.text, genre.sub)))
    yield from (("released on", date_words(each)) for each in release.released_on)
    for date in release.originally_released_on:
        yield "originally released on", date_words(date)


def _common(thing: Resource | Release) -> Iterator[tuple[str, str]]:
    """Yield what is said alike of recordings and of releases."""
    yield from (("credit", said) for said in _credited(thing.credits))
    for warning in thing.warnings:
        yield "parental warning", placed(said(warning.term), warning.territories)


def _credited(given: tuple[Credit, ...]) -> Iterator[str]:
    for credit in given:
        name = _known(credit.party.name)
        if name and credit.kind in _CREDITS:
            yield from (f"{name}: {role}" for role in _roles(credit))


def _resource_title(message: Ern, release: Release) -> str:
    """A release of one recording is called as that, where it does not say."""
    found = [message.resource_by_reference.get(each) for each in release.resources]
    return next((_title(each) for each in found if each), "")


def _title(thing: Resource | Release) -> str:
    """Return the whole title: `DisplayTitleText`, or what is its like in 3.x."""
    for kind in _TITLES:
        for title in thing.titles:
            if title.kind == kind and title.text:
                subtitles = " ".join(title.subtitles)
                return f"{title.text} ({subtitles})" if subtitles else title.text
    return thing.title


def _known(name: str) -> str:
    return "" if name in UNSAID else name


def _roles(credit: Credit) -> Iterator[str]:
    if credit.kind == "DisplayArtist":
        yield _DISPLAYED
    # Whoever is displayed is a main artist, unless something else is said.
    usual = _USUAL if credit.kind == "DisplayArtist" else UNSAID
    yield from (role.meant for role in credit.roles if role.meant not in usual)


def _made_of(message: Ern, release: Release) -> list[str]:
    grouped = [item.reference for group in release.groups for item in group.all_items()]
    order = dict.fromkeys((*grouped, *release.resources))
    found = (message.resource_by_reference.get(each) for each in order)
    return [_resource_name(each) for each in found if each and each.kind in _MADE]


def _artist(names: tuple[Wording, ...], thing: Resource | Release) -> str:
    """Return the artist as displayed; undisplayed, the names of who is credited."""
    default = [name for name in names if name.is_default]
    general = [name for name in names if name.territories.are_everywhere]
    for name in (*default, *general, *names):
        return _known(name.text)
    shown = (each.party.name for each in thing.credits if each.kind == "DisplayArtist")
    return ", ".join(dict.fromkeys(filter(_known, shown)))
