"""A small album as a label would upload it, with what goes wrong in real life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from shared.domain.check_digits import gs1_mod_10

from .encoding import encoded
from .message import MessageRelease, MessageTrack, message
from .pictures import cover
from .sound import Song, samples
from .tagging import SampleTags, tagged, with_info

# Title, tempo, key as the catalog writes it, key as the tag writes it, format.
_TRACKS: Final = (
    ("Night Ferry", 120.0, "A minor", "Am", "flac"),
    ("Slow Lanterns", 90.0, "Eb minor", "2A", "mp3"),
    ("Salt & Copper", 128.0, "C major", "8B", "m4a"),
    ("Low Tide (Instrumental)", 100.0, "G major", "G", "ogg"),
    ("Harbour Lights", 140.0, "F# minor", "F#m", "wav"),
    ("Undertow", 110.0, "D minor", "7A", "aiff"),
    ("Breakwater", 96.0, "E major", "E", "opus"),
    ("Last Boat Home", 132.0, "B minor", "Bm", "alac"),
)
_SUFFIXES: Final = {"alac": "m4a"}


@dataclass(frozen=True, slots=True)
class SampleTrack:
    """One track of the album, and what is true of it."""

    path: Path
    title: str
    isrc: str
    bpm: float
    key: str
    track_number: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class Album:
    """The files of an album.

    Attributes:
        message: An ERN 4.3 message for the tracks.
        duplicate: The first track again, byte for byte, under another name.
        broken: A FLAC that stops in the middle of its header.
        table: The tracks as CSV, as a label's spreadsheet exports them.
    """

    title: str
    artist: str
    gtin: str
    tracks: tuple[SampleTrack, ...]
    message: Path
    duplicate: Path
    broken: Path
    table: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them, in the order in which to upload them."""
        sound = tuple(track.path for track in self.tracks)
        return (*sound, self.message, self.table, self.duplicate, self.broken)


def album(
    directory: Path, *, tracks: int = 4, duration_s: float = 8.0, number: int = 1
) -> Album:
    """Write an album of up to eight tracks into *directory* and return what it is.

    Different *number*s give albums with other identifiers and other sound. The same
    arguments give the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    bare = f"200{number:09}"
    tags = SampleTags(
        artist="Ada Quill",
        album="Tidewater" if number == 1 else f"Tidewater {number}",
        gtin=bare + gs1_mod_10(bare),
        catalog_number=f"LN-{number:03}",
        track_total=tracks,
        cover=cover(hue=number * 16),
    )
    made = tuple(
        _track(directory, tags, number, place, duration_s)
        for place in range(min(tracks, len(_TRACKS)))
    )
    first = made[0].path.read_bytes()
    return Album(
        title=tags.album,
        artist=tags.artist,
        gtin=tags.gtin,
        tracks=made,
        message=_written(directory / "message.xml", _message(tags, made)),
        duplicate=_written(directory / f"copy of {made[0].path.name}", first),
        broken=_written(directory / "broken.flac", first[:30] + bytes(40)),
        table=_written(directory / "catalog.csv", _table(tags, made)),
    )


def _track(
    directory: Path, album_tags: SampleTags, number: int, place: int, duration_s: float
) -> SampleTrack:
    title, bpm, key, key_tag, form = _TRACKS[place]
    isrc = f"QZLN926{number % 1000:03}{place + 1:02}"
    tags = replace(
        album_tags,
        title=title,
        isrc=isrc,
        bpm=f"{bpm:g}",
        key=key_tag,
        language="zxx" if "Instrumental" in title else "eng",
        track=place + 1,
    )
    song = Song(bpm=bpm, key=key, duration_s=duration_s, seed=number * 100 + place)
    content = tagged(encoded(samples(song), form), tags)
    if form == "wav":
        content = with_info(content, {"INAM": title, "IART": tags.artist})
    name = f"{place + 1:02} - {title}.{_SUFFIXES.get(form, form)}"
    path = _written(directory / name, content)
    return SampleTrack(path, title, isrc, bpm, key, place + 1, duration_s)


def _message(tags: SampleTags, tracks: tuple[SampleTrack, ...]) -> bytes:
    return message(
        MessageRelease(
            title=tags.album,
            artist=tags.artist,
            label=tags.label,
            gtin=tags.gtin,
            released_on=tags.date,
            genre=tags.genre,
            tracks=[
                MessageTrack(track.isrc, track.title, track.duration_s, track.path.name)
                for track in tracks
            ],
        ),
        message_id=f"LN-{tags.gtin}",
    )


def _table(tags: SampleTags, tracks: tuple[SampleTrack, ...]) -> bytes:
    head = "Track Title,Artist,ISRC,Album,UPC,Label,Release Date,BPM,Track Number"
    rows = [
        f'"{track.title}",{tags.artist},{track.isrc},{tags.album},{tags.gtin},'
        f"{tags.label},{tags.date},{track.bpm:g},{track.track_number}"
        for track in tracks
    ]
    return "\r\n".join([head, *rows, ""]).encode()


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
