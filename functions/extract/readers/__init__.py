"""From a local copy to what it adds to the catalog, one reader per kind of file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..copying import LocalCopy
from ..kinds import FileKind
from ..readings import Reading, refused
from ..staging import Origin
from .audio import read_recording
from .message import read_delivery
from .picture import read_film, read_picture
from .sources import read_source

_READERS: Mapping[FileKind, Callable[[LocalCopy, Origin], Reading]] = MappingProxyType(
    {
        FileKind.AUDIO: read_recording,
        FileKind.DDEX_XML: read_delivery,
        FileKind.IMAGE: read_picture,
        FileKind.VIDEO: read_film,
        **dict.fromkeys(
            (
                FileKind.TABLE,
                FileKind.WORKBOOK,
                FileKind.JSON,
                FileKind.JSON_LINES,
                FileKind.XML,
                FileKind.FEED,
                FileKind.PLAYLIST,
                FileKind.MUSICBRAINZ,
                FileKind.DISCOGS,
                FileKind.ITUNES_LIBRARY,
            ),
            read_source,
        ),
    }
)


def read(copy: LocalCopy, origin: Origin) -> Reading:
    """Return what *copy* says.

    Raises:
        UnreadableFileError: It is damaged, or of a kind that nothing here reads.
    """
    reader = _READERS.get(copy.kind)
    if reader is None:
        raise refused(copy)
    return reader(copy, origin)
