"""Rules S: sound recordings, videos, images, and the files they are delivered as."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, instant, resource_of, seconds_of, text_of
from shared.ddex.rules.registry import ALBUMS, Fault, Faults, rule
from shared.domain.findings import Level

_DAY_S: Final = 86_400.0
_MOST_PAIRS: Final = 10_000
_MUSIC: Final = frozenset({"MusicalWorkSoundRecording", "NonMusicalWorkSoundRecording"})
_SECONDARY: Final = ("Image", "Text", "SheetMusic", "Software")


@rule(
    "S01",
    Level.ERROR,
    source="ERN Part 2, 7.4(1); Schematron 2.1, 1058",
    says="the recording has no ISRC in any edition",
    fix="Give ResourceId of the edition its ISRC.",
    status="IdentifierInvalid",
)
def recording_has_isrc(message: Message) -> Faults:
    having: set[Node | None] = set()
    for isrc in message.all("ISRC"):
        if (above := isrc.getparent()) is not None and above.tag == "ResourceId":
            owner = above.getparent()
            having.update((owner, None if owner is None else owner.getparent()))
    for resource, reference in message.primary_pairs():
        if resource not in having:
            yield Fault(resource, reference)


def _ids(resource: Node) -> Iterator[Node]:
    """Yield the ids of the editions; until ERN 4.2 of the resource."""
    for path in ("*/ResourceId/*", "ResourceId/*"):
        yield from resource.iterfind(path)


@rule(
    "S02",
    Level.FATAL,
    source="ERN Part 2, 7.4(2); Schematron 2.1, 1029",
    says="images and other secondary resources need a ProprietaryId",
    fix="Give ResourceId an id of your own, with your DPID as Namespace.",
    status="IdentifierInvalid",
)
def secondary_has_own_id(message: Message) -> Faults:
    for name in _SECONDARY:
        for resource in message.root.iterfind(f"ResourceList/{name}"):
            if resource.find("ResourceId/ProprietaryId") is None:
                level = None if name == "Image" else Level.ERROR
                reference = text_of(resource, "ResourceReference")
                yield Fault(resource, reference, level=level)


@rule(
    "S03",
    Level.FATAL,
    source="XSD; ISO 8601",
    says="the duration is nothing, or more than a day",
    fix="Write how long the recording plays: PT3M25S.",
    status="ResourceNotMeetingSpecifications",
)
def duration_plausible(message: Message) -> Faults:
    durations = {text: seconds_of(text) for text in message.texts("Duration")}
    wrong = {
        text
        for text, seconds in durations.items()
        if seconds is not None and not 0 < seconds < _DAY_S
    }
    primary = set(message.primary_resources)
    for text, node in message.texts_and_nodes("Duration") if wrong else ():
        if text in wrong and node.getparent() in primary:
            yield Fault(node, text)


@rule(
    "S14",
    Level.WARNING,
    source="ERN Part 2, 7.4(7); Schematron 2.1, 1031",
    says="first published after the message was made",
    fix="Check the date: a recording that is not out has no first publication yet.",
)
def published_before(message: Message) -> Faults:
    if message.created_at is None:
        return
    deals = [terms.starts_at for terms in message.deal_terms if terms.starts_at]
    # What comes out with its last deal is announced, not wrong.
    latest = max([message.created_at, *deals])
    for text, node in message.texts_and_nodes("FirstPublicationDate"):
        published = instant(text)
        if published and published > latest:
            yield Fault(node, text)


@rule(
    "S20",
    Level.FATAL,
    source="Schematron 2.1, 1052",
    says="the profile needs a recording of a musical or non-musical work",
    fix="Give Type MusicalWorkSoundRecording, or choose another profile.",
    profiles=frozenset({"Audio", "SimpleAudioSingle"}),
)
def type_fits_profile(message: Message) -> Faults:
    first: Node | None = None
    for recording in message.all("SoundRecording"):
        for node in recording.iterchildren("Type"):
            if text_of(node) in _MUSIC:
                return
            first = node if first is None else first
    if first is not None:
        yield Fault(first, text_of(first))


@rule(
    "S25",
    Level.ERROR,
    source="logic",
    says="the clip ends after its resource",
    fix="Let StartPoint, in seconds, and DurationUsed lie within Duration.",
)
def clips_within(message: Message) -> Faults:
    lengths = filter(None, map(seconds_of, set(message.texts("Duration"))))
    shortest = min(lengths, default=0.0)
    latest = max(
        filter(None, map(_number, set(message.texts("StartPoint")))), default=0
    )
    used_s = map(seconds_of, set(message.texts("DurationUsed")))
    if latest + max(filter(None, used_s), default=0.0) < shortest:
        return
    starts, durations = message.text_in("StartPoint"), message.text_in("DurationUsed")
    lengths_of = message.text_in("Duration")
    for node in message.all("Timing"):
        start = _number(starts.get(node, ""))
        used = seconds_of(durations.get(node, "")) or 0.0
        # What a mix takes from elsewhere may fade into what follows.
        if (parent := node.getparent()) is not None and parent.tag == "RelatedResource":
            used = 0.0
        if start is None or start + used < shortest:
            continue
        length = seconds_of(lengths_of.get(resource_of(node), ""))
        if length and start + used > length + 1.0:
            yield Fault(node, f"{start:g} s + {used:g} s of {length:g} s")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@rule(
    "S26",
    Level.WARNING,
    source="XSD annotations of ERN 4.3",
    says="two editions that are not immersive share one ISRC, or an immersive one"
    " has another mode",
    fix="Merge the editions, or give each its ISRC and its RecordingMode.",
)
def editions_differ(message: Message) -> Faults:
    may_differ = "ImmersiveEdition" in message.texts("Type") or (
        message.count("SoundRecordingEdition") > message.count("SoundRecording")
    )
    for resource in message.all("SoundRecording") if may_differ else ():
        flat: Counter[str] = Counter()
        for edition in resource.iterchildren("SoundRecordingEdition"):
            kind, mode = text_of(edition, "Type"), text_of(edition, "RecordingMode")
            if kind == "ImmersiveEdition" and mode not in {"", "ImmersiveAudio"}:
                yield Fault(edition, mode)
            if kind == "NonImmersiveEdition":
                isrc = text_of(edition, "ResourceId/ISRC")
                flat[isrc] += 1
                if isrc and flat[isrc] == 2:
                    yield Fault(edition, isrc)


@rule(
    "S27",
    Level.FATAL,
    source="Schematron 2.1, 1120",
    says="the video has no identifier",
    fix="Give ResourceId of the edition its ISRC, or an id of your own.",
    status="IdentifierInvalid",
)
def video_identified(message: Message) -> Faults:
    for video in message.root.iterfind("ResourceList/Video"):
        if not any(text_of(each) for each in _ids(video)):
            yield Fault(video, text_of(video, "ResourceReference"))


@rule(
    "S28",
    Level.FATAL,
    source="Schematron 2.1, 1053, 1113, 1176, 1481",
    says="the profile needs exactly one front cover",
    fix="Deliver one Image of Type FrontCoverImage.",
    status="ResourceMissing",
    profiles=ALBUMS | {"DjMix"},
)
def one_front_cover(message: Message) -> Faults:
    resources = message.first("ResourceList")
    if resources is None:
        return
    covers = front_covers(message)
    has_one_video = len(resources.findall("Video")) == 1
    if len(covers) != 1 and not (message.profile == "Video" and has_one_video):
        yield Fault(resources, str(len(covers)))


def front_covers(message: Message) -> list[Node]:
    images = message.root.iterfind("ResourceList/Image")
    return [image for image in images if text_of(image, "Type") == "FrontCoverImage"]


@rule(
    "S29",
    Level.ERROR,
    source="Schematron 2.1, 1054, whose published test is inverted",
    says="texts, sheet music and software are bonus resources",
    fix="Set IsBonusResource in the content item that refers to it.",
    profiles=ALBUMS,
)
def extras_are_bonus(message: Message) -> Faults:
    extras = [
        resource
        for name in _SECONDARY[1:]
        for resource in message.root.iterfind(f"ResourceList/{name}")
    ]
    bonus = {
        reference: text_of(item, "IsBonusResource")
        for item, reference in zip(
            message.content_items if extras else (),
            message.content_references,
            strict=False,
        )
    }
    for resource in extras:
        reference = text_of(resource, "ResourceReference")
        if bonus.get(reference, "true") not in {"true", "1"}:
            yield Fault(resource, reference)


@rule(
    "S30",
    Level.ERROR,
    source="logic",
    says="made, mastered and remastered in another order",
    fix="Check CreationDate, MasteredDate and RemasteredDate.",
)
def dates_in_order(message: Message) -> Faults:
    names = ("CreationDate", "MasteredDate", "RemasteredDate")
    if not any(map(message.texts, names[1:])):
        return
    if _all_in_order([set(message.texts(name)) for name in names]):
        return
    dates_in = [(name, message.text_in(name)) for name in names]
    for resource, _ in message.listed_resources:
        dates = [
            (text, name) for name, told in dates_in if (text := told.get(resource))
        ]
        for (earlier, _), (later, name) in pairwise(dates):
            if _is_before(later, earlier):
                node = message.nodes_in(name)[resource][0]
                yield Fault(node, later, f"after {earlier} is due")


def _is_before(one: str, other: str) -> bool:
    # Of two precisions the shorter one decides: 2011 is not before 2011-05.
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def _all_in_order(dates: list[set[str]]) -> bool:
    """Tell whether no date of one kind is before one of an earlier kind.

    Recordings of one release share few dates, so that this is mostly enough to know.
    """
    pairs = [(one, other) for one, other in combinations(dates, 2) if one and other]
    if sum(len(one) * len(other) for one, other in pairs) > _MOST_PAIRS:
        return False
    return not any(
        _is_before(later, earlier)
        for one, other in pairs
        for earlier in one
        for later in other
    )
