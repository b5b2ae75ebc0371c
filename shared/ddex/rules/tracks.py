"""Rules L about track releases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, text_of, texts_of
from shared.ddex.rules.registry import ALBUMS, Fault, Faults, rule
from shared.domain.findings import Level

_ID_NAMES: Final = ("CatalogNumber", "GRid", "ICPN", "ISRC", "ProprietaryId")


@rule(
    "L03",
    Level.FATAL,
    source="ERN Part 2, 6.1; Schematron 2.1, 1045 and 1478",
    says="not exactly one track release for each recording, as the profile asks",
    fix="Add one TrackRelease for each recording; in the simple profiles none.",
)
def track_release_each(message: Message) -> Faults:
    if not message.profile:
        return
    if message.profile not in ALBUMS:
        if message.track_releases:
            yield Fault(message.track_releases[0], str(len(message.track_releases)))
        return
    references = message.text_in("ReleaseResourceReference")
    found = Counter(references.get(track, "") for track in message.track_releases)
    for resource, reference in message.primary_pairs():
        if found[reference] != 1:
            yield Fault(resource, reference, f"{found[reference]} track releases")


@rule(
    "L04",
    Level.FATAL,
    source="ERN Part 2, 7.3(3); Schematron 2.1, 1046",
    says="the id of a track release is not an ISRC",
    fix="Write a ProprietaryId, such as the barcode and the ISRC: ICPN_ISRC.",
)
def track_release_without_isrc(message: Message) -> Faults:
    for node in message.all("ISRC"):
        release_id = node.getparent()
        track = None if release_id is None else release_id.getparent()
        if track is not None and track.tag == "TrackRelease":
            yield Fault(node, text_of(node))


@rule(
    "L05",
    Level.ERROR,
    source="ERN Part 2, 9(1)",
    says="two track releases share one id",
    fix="Make the id of barcode and ISRC: ICPN_ISRC.",
    status="IdentifierInvalid",
)
def track_ids_once(message: Message) -> Faults:
    texts = [text for name in _ID_NAMES for text in message.texts(name)]
    if len(set(texts)) == len(texts):
        return
    seen: set[tuple[str, str | None, str]] = set()
    for track in message.track_releases:
        for node in _ids(message, track):
            identity = (str(node.tag), node.get("Namespace"), text_of(node))
            if identity in seen:
                yield Fault(node, text_of(node))
            seen.add(identity)


def _ids(message: Message, track: Node) -> Iterator[Node]:
    for release_id in message.nodes_in("ReleaseId").get(track, ()):
        yield from release_id


@rule(
    "L06",
    Level.FATAL,
    source="ERN Part 2, 9(2); Schematron 2.1, 1047 and 1048",
    says="the track release's resource is not one of the release's recordings",
    fix="Point to a recording that is in the release's ResourceGroup too.",
)
def track_of_release(message: Message) -> Faults:
    # Of a recording that the release leaves out, L22 tells.
    others = message.resources.keys() - set(message.primary_references)
    references = message.text_in("ReleaseResourceReference")
    for track in message.track_releases:
        if references.get(track) in others:
            node = message.nodes_in("ReleaseResourceReference")[track][0]
            yield Fault(node, text_of(node))


@rule(
    "L07",
    Level.ERROR,
    source="ERN Part 2, 9; Schematron 2.1, 1049",
    says="the track release repeats the title of its resource",
    fix="Leave the title out: it is given only where it differs.",
)
def track_titles_differ(message: Message) -> Faults:
    for track in message.track_releases:
        node = _repeated_title(message, track)
        if node is not None:
            yield Fault(node, text_of(node, "TitleText") or text_of(node))


def _repeated_title(message: Message, track: Node) -> Node | None:
    nodes = message.nodes_in("DisplayTitle").get(track, [])
    shown = next(iter(message.nodes_in("DisplayTitleText").get(track, ())), None)
    if not nodes and shown is None:
        return None
    reference = message.text_in("ReleaseResourceReference").get(track, "")
    resource = message.resources.get(reference)
    if resource is None:
        return None
    titles = {_title_words(title) for title in resource.iterchildren("DisplayTitle")}
    for node in nodes:
        if _title_words(node) in titles:
            return node
    texts = texts_of(resource, "DisplayTitleText")
    return shown if shown is not None and text_of(shown) in texts else None


def _title_words(title: Node) -> tuple[str, ...]:
    return (text_of(title, "TitleText"), *texts_of(title, "SubTitle"))
