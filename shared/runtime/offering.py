"""Gathers from the catalog what a message about a release would say."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shared.ddex.writing.catalog import CatalogRelease
from shared.ddex.writing.description import objects, text
from shared.domain.claims import Kind
from shared.domain.entities import Entity
from shared.ports.catalog import CatalogTransaction


def gathered(
    tx: CatalogTransaction, release_id: UUID, *, sender: str = ""
) -> CatalogRelease | None:
    """Return the entries of a release; None where there is none, or no longer.

    Args:
        sender: `ddex:<DPID>`; where given, deals of other senders stay out.
    """
    release = tx.entity(Kind.RELEASE, release_id)
    if release is None or release.deleted_at:
        return None
    positions = [p for p in tx.positions(release_id) if not p.deleted_at]
    deals = [
        deal
        for deal in tx.pointing(Kind.DEAL, Kind.RELEASE, release_id)
        if not sender or text(deal.values, "sender") == sender
    ]
    meant: dict[str, UUID] = {}
    recordings: dict[UUID, Entity] = {}
    _find(tx, _named(positions, deals), meant, recordings)
    played = list(recordings)
    parts = (
        str(part.get("recording"))
        for recording in list(recordings.values())
        for part in objects(recording.values, "parts")
    )
    _find(tx, parts, meant, recordings)
    return CatalogRelease(
        release=release,
        positions=positions,
        recordings=recordings,
        meant=meant,
        files={
            recording: tx.pointing(Kind.RESOURCE, Kind.RECORDING, recording)
            for recording in played
        },
        pictures=tx.pointing(Kind.RESOURCE, Kind.RELEASE, release_id),
        deals=deals,
    )


def _named(positions: Iterable[Entity], deals: Iterable[Entity]) -> Iterable[str]:
    for position in positions:
        yield text(position.values, "recording")
    for deal in deals:
        yield text(deal.values, "recording")
        given = deal.values.get("instant_gratification")
        yield from (str(key) for key in (given if isinstance(given, list) else []))


def _find(
    tx: CatalogTransaction,
    keys: Iterable[str],
    meant: dict[str, UUID],
    recordings: dict[UUID, Entity],
) -> None:
    for key in dict.fromkeys(filter(None, keys)):
        found = tx.find(Kind.RECORDING, key)
        if found is None:
            continue
        meant[key] = found
        if found not in recordings:
            entity = tx.entity(Kind.RECORDING, found)
            if entity is not None and not entity.deleted_at:
                recordings[found] = entity
