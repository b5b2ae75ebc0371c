"""Tags of a sample, written the way each family of containers has them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import mutagen
from mutagen.aiff import AIFF
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC
from mutagen.flac import Picture as FlacPicture
from mutagen.id3 import (
    APIC,
    COMM,
    ID3,
    TALB,
    TBPM,
    TCOM,
    TCON,
    TCOP,
    TDRC,
    TIT2,
    TKEY,
    TLAN,
    TMOO,
    TPE1,
    TPE2,
    TPOS,
    TPUB,
    TRCK,
    TSRC,
    TXXX,
    USLT,
)
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.wave import WAVE


@dataclass(frozen=True, slots=True)
class SampleTags:
    """What the tags of a sample say; an empty text is left out."""

    title: str = "Night Ferry"
    artist: str = "Ada Quill feat. The Harbour Lights"
    album: str = "Tidewater"
    album_artist: str = "Ada Quill"
    composer: str = "Ada Quill"
    isrc: str = "QZLN92600001"
    iswc: str = "T-034.524.680-1"
    gtin: str = "2000000000008"
    catalog_number: str = "LN-001"
    label: str = "Quayside Recordings"
    date: str = "2026-09-18"
    bpm: str = "120"
    key: str = "Am"
    mood: str = "Calm"
    genre: str = "Electronic"
    language: str = "eng"
    copyright: str = "℗ 2026 Quayside Recordings © 2026 Quayside Recordings"
    comment: str = ""
    lyrics: str = "Over the water, under the stars"
    track: int = 1
    track_total: int = 3
    disc: int = 1
    disc_total: int = 1
    cover: bytes = b""


_ADTS: Final = (b"\xff\xf1", b"\xff\xf9")

# Tags by the names that Vorbis comments, APEv2 and free frames share.
_FREE: Final = {
    "title": "TITLE",
    "artist": "ARTIST",
    "album": "ALBUM",
    "album_artist": "ALBUMARTIST",
    "composer": "COMPOSER",
    "isrc": "ISRC",
    "iswc": "ISWC",
    "gtin": "BARCODE",
    "catalog_number": "CATALOGNUMBER",
    "label": "LABEL",
    "date": "DATE",
    "bpm": "BPM",
    "key": "KEY",
    "mood": "MOOD",
    "genre": "GENRE",
    "language": "LANGUAGE",
    "copyright": "COPYRIGHT",
    "comment": "COMMENT",
    "lyrics": "LYRICS",
}


def tagged(content: bytes, tags: SampleTags, *, id3_version: int = 4) -> bytes:
    """Return the audio file *content* with *tags* in its family's own frames.

    Raises:
        ValueError: The format carries no tags that are written here (AC-3).
    """
    if content.startswith(_ADTS):
        # ADTS has no tags of its own; an ID3 tag goes in front.
        return _with_leading_id3(content, tags)
    file = io.BytesIO(content)
    audio = mutagen.File(file)
    if audio is None:
        raise ValueError("no known audio format")
    file.seek(0)
    _writer(audio)(audio, tags)
    if isinstance(audio, WAVE | AIFF) or hasattr(audio.tags, "getall"):
        audio.save(file, v2_version=id3_version)
    else:
        audio.save(file)
    return file.getvalue()


def _writer(
    audio: mutagen.FileType,
) -> Callable[[mutagen.FileType, SampleTags], None]:
    if isinstance(audio, MP4):
        return _tag_mp4
    if isinstance(audio, ASF):
        return _tag_asf
    if audio.tags is None:
        audio.add_tags()
    if isinstance(audio.tags, ID3):
        return _tag_id3
    if isinstance(audio.tags, APEv2):
        return _tag_ape
    return _tag_vorbis


def _free(tags: SampleTags) -> dict[str, str]:
    return {name: text for own, name in _FREE.items() if (text := getattr(tags, own))}


def id3_of(tags: SampleTags) -> ID3:
    """Return *tags* as an ID3 tag."""
    found = ID3()
    _fill_id3(found, tags)
    return found


def _tag_id3(audio: mutagen.FileType, tags: SampleTags) -> None:
    _fill_id3(audio.tags, tags)


def _fill_id3(found: ID3, tags: SampleTags) -> None:
    for frame, text in (
        (TIT2, tags.title),
        (TPE1, tags.artist),
        (TALB, tags.album),
        (TPE2, tags.album_artist),
        (TCOM, tags.composer),
        (TSRC, tags.isrc),
        (TPUB, tags.label),
        (TDRC, tags.date),
        (TBPM, tags.bpm),
        (TKEY, tags.key),
        (TMOO, tags.mood),
        (TCON, tags.genre),
        (TLAN, tags.language),
        (TCOP, tags.copyright),
        (TRCK, f"{tags.track}/{tags.track_total}"),
        (TPOS, f"{tags.disc}/{tags.disc_total}"),
    ):
        if text:
            found.add(frame(encoding=3, text=[text]))
    free = {"ISWC": tags.iswc, "BARCODE": tags.gtin}
    for desc, text in {**free, "CATALOGNUMBER": tags.catalog_number}.items():
        if text:
            found.add(TXXX(encoding=3, desc=desc, text=[text]))
    if tags.comment:
        found.add(COMM(encoding=3, lang="eng", desc="", text=[tags.comment]))
    if tags.lyrics:
        found.add(USLT(encoding=3, lang="eng", desc="", text=tags.lyrics))
    if tags.cover:
        found.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=tags.cover))


def _tag_vorbis(audio: mutagen.FileType, tags: SampleTags) -> None:
    for name, text in _free(tags).items():
        audio[name] = [text]
    audio["TRACKNUMBER"] = [str(tags.track)]
    audio["TRACKTOTAL"] = [str(tags.track_total)]
    audio["DISCNUMBER"] = [str(tags.disc)]
    audio["DISCTOTAL"] = [str(tags.disc_total)]
    if tags.cover and isinstance(audio, FLAC):
        picture = FlacPicture()
        picture.type, picture.mime, picture.data = 3, "image/png", tags.cover
        audio.add_picture(picture)


def _tag_ape(audio: mutagen.FileType, tags: SampleTags) -> None:
    for name, text in _free(replace(tags, date="")).items():
        audio[name.title()] = text
    if tags.date:
        audio["Year"] = tags.date
    audio["Track"] = f"{tags.track}/{tags.track_total}"
    audio["Disc"] = f"{tags.disc}/{tags.disc_total}"


def _tag_mp4(audio: mutagen.FileType, tags: SampleTags) -> None:
    for atom, text in (
        ("©nam", tags.title),
        ("©ART", tags.artist),
        ("©alb", tags.album),
        ("aART", tags.album_artist),
        ("©wrt", tags.composer),
        ("©day", tags.date),
        ("©gen", tags.genre),
        ("cprt", tags.copyright),
        ("©cmt", tags.comment),
        ("©lyr", tags.lyrics),
    ):
        if text:
            audio[atom] = [text]
    if tags.bpm:
        audio["tmpo"] = [round(float(tags.bpm))]
    audio["trkn"] = [(tags.track, tags.track_total)]
    audio["disk"] = [(tags.disc, tags.disc_total)]
    for name, text in (
        ("ISRC", tags.isrc),
        ("ISWC", tags.iswc),
        ("BARCODE", tags.gtin),
        ("CATALOGNUMBER", tags.catalog_number),
        ("LABEL", tags.label),
        ("initialkey", tags.key),
        ("MOOD", tags.mood),
        ("LANGUAGE", tags.language),
    ):
        if text:
            audio[f"----:com.apple.iTunes:{name}"] = [MP4FreeForm(text.encode())]
    if tags.cover:
        audio["covr"] = [MP4Cover(tags.cover, imageformat=MP4Cover.FORMAT_PNG)]


def _tag_asf(audio: mutagen.FileType, tags: SampleTags) -> None:
    for name, text in (
        ("Title", tags.title),
        ("Author", tags.artist),
        ("WM/AlbumTitle", tags.album),
        ("WM/AlbumArtist", tags.album_artist),
        ("WM/Composer", tags.composer),
        ("WM/ISRC", tags.isrc),
        ("WM/ISWC", tags.iswc),
        ("WM/Barcode", tags.gtin),
        ("WM/CatalogNo", tags.catalog_number),
        ("WM/Publisher", tags.label),
        ("WM/Year", tags.date),
        ("WM/BeatsPerMinute", tags.bpm),
        ("WM/InitialKey", tags.key),
        ("WM/Mood", tags.mood),
        ("WM/Genre", tags.genre),
        ("WM/Language", tags.language),
        ("Copyright", tags.copyright),
        ("Description", tags.comment),
        ("WM/Lyrics", tags.lyrics),
        ("WM/TrackNumber", f"{tags.track}/{tags.track_total}"),
        ("WM/PartOfSet", f"{tags.disc}/{tags.disc_total}"),
    ):
        if text:
            audio[name] = [text]


def _with_leading_id3(content: bytes, tags: SampleTags) -> bytes:
    head = io.BytesIO()
    id3_of(tags).save(head)
    return head.getvalue() + content


def with_info(content: bytes, entries: dict[str, str]) -> bytes:
    """Return the WAV *content* with a `LIST INFO` chunk of *entries*."""
    body = b"INFO"
    for name, text in entries.items():
        value = text.encode() + b"\x00"
        body += struct.pack("<4sI", name.encode(), len(value)) + value
        body += b"\x00" * (len(value) % 2)
    chunk = struct.pack("<4sI", b"LIST", len(body)) + body
    size = len(content) + len(chunk) - 8
    return content[:4] + struct.pack("<I", size) + content[8:] + chunk
