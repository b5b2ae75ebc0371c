"""Reading an audio file: its tags as claims, its pictures, its technical facts."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mutagen
from mutagen.aac import AAC
from mutagen.apev2 import APEv2
from mutagen.asf import ASFTags
from mutagen.flac import FLAC
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4Tags

from shared.domain.claims import JsonValue
from shared.domain.errors import UnreadableFileError
from shared.formats.statements import FieldClaim, FileFinding

from ..artwork import Picture
from ..kinds import HEAD_BYTES, sniff_type
from ..technical import TechnicalFacts
from .ape import gather_ape
from .asf import gather_asf
from .bounds import BeyondBoundsError, BoundedFile
from .chunks import gather_chunks
from .counts import count_before_reading
from .gathering import Gathered
from .id3 import gather_id3, keys_from_v1
from .information import technical_facts
from .interpretation import all_isrcs, interpreted
from .mp4 import gather_mp4
from .vorbis import gather_flac_pictures, gather_vorbis

# What parsers raise on bytes that nobody foresaw. Named one by one: a typo of ours
# (NameError) and an outage (OSError) must not pass for a damaged file.
_DAMAGE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    mutagen.MutagenError,
)
_LONGEST_REASON: Final = 200
# mutagen weighs the name of a file against its content, and the name need not be
# true: so each file goes by what its content is.
_SUFFIXES: Final = {
    "audio/aac": "aac",
    "audio/ac3": "ac3",
    "audio/aiff": "aiff",
    "audio/ape": "ape",
    "audio/dff": "dff",
    "audio/dsf": "dsf",
    "audio/flac": "flac",
    "audio/midi": "mid",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/musepack": "mpc",
    "audio/ogg": "ogg",
    "audio/optimfrog": "ofr",
    "audio/tak": "tak",
    "audio/tta": "tta",
    "audio/wav": "wav",
    "audio/wavpack": "wv",
    "audio/x-ms-wma": "wma",
}

count_before_reading()


@dataclass(frozen=True, slots=True)
class AudioReading:
    """Everything that an audio file says.

    Attributes:
        tags: Claims about the recording, its release and its position there; a field
            at most once per kind.
        isrcs: All well-formed ISRCs; the first is the one claimed.
        raw: Every frame as read: texts as they are, bytes as size and SHA-256.
        findings: What was not claimed, and why.
    """

    tags: tuple[FieldClaim, ...]
    technical: TechnicalFacts
    pictures: tuple[Picture, ...]
    raw: dict[str, JsonValue]
    findings: tuple[FileFinding, ...]
    isrcs: tuple[str, ...] = ()


def read_audio(path: Path, name: str | None = None) -> AudioReading:
    """Read the audio file at *path*.

    Takes at most some 20 s and some 200 MiB, whatever the file claims.

    Args:
        path: Where it lies.
        name: What it is called, where *path* is a temporary copy.

    Raises:
        UnreadableFileError: It is damaged, holds no sound, or is of no format that
            is read here; the fact `reason` says which.
    """
    shown = name or path.name
    gathered = Gathered()
    with BoundedFile(path, shown) as file:
        try:
            technical = _read(file, gathered)
        except BeyondBoundsError as exc:
            raise UnreadableFileError(
                "the file goes beyond what is read", file=shown, reason=str(exc)
            ) from exc
        except _DAMAGE as exc:
            raise UnreadableFileError(
                "the audio cannot be read", file=shown, reason=_reason(exc)
            ) from exc
    statements = interpreted(gathered, shown)
    return AudioReading(
        tags=tuple(statements.claims),
        technical=technical,
        pictures=tuple(gathered.pictures),
        raw=gathered.raw,
        findings=tuple(statements.findings),
        isrcs=all_isrcs(gathered),
    )


def _reason(exc: BaseException) -> str:
    """Say what is wrong in which format, such as `flac: …`."""
    told = " ".join(str(exc).split())[:_LONGEST_REASON]
    if not isinstance(exc, mutagen.MutagenError):
        return told or "damaged"
    where = type(exc).__module__.removeprefix("mutagen.").partition(".")[0]
    return f"{where.strip('_')}: {told or 'the file ends too early'}"


def _read(file: BoundedFile, gathered: Gathered) -> TechnicalFacts:
    if file.size_bytes == 0:
        raise ValueError("the file is empty")
    large = _large_wave(file, gathered)
    if large is not None:
        return large
    file.seek(0)
    head = file.read(HEAD_BYTES)
    mime_type = sniff_type(head, "", file.size_bytes).mime_type
    if mime_type in _SUFFIXES:
        file.name = f"sniffed.{_SUFFIXES[mime_type]}"
    file.seek(0)
    found = AAC(file) if mime_type == "audio/aac" else mutagen.File(file)
    if found is None or found.info is None:
        raise ValueError("no known audio format")
    _gather(file, found, gathered)
    if type(found).__name__ in {"WAVE", "AIFF"}:
        gather_chunks(file, gathered)
    if isinstance(found, MP3 | AAC):
        _gather_beside(file, found, gathered)
    return technical_facts(found, file)


def _large_wave(file: BoundedFile, gathered: Gathered) -> TechnicalFacts | None:
    """Read RF64 and BW64, which mutagen does not know."""
    file.seek(0)
    if file.read(4) not in {b"RF64", b"BW64"}:
        return None
    facts = gather_chunks(file, gathered)
    if facts is None:
        raise ValueError("a wave file without a format")
    return facts


def _gather(file: BoundedFile, found: mutagen.FileType, gathered: Gathered) -> None:
    tags = found.tags
    if isinstance(tags, ID3):
        gather_id3(tags, gathered, keys_from_v1(file, tags))
    elif isinstance(tags, MP4Tags):
        gather_mp4(tags, gathered)
    elif isinstance(tags, APEv2):
        gather_ape(tags, gathered)
    elif isinstance(tags, ASFTags):
        gather_asf(tags, gathered)
    elif tags is not None:
        gather_vorbis(tags, gathered)
    if isinstance(found, FLAC):
        gather_flac_pictures(found.pictures, gathered)


def _gather_beside(
    file: BoundedFile, found: mutagen.FileType, gathered: Gathered
) -> None:
    """Read the tags that mutagen's class for the format passes over."""
    if isinstance(found, AAC):
        file.seek(0)
        with suppress(mutagen.MutagenError):
            gather_id3(ID3(file), gathered)
    file.seek(0)
    with suppress(mutagen.MutagenError):
        gather_ape(APEv2(file), gathered, prefix="APEv2/")
