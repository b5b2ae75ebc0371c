"""A DDEX message: releases, recordings, parties and places, as its sender says."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import replace

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.errors import UnreadableFileError
from shared.domain.keys import (
    position_keys,
    recording_keys,
    release_keys,
)

from ..copying import LocalCopy
from ..message_readings import MessageReading, RecordingReading
from ..messages import read_message
from ..readings import Message, Reading, as_findings
from ..staging import Origin, named, parties
from ..statements import FieldClaim
from .stored import stored_file


def read_delivery(copy: LocalCopy, origin: Origin) -> Reading:
    """Return what the message in *copy* says.

    Later messages of one sender about one release replace earlier ones: so the origin
    of what they say is sender and release, not the file.
    """
    message = read_message(copy.path)
    if message.standard != "ern" or not (message.recordings or message.releases):
        raise UnreadableFileError(
            "only ERN messages with releases are read yet",
            standard=message.standard,
            version=message.version,
            message_type=message.message_type,
        )
    source = f"ddex:{message.sender_dpid or 'unknown'}"
    spoken = replace(origin, uri=_thread(message, source, origin))
    records = list(_records(message, spoken, source, origin.uri))
    stored = stored_file(copy, origin, "Message", "application/xml")
    return Reading(
        batches=[[stored, *records]],
        findings=as_findings(message.findings),
        message=Message(message.message_id, f"{message.standard}/{message.version}"),
    )


def _thread(message: MessageReading, source: str, origin: Origin) -> str:
    if not message.releases:
        return f"{source}/{origin.uri}"
    main = release_keys(_values(message.releases[0].claims))
    return f"{source}/{main[0]}"


def _records(
    message: MessageReading, origin: Origin, source: str, uri: str
) -> Iterator[SourceRecord]:
    keys: dict[str, tuple[str, ...]] = {}
    for party in message.parties:
        claims = _claims(party.claims)
        if any(claim.field == "name" for claim in claims):
            yield named(origin, source, claims)
    for release in message.releases:
        keys[release.reference] = release_keys(_values(release.claims))
        yield from _spoken(
            origin, source, Kind.RELEASE, keys[release.reference], release.claims
        )
    for recording in message.recordings:
        keys[recording.reference] = _recording_keys(recording, uri)
        yield from _spoken(
            origin, source, Kind.RECORDING, keys[recording.reference], recording.claims
        )
    for position in message.positions:
        release_key = keys.get(position.release, ("",))[0]
        recording_key = keys.get(position.recording, ("",))[0]
        if release_key and recording_key:
            yield origin.record(
                Kind.TRACK_POSITION,
                position_keys(release_key, recording_key),
                source,
                [
                    Claim("release", release_key),
                    Claim("recording", recording_key),
                    Claim("medium_number", position.medium_number),
                    Claim("track_number", position.track_number),
                ],
            )


def _spoken(
    origin: Origin,
    source: str,
    kind: Kind,
    keys: tuple[str, ...],
    said: Iterable[FieldClaim],
) -> Iterator[SourceRecord]:
    record = origin.record(kind, keys, source, _claims(said))
    yield record
    yield from parties(origin, source, record.claims)


def _recording_keys(recording: RecordingReading, uri: str) -> tuple[str, ...]:
    """Return its own keys, and the addresses its files have beside the message."""
    own = recording_keys(_values(recording.claims))
    folder = uri.rpartition("/")[0]
    beside = (
        f"object:{folder}/{posixpath.normpath(name)}"
        for file in recording.files
        for name in (file, f"resources/{file}")
        if not posixpath.normpath(file).startswith(("..", "/"))
    )
    return tuple(dict.fromkeys((*own, *beside)))


def _values(said: Iterable[FieldClaim]) -> dict[str, JsonValue]:
    return {claim.field: claim.value for claim in said}


def _claims(said: Iterable[FieldClaim]) -> list[Claim]:
    return [Claim(c.field, c.value, c.confidence) for c in said]
