"""From entries of the catalog to the description of a release: pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from shared.domain.entities import Entity

from .description import (
    Correspondence,
    FileDescription,
    PictureDescription,
    PlaceDescription,
    RecordingDescription,
    ReleaseDescription,
    number,
    objects,
    text,
)

_SOUND: Final = frozenset({"SoundRecording", "Video"})
_PICTURES: Final = {"front cover": "FrontCoverImage", "back cover": "BackCoverImage"}
_ENDINGS: Final = {
    "audio/flac": "flac",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/ogg": "ogg",
    "image/jpeg": "jpg",
    "image/png": "png",
    "video/mp4": "mp4",
}


@dataclass(frozen=True, slots=True)
class CatalogRelease:
    """The entries that a release consists of.

    Attributes:
        recordings: By id; those that it plays and those that these are made of.
        meant: Which recording each key means that positions, deals and parts name.
        files: Resources of each recording, by its id.
        pictures: Resources of the release.
    """

    release: Entity
    positions: Sequence[Entity]
    recordings: Mapping[UUID, Entity]
    meant: Mapping[str, UUID]
    files: Mapping[UUID, Sequence[Entity]] = field(default_factory=dict)
    pictures: Sequence[Entity] = ()
    deals: Sequence[Entity] = ()

    def versions(self) -> str:
        """Return what changes whenever one of the entries does."""
        entries = [
            self.release,
            *self.positions,
            *self.recordings.values(),
            *(file for files in self.files.values() for file in files),
            *self.pictures,
            *self.deals,
        ]
        return " ".join(sorted(f"{e.kind}/{e.id}@{e.version}" for e in entries))


def described(found: CatalogRelease, said: Correspondence) -> ReleaseDescription:
    """Return *found* as a message will say it, the same for the same entries."""
    placed: list[PlaceDescription] = []
    described_once: dict[UUID, RecordingDescription] = {}
    for position in found.positions:
        recording = found.meant.get(text(position.values, "recording"))
        if recording is None or recording not in found.recordings:
            continue
        place = (
            number(position.values, "medium_number") or 1,
            number(position.values, "track_number") or len(placed) + 1,
        )
        if recording not in described_once:
            described_once[recording] = _recording(found, recording, place)
        placed.append(
            PlaceDescription(
                described_once[recording],
                *place,
                is_bonus=position.values.get("is_bonus") is True,
                is_instant_gratification=(
                    position.values.get("is_instant_gratification") is True
                ),
            )
        )
    placed.sort(key=lambda place: (place.medium_number, place.track_number))
    return ReleaseDescription(
        id=str(found.release.id),
        values=found.release.values,
        correspondence=said,
        places=tuple(placed),
        further=tuple(_further(found, described_once)),
        pictures=tuple(_pictures(found.pictures)),
        deals=tuple(deal.values for deal in sorted(found.deals, key=lambda d: d.id)),
    )


def _recording(
    found: CatalogRelease, recording: UUID, place: tuple[int, int] | None
) -> RecordingDescription:
    entity = found.recordings[recording]
    keys = frozenset(key for key, meant in found.meant.items() if meant == recording)
    file = best_file(found.files.get(recording, ())) if place else None
    described_file = None
    if file is not None and place is not None:
        name = f"resources/{place[0]:02}_{place[1]:03}.{_ending(file)}"
        described_file = FileDescription(name, file.values)
    return RecordingDescription(str(recording), entity.values, keys, described_file)


def _further(
    found: CatalogRelease, known: Mapping[UUID, RecordingDescription]
) -> Iterable[RecordingDescription]:
    """Yield what the recordings on the release are made of, in the order named."""
    seen: dict[UUID, None] = {}
    for recording in known:
        for part in objects(found.recordings[recording].values, "parts"):
            meant = found.meant.get(str(part.get("recording")))
            if meant in found.recordings and meant not in known and meant:
                seen.setdefault(meant)
    return (_recording(found, recording, None) for recording in seen)


def best_file(files: Sequence[Entity]) -> Entity | None:
    """Return the sound to deliver: what came in, lossless and fine before the rest."""
    there = [file for file in files if text(file.values, "type") in _SOUND]
    return max(there, key=_fineness, default=None)


def _fineness(file: Entity) -> tuple[bool, bool, int, int, int, str]:
    values = file.values
    return (
        bool(number(values, "size_bytes")),
        values.get("lossless") is True,
        number(values, "bit_depth") or 0,
        number(values, "sample_rate_hz") or 0,
        number(values, "bitrate_bps") or 0,
        text(values, "uri"),
    )


def _pictures(resources: Sequence[Entity]) -> Iterable[PictureDescription]:
    """Yield one picture of each type, the largest, the front cover first."""
    best: dict[str, Entity] = {}
    for resource in resources:
        if text(resource.values, "type") != "Image":
            continue
        said = text(resource.values, "picture_type") or "front cover"
        kind = _PICTURES.get(said, said)
        known = best.get(kind)
        if known is None or _area(resource) > _area(known):
            best[kind] = resource
    for kind in sorted(best, key=lambda kind: (kind != "FrontCoverImage", kind)):
        if " " in kind or not kind[:1].isupper():
            continue
        name = f"resources/{kind}.{_ending(best[kind])}"
        yield PictureDescription(kind, FileDescription(name, best[kind].values))


def _area(resource: Entity) -> tuple[int, str]:
    width = number(resource.values, "width_px") or 0
    height = number(resource.values, "height_px") or 0
    return width * height, str(resource.id)


def _ending(resource: Entity) -> str:
    said = posixpath.splitext(text(resource.values, "uri"))[1].lstrip(".").lower()
    known = _ENDINGS.get(text(resource.values, "mime_type"))
    return known or (said if said.isalnum() else "") or "bin"
