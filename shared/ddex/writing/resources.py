"""Recordings and pictures as the resources of a message, with their files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from shared.ddex.model import Part

from .building import element, flagged, is_allowed, optional, own_word
from .describing import (
    artists,
    contributors,
    date,
    line,
    proprietary_ids,
    titles,
    warning,
)
from .description import (
    FileDescription,
    PictureDescription,
    RecordingDescription,
    ReleaseDescription,
    Values,
    number,
    objects,
    text,
)
from .roster import Roster

_AUDIO: Final = {
    "flac": "FLAC",
    "mp3": "MP3",
    "aac": "AAC",
    "alac": "UserDefined",
    "vorbis": "Vorbis",
    "pcm": "PCM",
    "wma": "WMA",
}
_VIDEO: Final = {"h264": "AVC", "avc": "AVC", "hevc": "HEVC", "mpeg4": "MPEG-4"}
_IMAGE: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}
_ENDINGS: Final = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF"}


@dataclass(slots=True)
class Resources:
    """The resources of a message, and the references they have.

    Attributes:
        namespace: The sender's DPID, whose ids stand where a resource has none.
    """

    release: ReleaseDescription
    roster: Roster
    namespace: str
    references: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for recording in self.recordings():
            self.references.setdefault(recording.id, f"A{len(self.references) + 1}")
        for picture in self.release.pictures:
            uri = picture.file.uri
            self.references.setdefault(uri, f"A{len(self.references) + 1}")

    def recordings(self) -> Iterator[RecordingDescription]:
        """Yield each recording once: what is played, then what that is made of."""
        seen: set[str] = set()
        played = (place.recording for place in self.release.places)
        for recording in (*played, *self.release.further):
            if recording.id not in seen:
                seen.add(recording.id)
                yield recording

    def by_key(self, key: str) -> str:
        """Return the reference of the recording that *key* means, or nothing."""
        found = (each for each in self.recordings() if key in each.keys)
        return next((self.references[each.id] for each in found), "")

    def part(self) -> Part:
        """Return the whole list."""
        return element(
            "ResourceList",
            *(self._recording(each) for each in self.recordings()),
            *(self._picture(each) for each in self.release.pictures),
        )

    def _recording(self, recording: RecordingDescription) -> Part:
        values = recording.values
        kind = "Video" if recording.is_video else "SoundRecording"
        default = (
            "ShortFormMusicalWorkVideo"
            if recording.is_video
            else "MusicalWorkSoundRecording"
        )
        said = text(values, "recording_type") or default
        allowed = "VideoType_ERN43" if recording.is_video else "SoundRecordingType"
        word = default if said == "Video" else said
        return element(
            kind,
            element("ResourceReference", text=self.references[recording.id]),
            own_word("Type", word, allowed, self.namespace),
            self._edition(recording, f"{kind}Edition"),
            self._work(values),
            *titles(values),
            *artists(values, self.roster, self.namespace),
            *contributors(values, self.roster, self.namespace),
            optional("Duration", duration(number(values, "duration_ms"))),
            date("CreationDate", values, "recorded_on"),
            self._published(recording),
            warning(values),
            *self._parts(values),
            flagged("IsInstrumental", values.get("is_instrumental")),
            date("LanguageOfPerformance", values, "language"),
        )

    def _edition(self, recording: RecordingDescription, name: str) -> Part:
        values = recording.values
        isrc = text(values, "isrc")
        ids = [optional("ISRC", isrc), *proprietary_ids(values)]
        if not any(ids):
            ids = [
                element("ProprietaryId", text=recording.id, Namespace=self.namespace)
            ]
        return element(
            name,
            element("ResourceId", *ids),
            line(values, "P"),
            self._technical(recording),
        )

    def _work(self, values: Values) -> Part | None:
        iswc = text(values, "iswc")
        return element("WorkId", element("ISWC", text=iswc)) if iswc else None

    def _published(self, recording: RecordingDescription) -> Part | None:
        if not recording.is_video:
            return date("FirstPublicationDate", recording.values, "release_date")
        found = date("FulfillmentDate", recording.values, "release_date")
        return element("FirstPublicationDate", found) if found else None

    def _technical(self, recording: RecordingDescription) -> Part | None:
        file = recording.file
        if file is None:
            return None
        is_video = recording.is_video
        table, name = (_VIDEO, "Video") if is_video else (_AUDIO, "Audio")
        codec = _codec(text(file.values, "codec"), table)
        own = own_word(f"{name}CodecType", codec, f"{name}CodecType", self.namespace)
        facts = (
            ()
            if is_video
            else (
                optional("NumberOfChannels", number(file.values, "channels")),
                optional(
                    "SamplingRate",
                    number(file.values, "sample_rate_hz"),
                    UnitOfMeasure="Hz",
                ),
                optional("BitsPerSample", number(file.values, "bit_depth")),
            )
        )
        reference = self.references[recording.id].replace("A", "T")
        return element(
            "TechnicalDetails",
            element("TechnicalResourceDetailsReference", text=reference),
            element(
                "DeliveryFile",
                element("Type", text="AudioVisualFile" if is_video else "AudioFile"),
                own if codec else None,
                *facts,
                file_part(file),
            ),
        )

    def _picture(self, picture: PictureDescription) -> Part:
        reference = self.references[picture.file.uri]
        values = picture.file.values
        ending = picture.file.uri.rpartition(".")[2].lower()
        codec = _IMAGE.get(text(values, "mime_type")) or _ENDINGS.get(ending, "")
        owned = text(values, "sha256")[:32] or reference
        return element(
            "Image",
            element("ResourceReference", text=reference),
            own_word("Type", picture.type, "ImageType", self.namespace),
            element(
                "ResourceId",
                element("ProprietaryId", text=owned, Namespace=self.namespace),
            ),
            warning({}),
            element(
                "TechnicalDetails",
                element(
                    "TechnicalResourceDetailsReference",
                    text=reference.replace("A", "T"),
                ),
                optional("ImageCodecType", codec),
                optional(
                    "ImageHeight", number(values, "height_px"), UnitOfMeasure="Pixel"
                ),
                optional(
                    "ImageWidth", number(values, "width_px"), UnitOfMeasure="Pixel"
                ),
                file_part(picture.file),
            ),
        )

    def _parts(self, values: Values) -> Iterator[Part]:
        for part in objects(values, "parts"):
            reference = self.by_key(str(part.get("recording")))
            if not reference:
                continue
            start, length = number(part, "start_ms"), number(part, "duration_ms")
            yield element(
                "RelatedResource",
                element("ResourceRelationshipType", text="HasContentFrom"),
                element("ResourceRelatedResourceReference", text=reference),
                element(
                    "Timing",
                    element("StartPoint", text=f"{(start or 0) / 1000:g}"),
                    optional("DurationUsed", duration(length)),
                ),
            )


def file_part(file: FileDescription) -> Part:
    """Return where a file lies and what it must hash to."""
    return element(
        "File",
        element("URI", text=file.uri),
        _hash_sum(file.values),
        optional("FileSize", number(file.values, "size_bytes")),
    )


def _hash_sum(values: Values) -> Part | None:
    for name, algorithm in (("sha256", "SHA-256"), ("md5", "MD5")):
        value = text(values, name)
        if value and is_allowed("HashSumAlgorithmType", algorithm):
            return element(
                "HashSum",
                element("Algorithm", text=algorithm),
                element("HashSumValue", text=value),
            )
    return None


def _codec(said: str, table: dict[str, str]) -> str:
    """Return a codec in DDEX's words: ours in lower case, partners' as they are."""
    found = (word for name, word in table.items() if said.lower().startswith(name))
    return next(found, said)


def duration(length_ms: int | None) -> str:
    """Return milliseconds as an `xs:duration`, such as `PT3M45.5S`."""
    if not length_ms:
        return ""
    minutes, rest_ms = divmod(length_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, thousandths = divmod(rest_ms, 1000)
    seconds = f"{whole}.{thousandths:03}".rstrip("0") if thousandths else str(whole)
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    return f"PT{clock}{seconds}S"
