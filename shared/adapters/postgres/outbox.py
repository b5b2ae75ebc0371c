"""What commits left to deliver: written with the facts, handed over in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from shared.adapters.outgoing import Pending
from shared.adapters.postgres.advisory import outbox_lock
from shared.adapters.postgres.json_text import json_text
from shared.domain.entities import Change
from shared.events.catalog import EntityChanged
from shared.ports.catalog import Outgoing
from shared.ports.document_store import Mirror
from shared.ports.event_bus import Announcement

_COUNT = sa.text("""
    INSERT INTO tenant_counter AS old (tenant_id, last_change)
    VALUES (:tenant, CAST(:count AS bigint))
    ON CONFLICT (tenant_id) DO UPDATE SET
      last_change = old.last_change + excluded.last_change
    RETURNING last_change
""")
_CHANGED = """
    changed AS (
      INSERT INTO change_event (tenant_id, number, kind, entity_id, version, action,
        changed_fields, actor, at, event)
      SELECT :tenant, c.* FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS c (
        number bigint, kind text, entity_id uuid, version bigint, action text,
        changed_fields text[], actor text, at timestamptz, event jsonb)),"""
_SEND = """
    WITH {changed} sent AS (
      INSERT INTO outbox (tenant_id, target, address, ordering_key, attributes,
        payload, version)
      SELECT :tenant, target, address, ordering_key, attributes, payload, version
      FROM (
        SELECT * FROM ROWS FROM (
          jsonb_to_recordset(CAST(:items AS jsonb)) AS (
            target text, address text, ordering_key text, attributes jsonb,
            payload text, version bigint)
        ) WITH ORDINALITY ORDER BY ordinality
      ) AS given)
    SELECT 1"""
_SEND_ONLY = sa.text(_SEND.format(changed=""))
_SEND_CHANGES = sa.text(_SEND.format(changed=_CHANGED))
_ALONE = sa.text("SELECT pg_advisory_xact_lock(CAST(:number AS bigint))")
# Gone with the commit, which comes after the delivery.
_TAKE = sa.text("""
    WITH next AS MATERIALIZED (
      SELECT sequence FROM outbox
      WHERE tenant_id = :tenant ORDER BY sequence LIMIT :limit)
    DELETE FROM outbox o USING next
    WHERE o.tenant_id = :tenant AND o.sequence = next.sequence
    RETURNING o.sequence, o.target, o.address, o.ordering_key, o.attributes,
      o.payload, o.version
""")


def write(connection: sa.Connection, tenant_id: str, pending: Pending) -> None:
    """Number the changes and leave all that is pending to deliver.

    Comes last in a transaction: from here to the commit the tenant's counter is held.
    """
    changes = pending.changes
    events: list[EntityChanged] = []
    parameters: dict[str, object] = {"tenant": tenant_id}
    if changes:
        last = connection.scalar(_COUNT, {"tenant": tenant_id, "count": len(changes)})
        events = pending.numbered(int(last or 0))
        told = [_change_row(*pair) for pair in zip(changes, events, strict=True)]
        parameters["changes"] = json_text(told)
    items = [_item_row(item) for item in pending.items(events)]
    if items:
        statement = _SEND_CHANGES if changes else _SEND_ONLY
        connection.execute(statement, parameters | {"items": json_text(items)})


def drain(
    connection: sa.Connection,
    tenant_id: str,
    deliver: Callable[[Sequence[Outgoing]], None],
    limit: int,
) -> int:
    """Hand over up to *limit* items in order, and forget them; return how many."""
    connection.execute(_ALONE, {"number": outbox_lock(tenant_id)})
    rows = connection.execute(_TAKE, {"tenant": tenant_id, "limit": limit})
    taken = sorted(rows, key=attrgetter("sequence"))
    if taken:
        deliver([Outgoing(row.sequence, _item(row)) for row in taken])
    return len(taken)


def _change_row(change: Change, event: EntityChanged) -> dict[str, object]:
    return {
        "number": event.number,
        "kind": event.kind,
        "entity_id": str(event.entity_id),
        "version": event.version,
        "action": change.action,
        "changed_fields": change.changed_fields,
        "actor": change.actor,
        "at": change.at.isoformat(),
        "event": json.loads(event.to_cloud_event()),
    }


def _item_row(item: Announcement | Mirror) -> dict[str, object]:
    if isinstance(item, Announcement):
        return {
            "target": "bus",
            "address": item.topic,
            "ordering_key": item.ordering_key,
            "attributes": dict(item.attributes),
            "payload": item.data.decode(),
            "version": 0,
        }
    return {
        "target": "documents",
        "address": item.path,
        "ordering_key": "",
        "attributes": {},
        "payload": None if item.content is None else json.dumps(dict(item.content)),
        "version": item.version,
    }


def _item(row: sa.Row[Any]) -> Announcement | Mirror:
    if row.target == "bus":
        return Announcement(
            topic=row.address,
            data=row.payload.encode(),
            attributes=row.attributes,
            ordering_key=row.ordering_key,
        )
    content = None if row.payload is None else json.loads(row.payload)
    return Mirror(row.address, row.version, content)
