"""The kinds of file that an upload can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FileKind(StrEnum):
    """What can be done with a file."""

    AUDIO = "audio"
    DDEX_XML = "ddex-xml"
    XML = "xml"
    JSON = "json"
    JSON_LINES = "json-lines"
    TABLE = "table"
    WORKBOOK = "workbook"
    FEED = "feed"
    PLAYLIST = "playlist"
    MUSICBRAINZ = "musicbrainz-lines"
    DISCOGS = "discogs-dump"
    ITUNES_LIBRARY = "itunes-library"
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
    FileKind.WORKBOOK: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    FileKind.FEED: "application/rss+xml",
    FileKind.PLAYLIST: "audio/x-mpegurl",
    FileKind.MUSICBRAINZ: "application/x-ndjson",
    FileKind.DISCOGS: "application/xml",
    FileKind.ITUNES_LIBRARY: "application/xml",
    FileKind.IMAGE: "image/*",
    FileKind.VIDEO: "video/*",
    FileKind.SCORE: "audio/midi",
    FileKind.TEXT: "text/plain",
}

PACKED_TEXTS: Final = frozenset(
    {
        FileKind.TABLE,
        FileKind.JSON_LINES,
        FileKind.FEED,
        FileKind.MUSICBRAINZ,
        FileKind.DISCOGS,
    }
)
"""What is read although it is packed (gzip): a record or a line at a time."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file's kind, and its media type as closely as the content tells."""

    kind: FileKind
    mime_type: str
