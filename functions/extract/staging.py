"""From what a file says to source records: the things it speaks of, and their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord
from shared.domain.keys import (
    party_keys,
    position_keys,
    recording_keys,
    release_keys,
)
from shared.formats.statements import FieldClaim

_BATCHES = UUID("9d2c1f64-4f0c-5d7e-a0a5-6c0a3e0f4b11")

_ALBUM_ARTIST_GUESSED = 0.5
"""How sure it is that an album is by its track's artists, where none are named."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What was read: one generation of one object.

    Attributes:
        folder: The address that files of one album share; empty where it says
            nothing, as at the root of a tenant.
        batch: What is staged together; the same whenever the object is read again.
    """

    uri: str
    generation: int
    received_at: datetime
    batch: UUID
    folder: str = ""

    @classmethod
    def of(
        cls, uri: str, generation: int, received_at: datetime, folder: str = ""
    ) -> Origin:
        batch = uuid5(_BATCHES, f"{uri}#{generation}")
        return cls(uri, generation, received_at, batch, folder)

    def part(self, number: int) -> Origin:
        """Return the same origin for batch *number* of a file staged in several."""
        return replace(self, batch=uuid5(self.batch, str(number)))

    def record(
        self,
        kind: Kind,
        keys: tuple[str, ...],
        source: str,
        claims: Iterable[Claim],
        raw: Mapping[str, JsonValue] | None = None,
    ) -> SourceRecord:
        return SourceRecord(
            kind=kind,
            keys=keys,
            source=source,
            origin=self.uri,
            origin_version=self.generation,
            claims=tuple(sorted(claims, key=lambda claim: claim.field)),
            received_at=self.received_at,
            raw=dict(raw or {}),
            batch=self.batch,
        )


@dataclass(frozen=True, slots=True)
class Track:
    """What one source says of one recording, the release it is on, and its place.

    Attributes:
        claims: Of kinds recording, release and track position.
        sha256, uri: Of the recording's file, where the source is a file.
        raw: The words as received.
    """

    source: str
    claims: Sequence[FieldClaim]
    sha256: str = ""
    uri: str = ""
    raw: Mapping[str, JsonValue] | None = None

    def values(self, kind: Kind) -> dict[str, JsonValue]:
        return {c.field: c.value for c in self.claims if c.kind is kind}

    def of(self, kind: Kind) -> list[Claim]:
        return [
            Claim(c.field, c.value, c.confidence) for c in self.claims if c.kind is kind
        ]


def track_records(origin: Origin, track: Track) -> list[SourceRecord]:
    """Return the records of a track: recording, release, place, and all parties.

    The recording's record comes first; the release's second, if there is one.
    """
    recording = track.values(Kind.RECORDING)
    keys = recording_keys(recording, sha256=track.sha256, uri=track.uri)
    records = [
        origin.record(
            Kind.RECORDING, keys, track.source, track.of(Kind.RECORDING), track.raw
        )
    ]
    release = _release_claims(track)
    if release:
        said = {claim.field: claim.value for claim in release}
        on = release_keys(said, folder=origin.folder)
        records.append(origin.record(Kind.RELEASE, on, track.source, release))
        records.append(_position(origin, track, on[0], keys[0]))
        records += parties(origin, track.source, release)
    records += parties(origin, track.source, records[0].claims)
    return list({(r.kind, r.record_id): r for r in records}.values())


def parties(origin: Origin, source: str, claims: Iterable[Claim]) -> list[SourceRecord]:
    """Return a record for each party that the credits among *claims* name."""
    found: dict[tuple[str, ...], SourceRecord] = {}
    for claim in claims:
        if claim.field in ("artists", "contributors") and isinstance(claim.value, list):
            for credit in claim.value:
                if isinstance(credit, dict):
                    record = _party(origin, source, credit, claim.confidence)
                    found.setdefault(record.keys, record)
    return list(found.values())


def _party(
    origin: Origin, source: str, credit: dict[str, JsonValue], confidence: float
) -> SourceRecord:
    said = [
        Claim(name, credit[name], confidence)
        for name in ("name", "isni", "ipi", "musicbrainz_id")
        if credit.get(name)
    ]
    return named(origin, source, said)


def named(origin: Origin, source: str, said: Sequence[Claim]) -> SourceRecord:
    """Return the record of a party: the same whichever file names it so.

    An artist of a thousand files is then no thousand records.
    """
    values = {claim.field: str(claim.value) for claim in said}
    keys = party_keys(values["name"], isni=values.get("isni", ""))
    timeless = replace(origin, uri=keys[0], generation=0)
    return timeless.record(Kind.PARTY, keys, source, said)


def _release_claims(track: Track) -> list[Claim]:
    said = track.of(Kind.RELEASE)
    if not any(claim.field in ("title", "gtin") for claim in said):
        return []
    if not any(claim.field == "artists" for claim in said):
        artists = track.values(Kind.RECORDING).get("artists")
        leading = [
            artist
            for artist in (artists if isinstance(artists, list) else [])
            if isinstance(artist, dict) and artist.get("role") == "MainArtist"
        ]
        if leading:
            said.append(Claim("artists", [*leading], _ALBUM_ARTIST_GUESSED))
    return said


def _position(
    origin: Origin, track: Track, release_key: str, recording_key: str
) -> SourceRecord:
    return origin.record(
        Kind.TRACK_POSITION,
        position_keys(release_key, recording_key),
        track.source,
        [
            Claim("release", release_key),
            Claim("recording", recording_key),
            *track.of(Kind.TRACK_POSITION),
        ],
    )
