"""Resources and works, read from any version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from shared.ddex.nodes import seconds_of

from .parties import Parties, credits_of
from .parts import Part
from .sections import (
    Section,
    advice,
    date_said,
    each_child,
    gathered,
    genre,
    identifiers_of,
    is_true,
    lines_of,
    sections_of,
    term,
    terms,
    titles_of,
    whole_number,
    wording,
)
from .things import DeliveredFile, Resource, Work

_IDS: Final = (
    *("ResourceId", "SoundRecordingId", "VideoId", "ImageId", "TextId", "MidiId"),
    *("SheetMusicId", "SoftwareId", "UserDefinedResourceId", "MIDIId"),
)
_TYPES: Final = ("Type", "SoundRecordingType", "VideoType", "ImageType", "TextType")
_WORK_IDS: Final = ("WorkId", "IndirectSoundRecordingId", "IndirectVideoId")
_LANGUAGES: Final = ("LanguageOfPerformance", "LanguageOfLyrics", "LanguageOfText")
_RELEASED: Final = (
    *("FirstPublicationDate", "OriginalResourceReleaseDate", "ResourceReleaseDate"),
)
_KBPS: Final = {"bps": 0.001, "kbps": 1.0, "Mbps": 1000.0, "": 1.0}
_HZ: Final = {"Hz": 1.0, "kHz": 1000.0, "MHz": 1e6, "": 1.0}
_MOST: Final = 1e12


def duration_ms(text: str) -> int | None:
    """Return an `xs:duration` in milliseconds; None if it is none, or negative."""
    seconds = seconds_of(text)
    if seconds is None or not 0 <= seconds < _MOST:
        return None
    return round(seconds * 1000)


def works_of(root: Part, parties: Parties) -> dict[str, Work]:
    """Return the works of the work list of 3.x, by reference; of two, the first."""
    listed = root.first("WorkList") or Part("")
    found: dict[str, Work] = {}
    for part in listed.all("MusicalWork"):
        reference = part.value("MusicalWorkReference")
        sections = sections_of(part)
        work = Work(
            reference,
            identifiers_of(part.all("MusicalWorkId")),
            titles_of(sections),
            credits_of(sections, parties),
            part,
        )
        found.setdefault(reference, work)
    return found


def resources_of(
    root: Part, parties: Parties, works: Mapping[str, Work]
) -> tuple[Resource, ...]:
    """Return all resources of the message, in order."""
    listed = root.first("ResourceList") or Part("")
    return tuple(
        _resource(part, parties, works)
        for part in listed.parts
        if part.first("ResourceReference") is not None
    )


def _resource(part: Part, parties: Parties, works: Mapping[str, Work]) -> Resource:
    sections = sections_of(part)
    return Resource(
        reference=part.value("ResourceReference"),
        kind=part.name,
        type=term(next(part.all(*_TYPES), None)),
        identifiers=identifiers_of(_children(sections, *_IDS)),
        titles=titles_of(sections),
        versions=terms(part, "VersionType"),
        artist_names=gathered(sections, wording, "DisplayArtistName"),
        credits=credits_of(sections, parties),
        lines=lines_of(sections),
        genres=gathered(sections, genre, "Genre", "DisplayGenre"),
        warnings=gathered(sections, advice, "ParentalWarningType"),
        duration_ms=duration_ms(part.value("Duration")),
        created_on=part.value("CreationDate"),
        released_on=gathered(sections, date_said, *_RELEASED),
        languages=part.values(*_LANGUAGES),
        works=_works(part, works),
        files=tuple(_files(sections)),
        contained=_contained(part),
        is_instrumental=_flag(part, "IsInstrumental"),
        is_supplemental=is_true(part.get("IsSupplemental")),
        source=part,
    )


def _children(sections: tuple[Section, ...], *names: str) -> Iterator[Part]:
    return (part for part, _ in each_child(sections, *names))


def _flag(part: Part, name: str) -> bool | None:
    found = part.value(name)
    return is_true(found) if found else None


def _works(part: Part, works: Mapping[str, Work]) -> tuple[Work, ...]:
    named = [Work("", identifiers_of(iter([each]))) for each in part.all(*_WORK_IDS)]
    listed = part.first("ResourceMusicalWorkReferenceList") or Part("")
    pointed = [
        works.get(reference) or Work(reference)
        for each in listed.parts
        if (reference := each.value("ResourceMusicalWorkReference"))
    ]
    return (*(work for work in named if work.identifiers), *pointed)


def _contained(part: Part) -> tuple[str, ...]:
    listed = part.first("ResourceContainedResourceReferenceList") or Part("")
    older = (each.value("ResourceContainedResourceReference") for each in listed.parts)
    newer = (
        each.value("ResourceRelatedResourceReference")
        for each in part.all("RelatedResource")
        if each.value("ResourceRelationshipType") == "HasContentFrom"
    )
    return tuple(filter(None, (*older, *newer)))


def _files(sections: tuple[Section, ...]) -> Iterator[DeliveredFile]:
    for section in sections:
        for details in section.part.parts:
            if details.first("TechnicalResourceDetailsReference") is None:
                continue
            deliveries = tuple(details.all("DeliveryFile")) or (details,)
            for delivery in deliveries:
                files = tuple(delivery.all("File")) or (Part("File"),)
                for file in files:
                    yield _file(details, delivery, file)


def _file(details: Part, delivery: Part, file: Part) -> DeliveredFile:
    sums = file.first("HashSum") or Part("")
    return DeliveredFile(
        reference=details.value("TechnicalResourceDetailsReference"),
        uri=_uri(file),
        hash_sum=sums.value("HashSumValue") or sums.value("HashSum"),
        hash_algorithm=_algorithm(sums),
        container=term(delivery.first("ContainerFormat")).meant,
        codec=_codec(delivery),
        bit_rate_kbps=_measured(delivery, _KBPS, "BitRate", "VideoBitRate"),
        sampling_rate_hz=_measured(delivery, _HZ, "SamplingRate", "AudioSamplingRate"),
        bits_per_sample=whole_number(delivery.value("BitsPerSample")),
        channels=whole_number(delivery.value("NumberOfChannels")),
        width_px=whole_number(delivery.value("ImageWidth").partition(".")[0]),
        height_px=whole_number(delivery.value("ImageHeight").partition(".")[0]),
        duration_ms=duration_ms(delivery.value("Duration")),
        is_preview=any(
            is_true(each.value()) for each in details.all("IsPreview", "IsClip")
        ),
        source=details,
    )


def _uri(file: Part) -> str:
    given = file.value("URI") or file.value("URL")
    if given:
        return given
    folder, name = file.value("FilePath"), file.value("FileName")
    return f"{folder.rstrip('/')}/{name}" if folder.strip("/") else name


def _algorithm(sums: Part) -> str:
    found = chain(sums.all("Algorithm"), sums.all("HashSumAlgorithmType"))
    return term(next(found, None)).meant


def _codec(delivery: Part) -> str:
    names = ("AudioCodecType", "VideoCodecType", "ImageCodecType", "TextCodecType")
    return term(next(delivery.all(*names), None)).meant


def _measured(part: Part, units: Mapping[str, float], *names: str) -> float | None:
    for found in part.all(*names):
        factor = units.get(found.get("UnitOfMeasure"))
        digits = found.value().replace(".", "", 1)
        if factor and digits.isascii() and digits.isdigit() and len(digits) < 15:
            return float(found.value()) * factor
    return None
