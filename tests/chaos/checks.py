"""What must hold after a disturbed run; each check returns what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from google.cloud import pubsub_v1

from infra.local.places import PROJECT
from infra.local.topology import SUBSCRIPTIONS
from infra.local.trial import Trial
from shared.adapters.postgres.catalog import open_catalog
from shared.adapters.postgres.engine import open_engine
from shared.adapters.postgres.replay import replay
from shared.domain.claims import Kind
from shared.domain.entities import Entity, content_digest
from tests.chaos.run import POISON, Run, unfinished

_ANY = "a-label"


def nothing_lost(trial: Trial, calm: Run, wild: Run) -> Iterator[str]:
    """Every upload came to its end, and to the same one."""
    for name in sorted(unfinished(trial, wild)):
        yield f"{name} has no outcome"
    ends = [_outcomes(trial, run) for run in (calm, wild)]
    for name in sorted({*ends[0], *ends[1]}):
        if ends[0].get(name) != ends[1].get(name):
            yield f"{name}: {ends[0].get(name)} undisturbed, {ends[1].get(name)} here"


def same_words_staged(trial: Trial, calm: Run, wild: Run) -> Iterator[str]:
    """The same records were staged, none was forgotten, none is of another file."""
    there, here = (_words(trial, run) for run in (calm, wild))
    for words in sorted(there.keys() - here.keys())[:10]:
        yield f"not staged: {words[:200]}"
    for words in sorted(here.keys() - there.keys())[:10]:
        yield f"staged here alone: {words[:200]}"


def nothing_doubled(trial: Trial, wild: Run) -> Iterator[str]:
    """One record per object generation and thing said."""
    rows = trial.rows(
        """
        SELECT source, origin, origin_version, kind, subject_key, count(*) AS times
        FROM source_record WHERE tenant_id = :tenant
        GROUP BY source, origin, origin_version, kind, keys, claims, subject_key
        HAVING count(*) > 1""",
        tenant=wild.tenant,
    )
    for row in rows:
        yield f"{row.times} records of {row.kind} {row.subject_key} in {row.origin}"
    heard = Counter(
        (row.origin, row.origin_version, row.subject_key)
        for row in trial.rows(
            "SELECT origin, origin_version, subject_key FROM source_record "
            "WHERE tenant_id = :tenant AND source LIKE 'audio-analysis%'",
            tenant=wild.tenant,
        )
    )
    for what, times in heard.items():
        if times > 1:
            yield f"listened {times} times to {what}"


def feed_without_gaps(trial: Trial, wild: Run) -> Iterator[str]:
    """Changes are numbered from 1 on; versions of each entity too; all were heard."""
    rows = trial.rows(
        "SELECT number, kind, entity_id, version, event ->> 'id' AS event "
        "FROM change_event WHERE tenant_id = :tenant ORDER BY number",
        tenant=wild.tenant,
    )
    numbers = [row.number for row in rows]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"{len(numbers)} changes are numbered up to {numbers[-1]}"
    if len({row.event for row in rows}) != len(rows):
        yield "two changes have one event id"
    versions: dict[tuple[str, object], list[int]] = {}
    for row in rows:
        versions.setdefault((row.kind, row.entity_id), []).append(row.version)
    for entity, found in versions.items():
        if found != list(range(1, len(found) + 1)):
            yield f"{entity} has versions {found}"
    yield from _heard(wild, set(numbers))


def _heard(wild: Run, numbers: set[int]) -> Iterator[str]:
    told: dict[str, list[int]] = {}
    heard: set[int] = set()
    seen: set[str] = set()
    with wild.listener.lock:
        pairs = list(zip(wild.listener.keys, wild.listener.events, strict=True))
    for key, event in pairs:
        if "version" in event["data"] and event["id"] not in seen:
            seen.add(event["id"])
            told.setdefault(key, []).append(event["data"]["version"])
            heard.add(event["data"]["number"])
    if missing := numbers - heard:
        yield f"{len(missing)} changes were not heard, such as {min(missing)}"
    for key, found in told.items():
        if found != sorted(found):
            yield f"{key} was told in the order {found}"


def same_catalog(trial: Trial, calm: Run, wild: Run) -> Iterator[str]:
    """The content digest is that of the undisturbed run."""
    there, here = (entities(trial, run.tenant) for run in (calm, wild))
    if content_digest(there) == content_digest(here):
        return
    yield "the content digests differ"
    lines = [{content_digest([e]): e for e in found} for found in (there, here)]
    for digest in [*(lines[0].keys() - lines[1].keys())][:6]:
        yield f"undisturbed alone: {_told(lines[0][digest])}"
    for digest in [*(lines[1].keys() - lines[0].keys())][:6]:
        yield f"here alone:        {_told(lines[1][digest])}"


def same_findings(trial: Trial, calm: Run, wild: Run) -> Iterator[str]:
    """Rules say the same of the same entries."""
    there, here = (_findings(trial, run) for run in (calm, wild))
    for told in sorted((there - here).keys())[:10]:
        yield f"undisturbed alone: {told}"
    for told in sorted((here - there).keys())[:10]:
        yield f"here alone:        {told}"


def mirror_shows_the_catalog(trial: Trial, wild: Run) -> Iterator[str]:
    """Firestore has each entry at its version, and no other."""
    wanted = {
        str(entity.id): entity.version
        for entity in entities(trial, wild.tenant)
        if entity.kind in (Kind.RECORDING, Kind.RELEASE) and not entity.deleted_at
    }
    shown = {
        document.id: document.get("version")
        for name in ("tracks", "releases")
        for document in trial.documents.collection(
            f"tenants/{wild.tenant}/{name}"
        ).stream()
        if document.to_dict().get("title") or document.id in wanted
    }
    for entity in sorted({*wanted, *shown}):
        if wanted.get(entity) != shown.get(entity):
            yield f"{entity}: {wanted.get(entity)} there, {shown.get(entity)} shown"


def outbox_empty(trial: Trial) -> Iterator[str]:
    for where, count in trial.under_way().items():
        yield f"{where}: {count}"


def dead_letters_are_poison(trial: Trial) -> Iterator[str]:
    letters = dead_letters(trial)
    for name, attributes in letters:
        if POISON not in attributes.get("objectId", ""):
            yield f"{name}: {attributes}"
    if not any(POISON in told.get("objectId", "") for _, told in letters):
        yield "the poison one is not there"


def dead_letters(trial: Trial) -> list[tuple[str, dict[str, str]]]:
    """Return subscription and attributes of each dead letter; they stay."""
    client = pubsub_v1.SubscriberClient()
    found = []
    for subscription in SUBSCRIPTIONS:
        path = client.subscription_path(PROJECT, subscription.dead_letters)
        pulled = client.pull(
            subscription=path, max_messages=500, return_immediately=True, timeout=10
        ).received_messages
        found += [(subscription.name, dict(r.message.attributes)) for r in pulled]
        if pulled:
            client.modify_ack_deadline(
                subscription=path,
                ack_ids=[r.ack_id for r in pulled],
                ack_deadline_seconds=0,
            )
    client.close()
    return found


def replays_exactly(trial: Trial, run: Run) -> Iterator[str]:
    engine = open_engine(trial.stack.admin_url)
    report = replay(engine, run.tenant)
    engine.dispose()
    if not report.is_exact:
        yield f"{len(report.differences)} entries differ: {report.differences[:5]}"


def entities(trial: Trial, tenant: str) -> list[Entity]:
    """Return the tenant's catalog, with its name in addresses made the same."""
    catalog = open_catalog(trial.stack.variables["LINERNOTES_DATABASE_URL"])
    return [
        replace(
            entity,
            values=json.loads(json.dumps(entity.values).replace(tenant, _ANY)),
        )
        for entity in catalog.entities(tenant)
    ]


def _findings(trial: Trial, run: Run) -> Counter[str]:
    names = {
        (entity.kind, entity.id): str(
            entity.values.get("isrc")
            or entity.values.get("gtin")
            or entity.values.get("title")
        )
        for entity in entities(trial, run.tenant)
        if not entity.deleted_at
    }
    rows = trial.rows(
        "SELECT kind, entity_id, code, value FROM finding WHERE tenant_id = :tenant",
        tenant=run.tenant,
    )
    return Counter(
        f"{row.kind} {name}: {row.code} {row.value or ''}"
        for row in rows
        if (name := names.get((row.kind, row.entity_id)))
    )


def _outcomes(trial: Trial, run: Run) -> dict[str, str]:
    rows = trial.rows(
        "SELECT uri, document FROM upload WHERE tenant_id = :tenant", tenant=run.tenant
    )
    return {
        row.uri.partition(f"/{run.tenant}/")[2]: "rejected"
        if "rejected" in row.document["stages"]
        else "taken in"
        for row in rows
    }


def _words(trial: Trial, run: Run) -> Counter[str]:
    rows = trial.rows(
        # What was replaced before it was listened to need not be listened to.
        """
        SELECT source, origin, kind, subject_key, claims FROM source_record r
        WHERE tenant_id = :tenant AND NOT (
          source LIKE 'audio-%' AND EXISTS (
            SELECT FROM source_record n WHERE n.tenant_id = :tenant
              AND n.origin = r.origin AND n.source LIKE 'audio-analysis%'
              AND n.origin_version > r.origin_version))""",
        tenant=run.tenant,
    )
    # An id holds the time of its first upload: whose it is, its other keys tell.
    return Counter(
        json.dumps(
            [
                row.source,
                row.origin,
                row.kind,
                "" if row.subject_key.startswith("id:") else row.subject_key,
                row.claims,
            ],
            sort_keys=True,
        ).replace(run.tenant, _ANY)
        for row in rows
    )


def _told(entity: Entity) -> str:
    why = {
        name: {k: v for k, v in told.items() if k not in ("at", "record_id")}
        for name, told in entity.provenance.items()
        if isinstance(told, dict)
    }
    said = json.dumps([dict(entity.values), why], sort_keys=True)
    return f"{entity.kind} {said[:700]}"
