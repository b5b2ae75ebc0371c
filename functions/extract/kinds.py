"""What a file is, by its content: magic numbers and the shape of its first text."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HEAD_BYTES: Final = 64 * 1024


class FileKind(StrEnum):
    """What can be done with a file."""

    AUDIO = "audio"
    DDEX_XML = "ddex-xml"
    XML = "xml"
    JSON = "json"
    JSON_LINES = "json-lines"
    TABLE = "table"
    IMAGE = "image"
    VIDEO = "video"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    SCORE = "score"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"

    @property
    def mime_type(self) -> str:
        """The media type of the kind; `sniff_type` knows the very format."""
        return _KIND_TYPES.get(self, "application/octet-stream")


_KIND_TYPES: Final = {
    FileKind.AUDIO: "audio/*",
    FileKind.DDEX_XML: "application/xml",
    FileKind.XML: "application/xml",
    FileKind.JSON: "application/json",
    FileKind.JSON_LINES: "application/x-ndjson",
    FileKind.TABLE: "text/csv",
    FileKind.IMAGE: "image/*",
    FileKind.VIDEO: "video/*",
    FileKind.SCORE: "audio/midi",
    FileKind.TEXT: "text/plain",
}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file's kind, and its media type as closely as the content tells."""

    kind: FileKind
    mime_type: str


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
_XML_ROOT: Final = re.compile(
    r"<(?![?!])(?:(?P<prefix>[\w.-]+):)?[\w.-]+(?P<attributes>[^>]*)", re.ASCII
)
_DDEX: Final = r"https?://(?:www\.|service-)?ddex\.net/"
_DELIMITERS: Final = ",;\t|"
_LONGEST_HEADING: Final = 60


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
        _by_magic(head)
        or _by_container(head, name)
        or (None if _is_wide_text(head) else _by_frames(head))
        or _by_text(head, name, complete=size_bytes <= len(head))
        or Sniffed(FileKind.UNKNOWN, "application/octet-stream")
    )


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


def _is_wide_text(head: bytes) -> bool:
    """Say whether *head* is UTF-16; its mark is also how MPEG Layer I begins."""
    start = head[2:66]
    for mark, high in ((b"\xff\xfe", start[1::2]), (b"\xfe\xff", start[::2])):
        if head.startswith(mark):
            return high.count(0) * 2 >= len(high)
    return False


def _by_text(head: bytes, name: str, *, complete: bool) -> Sniffed | None:
    text = _decoded(head)
    if text is None:
        return None
    shown = text.lstrip("\ufeff \t\r\n")
    if not shown:
        return Sniffed(FileKind.TEXT, "text/plain")
    if shown[0] == "<":
        return _by_root(shown)
    if shown[0] in "{[":
        return _by_json(shown, name)
    lines = shown.splitlines() if complete else shown.splitlines()[:-1] or [shown]
    if _is_table(lines, name):
        return Sniffed(FileKind.TABLE, "text/csv")
    return Sniffed(FileKind.TEXT, "text/plain")


def _decoded(head: bytes) -> str | None:
    """Return *head* as text, or None where it is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    if b"\x00" in head:
        return None
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        if exc.start >= len(head) - 3:
            return head[: exc.start].decode("utf-8-sig")
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return None if controls else head.decode("cp1252", "replace")


def _by_root(text: str) -> Sniffed:
    root = _XML_ROOT.search(text)
    if root is None or (
        root["prefix"] is None and text[:14].lower() == "<!doctype html"
    ):
        return Sniffed(FileKind.TEXT, "text/plain")
    declared = f"xmlns:{root['prefix']}" if root["prefix"] else "xmlns"
    if re.search(rf"{re.escape(declared)}\s*=\s*[\"']{_DDEX}", root["attributes"]):
        return Sniffed(FileKind.DDEX_XML, "application/xml")
    if text[root.start() :][:5].lower() == "<html":
        return Sniffed(FileKind.DOCUMENT, "text/html")
    return Sniffed(FileKind.XML, "application/xml")


def _by_json(text: str, name: str) -> Sniffed:
    if text[0] == "[":
        # "[" also opens an INI section or a line of lyrics ("[00:12.00]…").
        if text[1:].lstrip()[:1] in {"{", "]", '"', "["}:
            return Sniffed(FileKind.JSON, "application/json")
        return Sniffed(FileKind.TEXT, "text/plain")
    first, _, rest = text.partition("\n")
    if name.lower().endswith((".jsonl", ".ndjson")):
        return Sniffed(FileKind.JSON_LINES, "application/x-ndjson")
    if first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
        return Sniffed(FileKind.JSON_LINES, "application/x-ndjson")
    if text[1:].lstrip()[:1] in {'"', "}"}:
        return Sniffed(FileKind.JSON, "application/json")
    return Sniffed(FileKind.TEXT, "text/plain")


def _is_table(lines: list[str], name: str) -> bool:
    """Say whether most lines have as many cells as the first, which names them."""
    if any(ord(character) < 9 for character in lines[0]):
        return False
    if name.lower().endswith((".csv", ".tsv", ".tab")):
        return any(mark in lines[0] for mark in _DELIMITERS) or len(lines) > 1
    return any(_is_even(lines[:20], mark) for mark in _DELIMITERS)


def _is_even(lines: list[str], mark: str) -> bool:
    try:
        header, *rows = list(csv.reader(lines, delimiter=mark))
    except (csv.Error, ValueError):
        return False
    names = [cell.strip() for cell in header]
    if len(names) < 2 or not all(0 < len(cell) <= _LONGEST_HEADING for cell in names):
        return False
    alike = sum(len(row) == len(header) for row in rows)
    return bool(rows) and alike * 2 >= len(rows)
