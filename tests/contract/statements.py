"""Source records as sources would make them, in few words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shared.domain.claims import Claim, JsonValue, Kind, SourceRecord

START = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def said(
    kind: Kind,
    keys: list[str],
    *,
    source: str = "tags",
    origin: str = "gs://up/t/so-what.flac",
    version: int = 1,
    minutes: float = 0,
    confidence: float = 1.0,
    locked: bool = False,
    **values: JsonValue,
) -> SourceRecord:
    """Return what *source* said, *minutes* after the start."""
    return SourceRecord(
        kind=kind,
        keys=tuple(keys),
        source=source,
        origin=origin,
        origin_version=version,
        claims=tuple(
            Claim(name, value, confidence, locked)
            for name, value in sorted(values.items())
        ),
        received_at=START + timedelta(minutes=minutes),
        raw={"as": "received"},
    )


def recording(keys: list[str], **values: JsonValue) -> SourceRecord:
    return said(Kind.RECORDING, keys, **values)


def release(keys: list[str], **values: JsonValue) -> SourceRecord:
    return said(Kind.RELEASE, keys, **values)


def party(name: str, key: str, **values: JsonValue) -> SourceRecord:
    return said(Kind.PARTY, [f"name:{key}"], name=name, **values)


def edit(target: str, number: int, **values: JsonValue) -> SourceRecord:
    """Return what a person set, *number* hours after the start."""
    return recording(
        [target],
        source="person:ann",
        origin=f"edit:{number}",
        minutes=60 * number,
        locked=True,
        **values,
    )
