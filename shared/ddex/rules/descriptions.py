"""Rules S about words: titles, artists, P-lines, warnings and languages."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, child, siblings, text_of, texts_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.findings import Level

_TRUE: Final = frozenset({"true", "1"})
_MOST_PAIRS: Final = 1_000


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return the letters and digits of *text*, whatever their case and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def described(message: Message) -> list[Node]:
    """Return what has a title and artists: primary resources and the main release."""
    release = message.main_release
    return [*message.primary_resources, *([] if release is None else [release])]


@rule(
    "S05",
    Level.ERROR,
    source="ERN Part 2, 7.2(5)",
    says="DisplayTitleText is not the title with its subtitles",
    fix="Write TitleText, and the subtitles in brackets behind it.",
    status="MetadataMissing",
)
def display_title_agrees(message: Message) -> Faults:
    titles_in, texts_in = map(message.nodes_in, ("DisplayTitle", "DisplayTitleText"))
    for owner in described(message):
        whole = [_whole_title(each) for each in titles_in.get(owner, ())]
        titles: list[str] = []
        for node in texts_in.get(owner, ()):
            if text_of(node) and text_of(node) in whole:
                continue
            titles = titles or [title for title in map(plain, whole) if title]
            shown = plain(text_of(node))
            # A composer or artist may stand before the title, as in classical music.
            is_told = not titles or any(title in shown for title in titles)
            if not text_of(node) or not is_told:
                yield Fault(node, text_of(node))


def _whole_title(title: Node) -> str:
    if len(title) == 1:
        return text_of(title[0])
    return " ".join([text_of(title, "TitleText"), *texts_of(title, "SubTitle")])


@rule(
    "S06",
    Level.ERROR,
    source="Schematron 2.1, 1014",
    says="not exactly one of several is the default",
    fix="Set IsDefault to true on one of them.",
)
def one_default(message: Message) -> Faults:
    holders = message.holders_of("IsDefault")
    alone = {
        name
        for name in {str(node.tag) for node in holders}
        if len(message.nodes_in(name)) == message.count(name)
    }
    doubtful = [
        node
        for node in holders
        if node.tag not in alone or node.get("IsDefault") not in _TRUE
    ]
    for group in siblings(doubtful):
        defaults = [node for node in group if node.get("IsDefault") in _TRUE]
        if len(defaults) != 1:
            yield Fault((defaults or group)[-1], f"{len(defaults)} defaults")


@rule(
    "S07",
    Level.FATAL,
    source="ERN Part 2, 7.2(1); Schematron 2.1, 1016",
    says="a display artist has no SequenceNumber",
    fix="Number the display artists from 1 in the order they are shown.",
)
def artists_numbered(message: Message) -> Faults:
    for node in message.all("DisplayArtist"):
        if node.get("SequenceNumber") is None:
            yield Fault(node, text_of(node, "ArtistPartyReference"))


@rule(
    "S08",
    Level.ERROR,
    source="ERN Part 2, 7.2(1)",
    says="display artists are numbered from 1, without gap or repetition",
    fix="Number the display artists from 1 in the order they are shown.",
)
def artists_numbered_through(message: Message) -> Faults:
    nodes = list(message.all("DisplayArtist"))
    if all(node.get("SequenceNumber") == "1" for node in nodes):
        nodes = message.among_others("DisplayArtist")
    for group in siblings(nodes):
        given = [node.get("SequenceNumber") for node in group]
        numbers = [number for number in given if number is not None]
        due = [str(number) for number in range(1, len(group) + 1)]
        if len(numbers) == len(group) and sorted(numbers) != sorted(due):
            yield Fault(group[0], ", ".join(numbers))


@rule(
    "S09",
    Level.WARNING,
    source="ERN Part 2, 7.2(2); Schematron 2.1, 1017",
    says="no display artist is a main artist",
    fix="Give one DisplayArtistRole MainArtist.",
    status="PrimaryArtistNameMissing",
)
def main_artist_there(message: Message) -> Faults:
    artists_in = message.nodes_in("DisplayArtist")
    roles_of = message.text_in("DisplayArtistRole")
    all_told = len(roles_of) == message.count("DisplayArtist")
    if all_told and set(roles_of.values()) <= {"MainArtist"}:
        return
    for owner in described(message):
        artists = artists_in.get(owner, [])
        roles = {roles_of.get(artist, "") for artist in artists}
        if artists and "MainArtist" not in roles:
            yield Fault(artists[0], ", ".join(sorted(roles)))


@rule(
    "S10",
    Level.ERROR,
    source="ERN Part 2, 7.2(2) and (3)",
    says="the display artist is not named in DisplayArtistName",
    fix="Write DisplayArtistName so that it names the main artists.",
    status="PrimaryArtistNameMissing",
)
def artists_named(message: Message) -> Faults:
    if _all_shown(message):
        return
    names_in = message.nodes_in("DisplayArtistName")
    artists_in = message.nodes_in("DisplayArtist")
    roles = message.text_in("DisplayArtistRole")
    references = message.text_in("ArtistPartyReference")
    for owner in described(message):
        shown = [text_of(node) for node in names_in.get(owner, ())]
        for artist in artists_in.get(owner, ()) if shown else ():
            if roles.get(artist) != "MainArtist":
                continue
            names = message.party_names(references.get(artist, ""))
            if names and not _is_any_shown(tuple(names), tuple(shown)):
                yield Fault(artist, names[0])
                break


def _all_shown(message: Message) -> bool:
    """Tell whether any artist is in any name that is shown, as where there is one."""
    references = set(message.texts("ArtistPartyReference"))
    shown = set(message.texts("DisplayArtistName"))
    return len(references) * len(shown) <= _MOST_PAIRS and all(
        _is_any_shown(tuple(names), (text,))
        for names in map(message.party_names, references)
        if names
        for text in shown
    )


# An album's recordings have few artists: most are asked about again and again.
@lru_cache(maxsize=4096)
def _is_any_shown(names: tuple[str, ...], texts: tuple[str, ...]) -> bool:
    known = [name for name in map(plain, names) if name]
    shown = [plain(text) for text in texts]
    return not known or any(name in text for name in known for text in shown)


@rule(
    "S11",
    Level.FATAL,
    source="ERN Part 2, 7.4(6); Schematron 2.1, 1030",
    says="a contributor is there twice",
    fix="Give the contributor once, with all roles.",
    status="ArtistRoleUnknown",
)
def contributors_once(message: Message) -> Faults:
    for group in siblings(message.among_others("Contributor")):
        seen: set[str] = set()
        for node in group:
            reference = text_of(node, "ContributorPartyReference")
            if reference and reference in seen:
                yield Fault(node, reference)
            seen.add(reference)


@rule(
    "S18",
    Level.WARNING,
    source="logic; XSD",
    says="a recording is explicit, and its release is not",
    fix="Set ParentalWarningType of the release to Explicit.",
)
def warning_carried_up(message: Message) -> Faults:
    release = message.main_release
    node = None if release is None else child(release, "ParentalWarningType")
    if release is None or node is None:
        return
    if "Explicit" not in message.texts("ParentalWarningType"):
        return
    tracks = {
        text
        for resource in message.primary_resources
        for text in texts_of(resource, "ParentalWarningType")
    }
    if "Explicit" in tracks - set(texts_of(release, "ParentalWarningType")):
        yield Fault(node, text_of(node))


@rule(
    "S19",
    Level.ERROR,
    source="logic",
    says="an instrumental has a language of performance",
    fix="Leave LanguageOfPerformance out, or set IsInstrumental to false.",
)
def instrumentals_are_silent(message: Message) -> Faults:
    for text, node in message.texts_and_nodes("IsInstrumental"):
        resource = node.getparent() if text in {"true", "1"} else None
        if resource is None:
            continue
        language = child(resource, "LanguageOfPerformance")
        if language is not None and text_of(language) != "zxx":
            yield Fault(language, text_of(language))
