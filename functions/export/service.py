"""The use case: a file was asked for. Write it, and say that it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, Literal
from uuid import UUID, uuid5

from shared.domain.claims import JsonValue, SourceRecord
from shared.domain.decisions import Export, ExportFormat, ExportStatus
from shared.domain.errors import InvalidInputError, NotFoundError, PermanentError
from shared.events.catalog import ExportCompleted
from shared.events.pipeline import ExportRequested
from shared.ports.catalog import Catalog
from shared.ports.clock import Clock
from shared.ports.object_store import ObjectStore

from .rows import Columns, Lists, rows
from .stores import Stores
from .writers import CONTENT_TYPES, writer

CONSUMER: Final = "export"
_QUOTED_CHARACTERS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes the files that were asked for.

    Attributes:
        relay: Called with a tenant after each commit.
    """

    catalog: Catalog
    queries: Lists
    exports: ObjectStore
    clock: Clock
    relay: Callable[[str], object]
    stores: Stores | None = None

    def export(self, event: ExportRequested) -> None:
        """Write what *event* asks for, however often it is delivered.

        The file appears whole, or not at all; a second try writes all of it anew in
        the place of the first.

        Raises:
            NotFoundError: Nobody asked for such an export.
            TransientError: The database or the bucket is away; nothing is decided.
        """
        wanted = self._wanted(event)
        if wanted is None:
            return
        records: Sequence[SourceRecord] = ()
        try:
            if wanted.format is ExportFormat.ERN:
                finished, records = self._delivered(wanted)
            else:
                finished = self._written(wanted)
        except PermanentError as exc:
            finished = replace(wanted, status=ExportStatus.FAILED, reason=_reason(exc))
        finished = replace(finished, finished_at=self.clock.now())
        self._finish(event, finished, records)

    def _delivered(self, wanted: Export) -> tuple[Export, Sequence[SourceRecord]]:
        """Return the delivery that was written, and what is staged about it."""
        # What reads and writes DDEX takes a while to load, and few exports need it.
        from shared.runtime.offering import gathered

        from .deliveries import Delivery

        if self.stores is None:
            raise InvalidInputError("deliveries are not set up here")
        sender = wanted.options.get("deals_of")
        with self.catalog.transaction(wanted.tenant_id) as tx:
            found = [
                gathered(tx, UUID(each), sender=str(sender or ""))
                for each in _release_ids(wanted)
            ]
        releases = [each for each in found if each is not None]
        if len(releases) < len(found) or not found:
            raise InvalidInputError("a release to deliver is not there")
        delivery = Delivery(wanted, self.stores, releases)
        name = delivery.write()
        result = delivery.result()
        if not result["same_facts"] and wanted.options.get("allow_loss") is not True:
            raise InvalidInputError(
                "the versions would not say the same",
                differences=str(result["differences"])[:_QUOTED_CHARACTERS],
            )
        finished = replace(
            wanted,
            status=ExportStatus.DONE,
            object_name=name,
            row_count=len(releases),
            size_bytes=sum(int(str(f["size_bytes"])) for f in delivery.folder.files),
            result=result,
        )
        return finished, delivery.records

    def _wanted(self, event: ExportRequested) -> Export | None:
        """Return the export, or None where it is finished already."""
        with self.catalog.transaction(event.tenant_id) as tx:
            found = tx.export(event.export_id)
        if found is None:
            raise NotFoundError("no such export", export=str(event.export_id))
        return found if found.status is ExportStatus.REQUESTED else None

    def _written(self, wanted: Export) -> Export:
        columns = Columns.asked(wanted.kind, wanted.fields)
        name = object_name(wanted)
        row_count = 0
        with self.exports.open_writer(
            name, content_type=CONTENT_TYPES[wanted.format]
        ) as stream:
            counting = _Counting(stream)
            out = writer(wanted.format, counting, wanted.kind, columns.names)
            out.open()
            for row in rows(self.queries, wanted.tenant_id, columns, wanted.filters):
                out.row(row)
                row_count += 1
            out.close()
        return replace(
            wanted,
            status=ExportStatus.DONE,
            object_name=name,
            row_count=row_count,
            size_bytes=counting.size_bytes,
        )

    def _finish(
        self,
        event: ExportRequested,
        finished: Export,
        records: Sequence[SourceRecord] = (),
    ) -> None:
        with self.catalog.transaction(event.tenant_id) as tx:
            if not tx.first_sight(CONSUMER, event.event_id):
                return
            tx.save_export(finished)
            tx.stage(records)
            status: Literal["done", "failed"] = (
                "done" if finished.status is ExportStatus.DONE else "failed"
            )
            tx.announce(
                ExportCompleted(
                    event_id=uuid5(event.event_id, status),
                    tenant_id=event.tenant_id,
                    occurred_at=self.clock.now(),
                    export_id=finished.id,
                    status=status,
                    row_count=finished.row_count,
                )
            )
        self.relay(event.tenant_id)


def _release_ids(wanted: Export) -> list[str]:
    listed = wanted.options.get("release_ids")
    return [str(each) for each in listed] if isinstance(listed, list) else []


class _Counting:
    """Passes bytes on and counts them."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size_bytes = 0

    def write(self, content: bytes) -> int:
        self._stream.write(content)
        self.size_bytes += len(content)
        return len(content)


def object_name(export: Export) -> str:
    """Return where the file lies: the same at every try."""
    day = export.requested_at.date().isoformat()
    return f"{export.tenant_id}/{export.id}/{export.kind}-{day}.{export.format}"


def _reason(exc: PermanentError) -> Mapping[str, JsonValue]:
    facts: dict[str, JsonValue] = {
        name: value if isinstance(value, bool | int | float | str) else str(value)
        for name, value in exc.facts.items()
    }
    return {"code": exc.code, "message": exc.message, "facts": facts}
