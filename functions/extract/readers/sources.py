"""Files that hold many records: each as what it says, an entry at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.errors import PermanentError, UnreadableFileError
from shared.formats.entries import SourceEntry, Thing
from shared.formats.statements import FileFinding

from ..copying import LocalCopy
from ..kinds import FileKind
from ..readings import Reading
from ..row_errors import RowErrors
from ..staging import Origin, Track, parties, track_records
from .stored import stored_file

_ENTRIES_A_BATCH: Final = 20

_STORED_AS: Final = {
    FileKind.FEED: "Feed",
    FileKind.PLAYLIST: "Playlist",
    FileKind.MUSICBRAINZ: "Dump",
    FileKind.DISCOGS: "Dump",
    FileKind.ITUNES_LIBRARY: "Library",
}
_SOURCES: Final = {
    FileKind.FEED: "feed",
    FileKind.PLAYLIST: "playlist",
    FileKind.MUSICBRAINZ: "reference:musicbrainz",
    FileKind.DISCOGS: "reference:discogs",
    FileKind.ITUNES_LIBRARY: "itunes-library",
}


def read_source(copy: LocalCopy, origin: Origin) -> Reading:
    """Return what the records in *copy* say, read while it is asked for.

    A record in error is told of, no more. What breaks off ends there; what came
    before it stays.

    Raises:
        UnreadableFileError: No record says anything; raised when the first is asked
            for.
    """
    errors = RowErrors()
    return Reading(batches=_batches(copy, origin, errors), errors=errors)


def _batches(
    copy: LocalCopy, origin: Origin, errors: RowErrors
) -> Iterator[list[SourceRecord]]:
    source = _SOURCES.get(copy.kind, "table")
    entries = _until_broken(_entries(copy, origin), errors)
    number = 0
    while some := list(islice(entries, _ENTRIES_A_BATCH)):
        here = origin.part(number)
        records = [
            record for entry in some for record in _records(entry, here, source, errors)
        ]
        if records:
            yield _each_party_once(records)
            number += 1
    if not number:
        raise UnreadableFileError(
            "no record says anything that the catalog knows",
            fix="See the findings; name the columns title, artist, isrc …",
            findings=[finding.message for finding in errors.first[:10]],
        )
    stored = _STORED_AS.get(copy.kind, "Table")
    yield [stored_file(copy, origin.part(-1), stored, copy.kind.mime_type)]


def _entries(copy: LocalCopy, origin: Origin) -> Iterator[SourceEntry]:
    return _reader(copy.kind, origin)(copy.path)


def _reader(kind: FileKind, origin: Origin) -> Callable[[Path], Iterator[SourceEntry]]:
    """Return what reads files of *kind*; its libraries are loaded only then."""
    if kind is FileKind.FEED:
        from shared.formats.feeds.normalising import read_feed_file

        return read_feed_file
    if kind is FileKind.MUSICBRAINZ:
        from shared.formats.dumps.musicbrainz import read_musicbrainz

        return read_musicbrainz
    if kind is FileKind.DISCOGS:
        from shared.formats.dumps.discogs import read_discogs

        return read_discogs
    if kind is FileKind.ITUNES_LIBRARY:
        from shared.formats.itunes_library import read_itunes_library

        return read_itunes_library
    if kind is FileKind.PLAYLIST:
        from shared.formats.playlists.reading import read_playlist_file

        return partial(read_playlist_file, address=origin.uri)
    return _catalog_reader(kind)


def _catalog_reader(kind: FileKind) -> Callable[[Path], Iterator[SourceEntry]]:
    if kind is FileKind.XML:
        from shared.formats.catalogs.elements import read_elements

        return read_elements
    if kind in (FileKind.JSON, FileKind.JSON_LINES):
        from shared.formats.catalogs.objects import read_objects

        return partial(read_objects, is_lines=kind is FileKind.JSON_LINES)
    from shared.formats.tables.reading import read_table

    return read_table


def _until_broken(
    entries: Iterator[SourceEntry], errors: RowErrors
) -> Iterator[SourceEntry]:
    count = 0
    try:
        for entry in entries:
            count += 1
            yield entry
    except PermanentError as exc:
        if not count:
            raise
        line = exc.facts.get("line")
        reason = str(exc.facts.get("reason", ""))
        errors.add(
            FileFinding(
                "broken-off",
                "",
                exc.message,
                reason,
                line if isinstance(line, int) else None,
                "Put the file right from here on, and upload it again.",
            )
        )


def _records(
    entry: SourceEntry, origin: Origin, source: str, errors: RowErrors
) -> Iterator[SourceRecord]:
    errors.note(entry)
    if entry.track:
        track = Track(source=source, claims=entry.track, raw=entry.raw)
        yield from track_records(origin, track)
    for number, thing in enumerate(entry.things):
        yield from _thing_records(thing, entry, origin, source, is_first=number == 0)


def _thing_records(
    thing: Thing, entry: SourceEntry, origin: Origin, source: str, *, is_first: bool
) -> Iterator[SourceRecord]:
    own = replace(origin, uri=thing.origin) if thing.origin else origin
    claims = [Claim(c.field, c.value, c.confidence) for c in thing.claims]
    raw = thing.raw or (entry.raw if is_first else {})
    yield own.record(thing.kind, thing.keys, source, claims, raw)
    if thing.has_parties:
        yield from parties(own, source, claims)


def _each_party_once(records: list[SourceRecord]) -> list[SourceRecord]:
    """Leave out what was said of a party before: the same names are in every row."""
    seen: set[object] = set()
    kept: list[SourceRecord] = []
    for record in records:
        if record.kind is Kind.PARTY:
            said = (record.keys, record.origin, repr(record.claims))
            if said in seen:
                continue
            seen.add(said)
        kept.append(record)
    return kept
