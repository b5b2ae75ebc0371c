"""A playlist of whatever form, as one entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.domain.errors import LimitExceededError
from shared.formats.entries import SourceEntry
from shared.formats.opening import open_bytes
from shared.formats.playlists import documents, lines
from shared.formats.playlists.playlist import Playlist, playlist_entry

SOURCE: Final = "playlist"
_LARGEST_BYTES: Final = 32 * 1024 * 1024


def read_playlist_file(path: Path, address: str) -> Iterator[SourceEntry]:
    """Yield what the playlist at *path*, kept at *address*, says.

    Raises:
        LimitExceededError: It is larger than a playlist may be.
        UnreadableFileError: It is none.
    """
    yield playlist_entry(_read(path), address)


def _read(path: Path) -> Playlist:
    with open_bytes(path) as stream:
        content = stream.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise LimitExceededError(
            "larger than a playlist may be", limit_bytes=_LARGEST_BYTES
        )
    text = lines.text_of(content[:4096]).lstrip()
    if text.startswith("<"):
        return documents.read_xspf(path)
    if '"playlist"' in text and text.startswith("{"):
        return documents.read_jspf(content)
    if text.startswith(("{", "/*", "//")):
        return documents.read_nsp(content)
    if text.lower().startswith("[playlist]"):
        return lines.read_pls(content)
    return lines.read_m3u(content)
