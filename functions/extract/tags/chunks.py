"""The chunks of WAV and AIFF that mutagen leaves unread.

RIFF `LIST INFO`, Broadcast Wave's `bext` (EBU Tech 3285), the text chunks of AIFF,
and the headers of RF64 and BW64 (ITU-R BS.2088), which are WAV beyond 4 GiB.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import Isrc

from ..technical import TechnicalFacts
from .bounds import BoundedFile
from .gathering import Gathered
from .names import AIFF, INFO

_MOST_CHUNKS: Final = 4_096
_LARGEST_TEXT_BYTES: Final = 1024 * 1024
_SIZE_IN_DS64: Final = 0xFFFF_FFFF

# What is broadcast was recorded when the file says it originated, more or less.
ORIGINATED: Final = 0.7

# WAVE_FORMAT_… of mmreg.h, as codecs are called here.
WAVE_CODECS: Final = {
    0x0001: "pcm",
    0x0002: "adpcm",
    0x0003: "pcm-float",
    0x0006: "alaw",
    0x0007: "mulaw",
    0x0011: "adpcm",
    0x0031: "gsm",
    0x0050: "mp2",
    0x0055: "mp3",
    0x0161: "wma",
    0xF1AC: "flac",
}
_EXTENSIBLE: Final = 0xFFFE
_AIFF_CODECS: Final = {
    b"NONE": "pcm",
    b"sowt": "pcm",
    b"twos": "pcm",
    b"fl32": "pcm-float",
    b"FL32": "pcm-float",
    b"fl64": "pcm-float",
    b"alaw": "alaw",
    b"ulaw": "mulaw",
    b"ima4": "adpcm",
}
LOSSLESS_WAVE: Final = frozenset({"pcm", "pcm-float", "flac"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its name, where its content starts, and how long it says it is."""

    name: bytes
    start: int
    size_bytes: int


def gather_chunks(file: BoundedFile, gathered: Gathered) -> TechnicalFacts | None:
    """Take over the text chunks of a WAV or AIFF file.

    Returns:
        The technical facts of a WAV, whose header is read on the way.
    """
    file.seek(0)
    head = file.read(12)
    if head[8:12] == b"WAVE":
        return _gather_wave(file, gathered)
    if head[:4] == b"FORM":
        _gather_aiff(file, gathered)
    return None


def _chunks(file: BoundedFile, order: str) -> Iterator[Chunk]:
    start = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(start)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size_bytes = struct.unpack(f"{order}4sI", head)
        yield Chunk(name, start + 8, size_bytes)
        start += 8 + size_bytes + size_bytes % 2


def _content(file: BoundedFile, chunk: Chunk) -> bytes:
    file.seek(chunk.start)
    return file.read(min(chunk.size_bytes, _LARGEST_TEXT_BYTES))


def _gather_wave(file: BoundedFile, gathered: Gathered) -> TechnicalFacts | None:
    form = b""
    data_bytes = data_bytes_64 = 0
    for chunk in _chunks(file, "<"):
        if chunk.name == b"ds64":
            sizes = _content(file, chunk)
            data_bytes_64 = int.from_bytes(sizes[8:16], "little")
        elif chunk.name == b"fmt ":
            form = _content(file, chunk)
        elif chunk.name == b"data":
            data_bytes = chunk.size_bytes
            if data_bytes == _SIZE_IN_DS64:
                data_bytes = data_bytes_64
                break
        else:
            _gather_text_chunk(file, chunk, gathered)
    return _wave_facts(form, data_bytes)


def _gather_text_chunk(file: BoundedFile, chunk: Chunk, gathered: Gathered) -> None:
    if chunk.name == b"LIST":
        _gather_info(_content(file, chunk), gathered)
    elif chunk.name == b"bext":
        _gather_broadcast(_content(file, chunk), gathered)
    elif chunk.name in {b"iXML", b"axml", b"_PMX"}:
        gathered.keep(chunk.name.decode(), _content(file, chunk))


def _wave_facts(form: bytes, data_bytes: int) -> TechnicalFacts | None:
    if len(form) < 16:
        return None
    code, channels, rate_hz, byte_rate, _, bits = struct.unpack_from("<HHIIHH", form)
    if code == _EXTENSIBLE and len(form) >= 26:
        code = struct.unpack_from("<H", form, 24)[0]
    codec = WAVE_CODECS.get(code, f"wave-0x{code:04x}")
    return TechnicalFacts(
        container="wav",
        codec=codec,
        mime_type="audio/wav",
        duration_ms=round(data_bytes * 1000 / byte_rate) or None if byte_rate else None,
        sample_rate_hz=rate_hz or None,
        bit_depth=bits if 0 < bits <= 64 and codec in LOSSLESS_WAVE else None,
        channels=channels if 0 < channels <= 256 else None,
        bitrate_bps=byte_rate * 8 or None,
        lossless=codec in LOSSLESS_WAVE,
    )


def _gather_info(content: bytes, gathered: Gathered) -> None:
    if content[:4] != b"INFO":
        return
    start = 4
    while start + 8 <= len(content):
        name, size_bytes = struct.unpack_from("<4sI", content, start)
        value = _text(content[start + 8 : start + 8 + size_bytes])
        key = name.decode("latin-1").upper()
        gathered.keep(f"INFO/{key}", value)
        if key == "ISRC" and not _is_isrc(value):
            # The chunk's own meaning is "source"; only some write the ISRC there.
            key = ""
        gathered.add(INFO.get(key, ""), [value], f"INFO/{key}")
        start += 8 + size_bytes + size_bytes % 2


def _is_isrc(text: str) -> bool:
    try:
        Isrc.parse(text)
    except InvalidInputError:
        return False
    return True


def _gather_broadcast(content: bytes, gathered: Gathered) -> None:
    """Read the fixed part of `bext`: EBU Tech 3285 v2, §2.3."""
    if len(content) < 346:
        return
    texts = {
        "description": _text(content[:256]),
        "originator": _text(content[256:288]),
        "originator_reference": _text(content[288:320]),
        "origination_date": _text(content[320:330]),
        "origination_time": _text(content[330:338]),
    }
    history = _text(content[602:]) if len(content) > 602 else ""
    gathered.keep("bext", {**texts, "coding_history": history})
    originated_on = texts["origination_date"]
    gathered.add("recorded_date", [originated_on], "bext/OriginationDate", ORIGINATED)
    gathered.add("comment", [texts["description"]], "bext/Description")


def _gather_aiff(file: BoundedFile, gathered: Gathered) -> None:
    for chunk in _chunks(file, ">"):
        key = chunk.name.decode("latin-1")
        if key in AIFF:
            value = _text(_content(file, chunk))
            gathered.keep(key, value)
            gathered.add(AIFF[key], [value], key)


def aiff_codec(file: BoundedFile) -> str:
    """Return the codec of an AIFF or AIFF-C: the type at byte 18 of its `COMM`."""
    file.seek(8)
    if file.read(4) != b"AIFC":
        return "pcm"
    for chunk in _chunks(file, ">"):
        if chunk.name == b"COMM":
            compression = _content(file, chunk)[18:22]
            return _AIFF_CODECS.get(compression, compression.decode("latin-1").strip())
    return "pcm"


def _text(content: bytes) -> str:
    """Both standards say ASCII; programs write UTF-8, or what Windows spoke."""
    shown = content.split(b"\x00", 1)[0]
    try:
        return shown.decode("utf-8").strip()
    except UnicodeDecodeError:
        return shown.decode("cp1252", "replace").strip()
