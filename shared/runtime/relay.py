"""From the outbox to the world: after each commit, and again as a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from shared.domain.errors import CatalogError
from shared.ports.catalog import Catalog, Outgoing
from shared.ports.document_store import DocumentStore, Mirror
from shared.ports.event_bus import Announcement, EventBus

log = structlog.get_logger()

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Relay:
    """Delivers what commits left behind, at least once and in order."""

    catalog: Catalog
    bus: EventBus
    documents: DocumentStore

    def relay(self, tenant_id: str) -> int:
        """Deliver all that *tenant_id* has outgoing; return how many items.

        A failure here is not the caller's: the commit stands, and the sweep tries
        again. So it is logged, and 0 returned for what is left.
        """
        delivered = 0
        try:
            while count := self.catalog.drain(tenant_id, self._deliver, limit=_AT_ONCE):
                delivered += count
                if count < _AT_ONCE:
                    break
        except CatalogError as exc:
            log.warning("relay postponed", tenant=tenant_id, error=str(exc))
        return delivered

    def sweep(self) -> int:
        """Deliver what every tenant has outgoing; return how many items."""
        return sum(
            self.relay(tenant) for tenant in self.catalog.tenants_with_outgoing()
        )

    def _deliver(self, outgoing: Sequence[Outgoing]) -> None:
        items = [out.item for out in outgoing]
        self.bus.publish([item for item in items if isinstance(item, Announcement)])
        self.documents.write([item for item in items if isinstance(item, Mirror)])
