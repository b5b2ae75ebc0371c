"""A catalog in memory, lists that tell what they hold, and a folder to write to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from functions.export.service import Exporter
from shared.adapters.local import LocalObjectStore
from shared.adapters.memory.catalog import MemoryCatalog
from shared.adapters.memory.clock import FixedClock
from shared.domain.claims import Kind
from shared.domain.decisions import Export, ExportFormat, ExportStatus
from shared.domain.errors import InvalidInputError
from shared.events.pipeline import ExportRequested
from shared.ports.queries import FILTERS, Page, PageQuery

TENANT = "a-label"
EXPORT_ID = UUID(int=7)


class FakeLists:
    """Entries by number, filtered by title alone; fails after as many as told."""

    def __init__(self) -> None:
        self.entries: list[dict[str, object]] = []
        self.asked: list[PageQuery] = []
        self.fail_at: int | None = None
        self.failure: Exception | None = None

    def page(self, tenant_id: str, kind: Kind, query: PageQuery) -> Page:
        assert tenant_id == TENANT
        self.asked.append(query)
        unknown = set(query.filters) - set(FILTERS[kind])
        if unknown:
            raise InvalidInputError("no such filter", names=sorted(unknown))
        if self.failure and len(self.asked) == self.fail_at:
            raise self.failure
        after = query.after[0] if query.after else ""
        title = query.filters.get("title", "")
        found = [
            entry
            for entry in self.entries
            if str(entry["id"]) > str(after) and title in str(entry.get("title"))
        ]
        page = found[: query.limit]
        more = len(found) > len(page)
        items = [json.dumps(entry) for entry in page]
        return Page(items, (str(page[-1]["id"]),) if more else ())


@dataclass
class World:
    exporter: Exporter
    catalog: MemoryCatalog
    lists: FakeLists
    store: LocalObjectStore
    relayed: list[str] = field(default_factory=list)

    def request(self, form: str = "jsonl", **asked: object) -> ExportRequested:
        clock = FixedClock()
        export = Export(
            id=EXPORT_ID,
            tenant_id=TENANT,
            kind=Kind.RECORDING,
            format=ExportFormat(form),
            status=ExportStatus.REQUESTED,
            requested_at=clock.now(),
            requested_by="person:ann",
            **asked,
        )
        with self.catalog.transaction(TENANT) as tx:
            tx.save_export(export)
        return ExportRequested(
            event_id=EXPORT_ID,
            tenant_id=TENANT,
            occurred_at=clock.now(),
            export_id=EXPORT_ID,
        )

    def found(self) -> Export:
        with self.catalog.transaction(TENANT) as tx:
            return tx.export(EXPORT_ID)

    def content(self) -> bytes:
        return b"".join(self.store.read(self.found().object_name))

    def announced(self) -> list[dict[str, object]]:
        events: list[dict[str, object]] = []
        self.catalog.drain(
            TENANT,
            lambda items: events.extend(json.loads(out.item.data) for out in items),
        )
        return events


@pytest.fixture
def world(tmp_path) -> World:
    catalog, lists = MemoryCatalog(TENANT), FakeLists()
    store = LocalObjectStore(tmp_path)
    relayed: list[str] = []
    exporter = Exporter(
        catalog=catalog,
        queries=lists,
        exports=store,
        clock=FixedClock(),
        relay=relayed.append,
    )
    return World(exporter, catalog, lists, store, relayed)


@pytest.fixture
def entry() -> Callable[..., dict[str, object]]:
    """Return what makes the entry of a number, as a list tells it."""

    def make(number: int, **values: object) -> dict[str, object]:
        return {
            "id": str(UUID(int=number)),
            "version": 1,
            "quality": 0.5,
            "updated_at": "2026-01-01T00:00:00+00:00",
            "created_at": "2026-01-01T00:00:00+00:00",
            "title": f"Title {number}",
            **values,
        }

    return make
