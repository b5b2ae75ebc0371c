"""Rules L: the release, its track releases, and how its resources are grouped."""

from __future__ import annotations

import re
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import child, instant, seconds_of, text_of, texts_of
from shared.ddex.rules.descriptions import plain
from shared.ddex.rules.registry import SINGLES, Fault, Faults, rule
from shared.ddex.territories import EVERYWHERE, NOWHERE, Territories
from shared.domain.findings import Level

_TOLERANCE_S: Final = 5.0
_PRODUCT_WORD: Final = re.compile(
    r"(?:\s+-\s+|\s*[(\[])(?:single|ep|album|lp)[)\]]?\s*$|"
    r"[(\[\s](?:feat|ft|featuring)\.?\s+\S",
    re.IGNORECASE,
)
_VERSION_WORD: Final = re.compile(
    r"[(\[][^)\]]*\b(?:live|remix|acoustic|instrumental|karaoke|demo|remaster(?:ed)?|"
    r"radio edit|extended)\b[^)\]]*[)\]]",
    re.IGNORECASE,
)
_ANY_ALBUM: Final = """Album Bundle ClassicalAlbum ClassicalDigitalBoxedSet
    DigitalBoxSetRelease Documentary EP Episode MaxiSingle MiniAlbum Playlist Season
    Series Single UserDefined"""
# Schematron 2.1: 1055, 1116, 1178, 1237, 1296, 1357, 1416, 1483.
_RELEASE_TYPES: Final = {
    profile: frozenset(types.split())
    for profile, types in {
        "Audio": _ANY_ALBUM + " EBookRelease KaraokeRelease StemBundle",
        "Video": _ANY_ALBUM
        + """ ConcertVideo LiveEventVideo VideoAlbum VideoChapter VideoSingle
        LongFormMusicalWorkVideoRelease LongFormNonMusicalWorkVideoRelease
        FeatureFilm KaraokeRelease""",
        "MixedMedia": _ANY_ALBUM
        + """ ClassicalMultimediaAlbum EBookRelease MultimediaAlbum
        MultimediaDigitalBoxedSet MultimediaSingle VideoAlbum VideoSingle""",
        "SimpleAudioSingle": "KaraokeRelease Playlist Single SingleResourceRelease "
        "UserDefined",
        "SimpleVideoSingle": "Playlist Single SingleResourceRelease UserDefined "
        "VideoSingle",
        "Ringtone": """AlertToneRelease Playlist RingbackToneRelease RingtoneRelease
        VideoMastertoneRelease UserDefined""",
        "LongFormMusicalWorkVideo": """ConcertVideo DigitalBoxSetRelease Documentary
        Episode FeatureFilm LongFormMusicalWorkVideoRelease Playlist Season Series
        LongFormNonMusicalWorkVideoRelease UserDefined""",
        "DjMix": "DjMix Playlist UserDefined",
    }.items()
}


@rule(
    "L02",
    Level.FATAL,
    source="ERN Part 2, 7.3(1); Schematron 2.1, 1025; ErncFileStatus",
    says="the release has neither GRid nor barcode nor an id of the sender's",
    fix="Give ReleaseId an ICPN, a GRid or a ProprietaryId.",
    status="IdentifierInvalid",
)
def release_identified(message: Message) -> Faults:
    for node in message.root.iterfind("ReleaseList/Release/ReleaseId"):
        ids = (text_of(node, name) for name in ("GRid", "ICPN", "ProprietaryId"))
        if not any(ids):
            yield Fault(node)


@rule(
    "L08",
    Level.WARNING,
    source="Schematron 2.1, 1055",
    says="the release type does not belong to the profile",
    fix="Choose a type of the profile, or another profile.",
)
def release_type_fits(message: Message) -> Faults:
    allowed = _RELEASE_TYPES.get(message.profile)
    release = message.main_release
    if allowed is None or release is None:
        return
    nodes = release.findall("ReleaseType")
    for node in nodes:
        if text_of(node) not in allowed:
            yield Fault(node, text_of(node), message.profile)


@rule(
    "L09",
    Level.ERROR,
    source="ERN Part 2, 7.3",
    says="territories with a deal have no label",
    fix="Give a label for them, or one Worldwide.",
    status="MetadataMissing",
)
def label_where_dealt(message: Message) -> Faults:
    yield from _uncovered(message, "ReleaseLabelReference")


@rule(
    "L13",
    Level.ERROR,
    source="XSD; what stores ask for",
    says="no genre, or none for territories with a deal",
    fix="Give a GenreText for them, or one Worldwide.",
    status="MetadataMissing",
)
def genre_where_dealt(message: Message) -> Faults:
    for node in message.root.iterfind("ReleaseList/Release/Genre/GenreText"):
        if not text_of(node):
            yield Fault(node, "", "empty")
    yield from _uncovered(message, "Genre")


def _uncovered(message: Message, name: str) -> Faults:
    """Yield the main release's *name*, where it says nothing of a deal's territory."""
    release = message.main_release
    nodes = [] if release is None else release.findall(name)
    dealt, told = NOWHERE, NOWHERE
    for terms in message.deal_terms:
        dealt = dealt.joined(terms.territories)
    for node in nodes:
        code = node.get("ApplicableTerritoryCode", "")
        is_default = node.get("IsDefault") in {"true", "1"}
        told = told.joined(EVERYWHERE if is_default else Territories.of(code.split()))
    missing = dealt.without(told)
    if nodes and missing:
        yield Fault(nodes[0], text_of(nodes[0]), str(missing))


@rule(
    "L11",
    Level.ERROR,
    source="ErncFileStatus",
    says="the original release comes after the release",
    fix="Check OriginalReleaseDate and ReleaseDate.",
    status="OriginalReleaseDateLaterThanReleaseDate",
)
def original_first(message: Message) -> Faults:
    for node in message.all("OriginalReleaseDate"):
        release, original = node.getparent(), instant(text_of(node))
        if release is None or original is None:
            continue
        released = [instant(text) for text in texts_of(release, "ReleaseDate")]
        if any(date and original > date for date in released):
            yield Fault(node, text_of(node))


@rule(
    "L14",
    Level.WARNING,
    source="logic",
    says="the release's duration is not the sum of its recordings",
    fix="Add the durations of the recordings.",
)
def duration_is_sum(message: Message) -> Faults:
    release = message.main_release
    node = None if release is None else child(release, "Duration")
    given = seconds_of(text_of(node))
    if node is None or given is None or not message.is_complete:
        return
    primary = {reference: resource for resource, reference in message.primary_pairs()}
    durations = message.text_in("Duration")
    parts = [
        seconds_of(durations.get(primary[reference], "")) or 0.0
        for reference in message.content_references
        if reference in primary
    ]
    if abs(sum(parts) - given) > _TOLERANCE_S:
        yield Fault(node, text_of(node), f"{sum(parts):.0f} s in all")


@rule(
    "L22",
    Level.ERROR,
    source="logic",
    says="a recording is not in the release",
    fix="Add it to the ResourceGroup, or leave it out of the message.",
    status="ResourceMissing",
)
def recordings_in_release(message: Message) -> Faults:
    listed = set(message.content_references)
    # Where an item points to nothing, that is what is wrong.
    if message.main_release is None or not listed <= message.resources.keys():
        return
    for resource, reference in message.primary_pairs():
        if reference not in listed:
            yield Fault(resource, reference)


@rule(
    "L23",
    Level.FATAL,
    source="Schematron 2.1, 1239, 1359, 1360",
    says="the release has one group, and a single one item in it",
    fix="Leave one ResourceGroup and one ResourceGroupContentItem.",
    profiles=SINGLES | {"Ringtone"},
)
def single_item(message: Message) -> Faults:
    release = message.main_release
    if release is None:
        return
    groups = len(release.findall("ResourceGroup"))
    items = len(release.findall("ResourceGroup/ResourceGroupContentItem"))
    if groups != 1 or (items != 1 and message.profile in SINGLES):
        yield Fault(release, f"{groups} groups, {items} items")


@rule(
    "L30",
    Level.WARNING,
    source="DDEX Knowledge Base, titles",
    says="words of the version stand in the title",
    fix="Move them to SubTitle or VersionType.",
)
def version_apart(message: Message) -> Faults:
    for text, node in message.display_titles:
        if ("(" in text or "[" in text) and _VERSION_WORD.search(text):
            yield Fault(node, text)


@rule(
    "L31",
    Level.WARNING,
    source="DDEX Knowledge Base, product types in titles",
    says="the title names the product or a featured artist",
    fix="Leave “Single”, “EP” and “feat.” out: ReleaseType and artists say so.",
)
def title_alone(message: Message) -> Faults:
    for text, node in message.display_titles:
        if _PRODUCT_WORD.search(text) and plain(text):
            yield Fault(node, text)
