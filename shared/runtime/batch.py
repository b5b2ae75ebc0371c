"""Analyses that may wait: let go a few at a time, whoever has time to do so.

The sweep begins with those that wait, and whoever finished one lets the next go. So
many of a tenant are under way as may be, and no more, however many wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from shared.domain.uploads import upload_id
from shared.events.pipeline import AnalysisRequested
from shared.ports.analyses import QueuedAnalysis
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock

_RELEASES: Final = UUID("8b1c6a1e-0d0c-5d0e-9a53-6a55f5a4b7c1")
# Longer than a message lives with all its retries; a lost one is a dead letter by then.
_LOST_AFTER: Final = timedelta(hours=1)
_MOST_RELEASES: Final = 3


def release_due(tx: CatalogTransaction, now: datetime, at_once: int) -> int:
    """Announce what is due, so that *at_once* are under way; return how many."""
    released = tx.release_analyses(
        now,
        limit=at_once,
        lost_before=now - _LOST_AFTER,
        most_releases=_MOST_RELEASES,
    )
    for item in released:
        tx.announce(_requested(tx.tenant_id, item, now))
    return len(released)


@dataclass(frozen=True, slots=True)
class BatchSweep:
    """Lets go what is due, of all tenants.

    Attributes:
        relay: Called with a tenant after each commit.
        at_once: How many files of one tenant are under way at most.
    """

    catalog: Catalog
    clock: Clock
    relay: Callable[[str], object]
    at_once: int

    def sweep(self) -> int:
        """Return how many analyses were let go."""
        total = 0
        for tenant_id in self.catalog.tenants_with_queued_analyses():
            with self.catalog.transaction(tenant_id) as tx:
                released = release_due(tx, self.clock.now(), self.at_once)
            if released:
                self.relay(tenant_id)
            total += released
        return total


def _requested(
    tenant_id: str, item: QueuedAnalysis, now: datetime
) -> AnalysisRequested:
    said = (tenant_id, item.uri, str(item.generation), str(item.releases))
    return AnalysisRequested(
        # Of each time it is let go, since a consumer has seen the one before.
        event_id=uuid5(_RELEASES, "\x1f".join((*said, item.queued_at.isoformat()))),
        tenant_id=tenant_id,
        occurred_at=now,
        recording_id=item.recording_id,
        upload_id=upload_id(item.uri),
        uri=item.uri,
        generation=item.generation,
        keys=item.keys,
        is_forced=item.is_forced,
    )
