"""What a file is, by its content: magic numbers and the shape of its first text."""

from __future__ import annotations

import zlib
from typing import Final

from .file_kinds import PACKED_TEXTS, FileKind, Sniffed
from .text_kinds import by_text, is_wide_text

__all__ = ["HEAD_BYTES", "FileKind", "Sniffed", "sniff", "sniff_type"]

HEAD_BYTES: Final = 64 * 1024


# Bytes at an offset (in file(1)'s sense); the first that fits decides.
_MAGIC: Final[tuple[tuple[int, bytes, FileKind, str], ...]] = (
    (0, b"fLaC", FileKind.AUDIO, "audio/flac"),
    (0, b"MAC ", FileKind.AUDIO, "audio/ape"),
    (0, b"wvpk", FileKind.AUDIO, "audio/wavpack"),
    (0, b"MP+", FileKind.AUDIO, "audio/musepack"),
    (0, b"MPCK", FileKind.AUDIO, "audio/musepack"),
    (0, b"DSD ", FileKind.AUDIO, "audio/dsf"),
    (0, b"FRM8", FileKind.AUDIO, "audio/dff"),
    (0, b"TTA1", FileKind.AUDIO, "audio/tta"),
    (0, b"TTA2", FileKind.AUDIO, "audio/tta"),
    (0, b"tBaK", FileKind.AUDIO, "audio/tak"),
    (0, b"OFR ", FileKind.AUDIO, "audio/optimfrog"),
    (0, b"ADIF", FileKind.AUDIO, "audio/aac"),
    (0, b"caff", FileKind.AUDIO, "audio/x-caf"),
    (0, b"\x0b\x77", FileKind.AUDIO, "audio/ac3"),
    (8, b"WAVE", FileKind.AUDIO, "audio/wav"),
    (8, b"AIFF", FileKind.AUDIO, "audio/aiff"),
    (8, b"AIFC", FileKind.AUDIO, "audio/aiff"),
    (8, b"AVI ", FileKind.VIDEO, "video/x-msvideo"),
    (8, b"WEBP", FileKind.IMAGE, "image/webp"),
    (0, b"MThd", FileKind.SCORE, "audio/midi"),
    (0, b"\x89PNG\r\n\x1a\n", FileKind.IMAGE, "image/png"),
    (0, b"\xff\xd8\xff", FileKind.IMAGE, "image/jpeg"),
    (0, b"GIF8", FileKind.IMAGE, "image/gif"),
    (0, b"II*\x00", FileKind.IMAGE, "image/tiff"),
    (0, b"MM\x00*", FileKind.IMAGE, "image/tiff"),
    (0, b"BM", FileKind.IMAGE, "image/bmp"),
    (0, b"%PDF-", FileKind.DOCUMENT, "application/pdf"),
    (0, b"PK\x03\x04", FileKind.ARCHIVE, "application/zip"),
    (0, b"PK\x05\x06", FileKind.ARCHIVE, "application/zip"),
    (0, b"\x1f\x8b", FileKind.ARCHIVE, "application/gzip"),
    (0, b"BZh", FileKind.ARCHIVE, "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", FileKind.ARCHIVE, "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE, "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", FileKind.ARCHIVE, "application/vnd.rar"),
    (0, b"\x28\xb5\x2f\xfd", FileKind.ARCHIVE, "application/zstd"),
    (257, b"ustar", FileKind.ARCHIVE, "application/x-tar"),
    (0, b"\x1aE\xdf\xa3", FileKind.VIDEO, "video/x-matroska"),
    (0, b"FLV\x01", FileKind.VIDEO, "video/x-flv"),
    (0, b"\x00\x00\x01\xba", FileKind.VIDEO, "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", FileKind.VIDEO, "video/mpeg"),
)
# RIFF's and IFF's own names must stand in front of the form type at offset 8.
_CHUNKED: Final = (b"RIFF", b"RIFX", b"RF64", b"BW64", b"FORM")
_ASF: Final = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
# The stream types of an ASF header: ASF specification 1.20.3, §10.4.
_ASF_VIDEO: Final = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_OGG_CODECS: Final = (
    (b"\x01vorbis", FileKind.AUDIO, "audio/ogg"),
    (b"OpusHead", FileKind.AUDIO, "audio/ogg"),
    (b"\x7fFLAC", FileKind.AUDIO, "audio/ogg"),
    (b"Speex   ", FileKind.AUDIO, "audio/ogg"),
    (b"\x80theora", FileKind.VIDEO, "video/ogg"),
)
_ISO_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide")
# Consulted only where the header of the film lies beyond the head.
_FILM_NAMES: Final = (".mp4", ".mov", ".m4v", ".3gp", ".3g2")


def sniff(head: bytes, name: str, size_bytes: int) -> FileKind:
    """Return what the file is; see `sniff_type`."""
    return sniff_type(head, name, size_bytes).kind


def sniff_type(head: bytes, name: str, size_bytes: int) -> Sniffed:
    """Return the kind and media type of a file.

    Args:
        head: The first `HEAD_BYTES` of it, or all where it is shorter.
        name: Decides only between kinds that the content allows alike (a text with
            commas is a table under `.csv` even where the rows are uneven).
        size_bytes: The size of the whole file.
    """
    if size_bytes == 0 or not head:
        return Sniffed(FileKind.EMPTY, "application/x-empty")
    return (
        _by_packing(head, name)
        or _by_magic(head)
        or _by_container(head, name)
        or (None if is_wide_text(head) else _by_frames(head))
        or by_text(head, name, complete=size_bytes <= len(head))
        or Sniffed(FileKind.UNKNOWN, "application/octet-stream")
    )


def _by_packing(head: bytes, name: str) -> Sniffed | None:
    """Tell workbooks from other archives, and texts that are packed alone."""
    if head.startswith(b"PK\x03\x04"):
        is_workbook = b"xl/" in head and b"[Content_Types].xml" in head
        if is_workbook or name.lower().endswith(".xlsx"):
            return Sniffed(FileKind.WORKBOOK, FileKind.WORKBOOK.mime_type)
    if head.startswith(b"\x1f\x8b"):
        return _by_packed_text(head, name)
    return None


def _by_packed_text(head: bytes, name: str) -> Sniffed | None:
    try:
        inner = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
    except zlib.error:
        return None
    bare = name[:-3] if name.lower().endswith(".gz") else name
    found = by_text(inner, bare, complete=False) if inner else None
    is_read = found is not None and found.kind in PACKED_TEXTS
    return Sniffed(found.kind, "application/gzip") if found and is_read else None


def _by_magic(head: bytes) -> Sniffed | None:
    for offset, magic, kind, mime_type in _MAGIC:
        if offset == 8 and not head.startswith(_CHUNKED):
            continue
        if head.startswith(magic, offset):
            return Sniffed(kind, mime_type)
    return None


def _by_container(head: bytes, name: str) -> Sniffed | None:
    """Tell the containers that hold audio or video: Ogg, ISO base media, ASF."""
    if head.startswith(b"OggS"):
        for codec, kind, mime_type in _OGG_CODECS:
            if codec in head[:512]:
                return Sniffed(kind, mime_type)
        return Sniffed(FileKind.AUDIO, "audio/ogg")
    if head.startswith(_ASF):
        if _ASF_VIDEO in head:
            return Sniffed(FileKind.VIDEO, "video/x-ms-wmv")
        return Sniffed(FileKind.AUDIO, "audio/x-ms-wma")
    if head[4:8] in _ISO_BOXES:
        return _by_iso_media(head, name)
    return None


def _by_iso_media(head: bytes, name: str) -> Sniffed:
    """Tell sound from film by brand, then by media header (ISO/IEC 14496-12)."""
    if head[8:11] in {b"M4A", b"M4B", b"M4P"}:
        return Sniffed(FileKind.AUDIO, "audio/mp4")
    movie = b"vmhd" in head or (
        b"smhd" not in head and name.lower().endswith(_FILM_NAMES)
    )
    if movie:
        return Sniffed(FileKind.VIDEO, "video/mp4")
    return Sniffed(FileKind.AUDIO, "audio/mp4")


def _by_frames(head: bytes) -> Sniffed | None:
    """Tell streams of bare frames: MPEG audio and ADTS, behind a tag or padding."""
    if head.startswith(b"ID3"):
        return Sniffed(FileKind.AUDIO, _behind_id3(head))
    start = len(head) - len(head.lstrip(b"\x00"))
    if _is_adts(head, start):
        return Sniffed(FileKind.AUDIO, "audio/aac")
    if _is_mpeg_audio(head, start) or head.startswith(b"APETAGEX"):
        return Sniffed(FileKind.AUDIO, "audio/mpeg")
    return None


def _behind_id3(head: bytes) -> str:
    size = 10 + sum((byte & 0x7F) << 7 * (3 - i) for i, byte in enumerate(head[6:10]))
    behind = _by_magic(head[size:]) if size < len(head) else None
    if behind is not None and behind.kind is FileKind.AUDIO:
        return behind.mime_type
    return "audio/aac" if _is_adts(head, size) else "audio/mpeg"


def _is_adts(head: bytes, at: int) -> bool:
    """Say whether two ADTS frames follow each other (ISO/IEC 13818-7 §6.2)."""
    if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return False
    size = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    after = head[at + size : at + size + 2]
    return size >= 7 and (not after or after[0] == 0xFF)


def _is_mpeg_audio(head: bytes, at: int) -> bool:
    """Say whether an MPEG audio frame header stands at *at* (ISO/IEC 11172-3)."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return False
    version, layer = head[at + 1] >> 3 & 3, head[at + 1] >> 1 & 3
    bitrate, rate = head[at + 2] >> 4, head[at + 2] >> 2 & 3
    return version != 1 and layer != 0 and bitrate != 15 and rate != 3
