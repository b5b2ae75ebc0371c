"""ID3: v1, v2.2, v2.3 and v2.4, wherever it stands (MP3, WAV, AIFF, DSF, TTA …)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mutagen.id3 import (
    APIC,
    COMM,
    ID3,
    SYLT,
    TCON,
    TXXX,
    UFID,
    USLT,
    Encoding,
    Frame,
    ID3NoHeaderError,
    PairedTextFrame,
    TextFrame,
    UrlFrame,
)

from ..artwork import picture
from .bounds import BoundedFile
from .gathering import Gathered
from .names import ID3 as NAMES
from .names import free_name

# ID3v1 holds 30 characters a field, in an encoding that nobody declared.
ID3V1: Final = 0.8
ID3V1_CUT_OFF: Final = 0.5
_ID3V1_CHARACTERS: Final = 30
_ID3V1_BYTES: Final = 128

_MUSICBRAINZ: Final = "http://musicbrainz.org"
# What players keep for themselves in comments: gain, gapless offsets, disc ids.
_PRIVATE_COMMENTS: Final = ("itun", "songs-db", "id3v1 comment", "musicmatch")
_INVOLVED: Final = {
    "arranger": "arranger",
    "composer": "composer",
    "conductor": "conductor",
    "dj-mix": "dj_mixer",
    "engineer": "engineer",
    "lyricist": "lyricist",
    "mix": "mixer",
    "producer": "producer",
    "remixer": "remixer",
}


def gather_id3(
    tags: ID3, gathered: Gathered, from_v1: frozenset[str] = frozenset()
) -> None:
    """Take over every frame of *tags*; those *from_v1* are trusted less."""
    for key, frame in tags.items():
        _keep(str(key), frame, gathered)
        _gather(frame, gathered, is_v1=key in from_v1)
    for content in getattr(tags, "unknown_frames", ()):
        name = bytes(content[:4]).decode("latin-1")
        gathered.keep(f"unknown:{name}:{len(gathered.raw)}", bytes(content))


def keys_from_v1(file: BoundedFile, tags: ID3) -> frozenset[str]:
    """Return which of *tags* only the ID3v1 tag at the end of *file* says.

    mutagen fills the gaps of an ID3v2 tag from it, and does not tell which.
    """
    file.seek(max(0, file.size_bytes - _ID3V1_BYTES))
    if file.read(3) != b"TAG":
        return frozenset()
    file.seek(0)
    try:
        own = ID3(file, load_v1=False)
    except ID3NoHeaderError:
        return frozenset(tags)
    return frozenset(tags) - frozenset(own)


def _keep(key: str, frame: Frame, gathered: Gathered) -> None:
    if isinstance(frame, TextFrame) and not isinstance(frame, COMM | TXXX):
        gathered.keep(key, [str(text) for text in frame.text])
        return
    parts = {name: part for name, part in vars(frame).items() if name[0] != "_"}
    if isinstance(frame, APIC):
        # mutagen's key carries the whole description, salted where it repeats.
        parts["mime"] = frame.mime
    gathered.keep(key, parts)


def _gather(frame: Frame, gathered: Gathered, *, is_v1: bool) -> None:
    if isinstance(frame, APIC):
        gathered.draw(picture(bytes(frame.data), int(frame.type), str(frame.desc)))
    elif isinstance(frame, UFID):
        if frame.owner.rstrip("/") == _MUSICBRAINZ:
            mbid = bytes(frame.data).decode("ascii", "replace")
            gathered.add("recording_mbid", [mbid], f"UFID:{frame.owner}")
    elif isinstance(frame, PairedTextFrame):
        _gather_people(frame, gathered)
    elif isinstance(frame, USLT | SYLT):
        gathered.add("lyrics", ["embedded"] if str(frame).strip() else [], "USLT")
    elif isinstance(frame, UrlFrame):
        return
    elif isinstance(frame, TextFrame):
        _gather_text(frame, gathered, is_v1=is_v1)


def _gather_people(frame: PairedTextFrame, gathered: Gathered) -> None:
    for pair in frame.people:
        if len(pair) != 2:
            continue
        involvement, person = str(pair[0]).strip(), str(pair[1]).strip()
        name = _INVOLVED.get(involvement.casefold(), "performer")
        shown = person
        if name == "performer" and involvement and person:
            shown = f"{person} ({involvement})"
        gathered.add(name, [shown], f"{frame.FrameID}:{involvement}")


def _gather_text(frame: TextFrame, gathered: Gathered, *, is_v1: bool) -> None:
    name, shown = _named(frame)
    if not name:
        return
    values = list(_texts(frame))
    if name == "date" and frame.FrameID == "TDRC":
        values = values[:1]
    for value in values:
        cut_off = len(value) >= _ID3V1_CHARACTERS - 2
        certainty = (ID3V1_CUT_OFF if cut_off else ID3V1) if is_v1 else 1.0
        gathered.add(name, [value], shown, certainty)


def _named(frame: TextFrame) -> tuple[str, str]:
    if isinstance(frame, TXXX):
        return free_name(str(frame.desc)), f"TXXX:{frame.desc}"
    if isinstance(frame, COMM):
        private = str(frame.desc).casefold().startswith(_PRIVATE_COMMENTS)
        return "" if private else "comment", "COMM"
    return NAMES.get(frame.FrameID, ""), frame.FrameID


def _texts(frame: TextFrame) -> Iterable[str]:
    if isinstance(frame, TCON):
        return [str(genre) for genre in frame.genres]
    texts = [str(text) for text in frame.text]
    if frame.encoding == Encoding.LATIN1 and texts and texts[0][:2] in _MARKS:
        # UTF-16 declared as Latin-1: mutagen took its zero bytes for separators.
        return ["\x00".join(texts)]
    return texts


_MARKS: Final = ("\xff\xfe", "\xfe\xff")
