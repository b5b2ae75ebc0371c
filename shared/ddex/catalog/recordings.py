"""Recordings and works, as a message tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from shared.ddex.model import Credit, Ern, Part, Release, Resource
from shared.ddex.nodes import seconds_of
from shared.domain.claims import JsonValue, Kind
from shared.domain.keys import recording_keys, work_keys

from .descriptions import credit_items, date_text, genres_of, say_description
from .statements import Doubt, Saying, Statement, widest

RECORDED: Final = ("SoundRecording", "Video")
_MADE_BY: Final = ("Contributor", "IndirectContributor")
_WRITERS: Final = frozenset(
    [
        "Adapter",
        "Arranger",
        "Author",
        "AuthorInQuotation",
        "Composer",
        "ComposerLyricist",
        "Librettist",
        "Lyricist",
        "MusicPublisher",
        "NonLyricAuthor",
        "OriginalPublisher",
        "SubArranger",
        "SubLyricist",
        "SubPublisher",
        "Translator",
        "Writer",
    ]
)
_SHORTEST: Final = {
    "eng": "en",
    "fra": "fr",
    "fre": "fr",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "jpn": "ja",
    "kor": "ko",
    "zho": "zh",
    "chi": "zh",
    "nld": "nl",
    "dut": "nl",
}


def recordings(
    message: Ern, doubts: list[Doubt]
) -> Iterator[tuple[Resource, Saying, tuple[str, ...]]]:
    """Yield the recordings: what each says, and its keys without its files'."""
    tracks = {
        reference: track
        for track in reversed(message.track_releases)
        for reference in track.resources[:1]
    }
    keys = {
        resource.reference: own_keys(resource)
        for resource in message.resources
        if resource.kind in RECORDED
    }
    for resource in message.resources:
        if resource.kind not in RECORDED:
            continue
        saying = _recording(resource, tracks.get(resource.reference))
        saying.say("parts", _parts(resource, keys))
        doubts += saying.doubts
        yield resource, saying, keys[resource.reference]


def own_keys(resource: Resource) -> tuple[str, ...]:
    """Return the keys of a recording: ISRC, else partners' ids, else what it is."""
    probe = Saying(Kind.RECORDING)
    probe.say("isrc", resource.identifier("ISRC"))
    if probe.claims:
        return recording_keys(probe.values)
    owned = tuple(
        f"proprietary:{i.namespace}:{i.value}"
        for i in resource.identifiers
        if i.kind == "ProprietaryId"
    )
    say_description(probe, resource)
    return owned or recording_keys(probe.values)


def works(message: Ern, doubts: list[Doubt]) -> Iterator[Statement]:
    """Yield the works that recordings are of, those with an identifier of their own."""
    for resource in message.resources:
        for work in resource.works:
            saying = Saying(Kind.WORK)
            iswc = next((i.value for i in work.identifiers if i.kind == "ISWC"), "")
            saying.say("iswc", iswc)
            doubts += saying.doubts
            if not saying.claims:
                continue
            say_title = next((title.text for title in work.titles if title.text), "")
            saying.say("title", say_title or resource.title)
            writers = credit_items(work.credits) or [
                credit
                for credit in credit_items(_makers(resource))
                if isinstance(credit, dict) and credit["role"] in _WRITERS
            ]
            saying.say("contributors", writers)
            yield Statement(Kind.WORK, work_keys(saying.values), tuple(saying.claims))


def _makers(resource: Resource) -> list[Credit]:
    return widest(c for c in resource.credits if c.kind in _MADE_BY)


def _recording(resource: Resource, track: Release | None) -> Saying:
    saying = Saying(Kind.RECORDING)
    say_description(saying, resource)
    said = saying.values
    saying.say("isrc", resource.identifier("ISRC"))
    identifiers = (i for work in resource.works for i in work.identifiers)
    saying.say("iswc", next((i.value for i in identifiers if i.kind == "ISWC"), ""))
    saying.say("duration_ms", resource.duration_ms or None)
    saying.say("language", _language(resource))
    saying.say("recorded_on", resource.created_on.partition("T")[0].rstrip("Z"))
    saying.say("release_date", date_text(resource.released_on))
    saying.say("contributors", credit_items(_makers(resource)))
    saying.say("recording_type", resource.type.meant or _untyped(resource))
    saying.say("is_instrumental", resource.is_instrumental)
    if track is not None:
        if "genres" not in said:
            saying.say("genres", genres_of(track))
        labels = widest(track.labels)
        saying.say("label", labels[0].name if labels else "")
    return saying


def _untyped(resource: Resource) -> str:
    return "Video" if resource.kind == "Video" else ""


def _language(resource: Resource) -> str:
    tag = resource.languages[0] if resource.languages else ""
    primary, dash, rest = tag.partition("-")
    lowered = primary.lower()
    return _SHORTEST.get(lowered, lowered) + dash + rest


def _parts(resource: Resource, keys: Mapping[str, tuple[str, ...]]) -> list[JsonValue]:
    """Return what a mix is made of: recording, where it starts, and how long it is."""
    found: list[JsonValue] = []
    for reference, timing in _contained(resource.source):
        if reference not in keys:
            continue
        item: dict[str, JsonValue] = {"recording": keys[reference][0]}
        for name, text in (
            ("start_ms", timing.value("StartPoint")),
            ("duration_ms", timing.value("DurationUsed")),
        ):
            # Seconds as a number in some versions, an xs:duration in others.
            seconds = seconds_of(text if text.startswith("P") else f"PT{text}S")
            if seconds is not None:
                item[name] = round(seconds * 1000)
        found.append(item)
    return found


def _contained(source: Part) -> Iterator[tuple[str, Part]]:
    """Yield the references of what a resource contains, and when in it."""
    for part in source.all("RelatedResource"):
        if part.value("ResourceRelationshipType") == "HasContentFrom":
            reference = part.value("ResourceRelatedResourceReference")
            yield reference, part.first("Timing") or Part("")
    listed = source.first("ResourceContainedResourceReferenceList") or Part("")
    for part in listed.parts:
        yield part.value("ResourceContainedResourceReference"), part
