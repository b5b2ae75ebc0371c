"""One run: all uploads into one tenant, left alone or disturbed, until all is calm."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa

from infra.local.trial import Listener, NotSettledError, Trial
from tests.chaos.material import Sending

POISON = "poison.flac"
_VICTIMS = ("extract", "enrich", "validate", "sync")
_POISONED = "object-uploaded.extract"
_FINAL = "published", "rejected", "unchanged"
_POLL_S = 0.2


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What goes wrong, drawn from *seed*; times in seconds."""

    seed: int
    kills: int
    pause_s: tuple[float, float]
    duplicate: float = 0.15
    reorder: float = 0.3


@dataclass(slots=True)
class Run:
    """What was sent, and what was done to it.

    Attributes:
        generations: Of each name, in the order of writing.
        killed: Function names, in the order of their deaths.
    """

    tenant: str
    listener: Listener
    generations: dict[str, list[int]] = field(default_factory=dict)
    killed: list[str] = field(default_factory=list)
    database_crashes: int = 0
    seconds: float = 0.0


def run(
    trial: Trial,
    tenant: str,
    sent: list[Sending],
    disturbance: Disturbance | None = None,
    *,
    within_s: float = 600.0,
) -> Run:
    """Send all of *sent* to *tenant* and wait until nothing is under way."""
    trial.add_tenant(tenant)
    done = Run(tenant, trial.listen(tenant))
    begun = time.monotonic()
    sending = threading.Thread(target=_send, args=(trial, done, sent))
    sending.start()
    if disturbance:
        _disturb(trial, done, disturbance)
    sending.join()
    # The poison one is tried for as long as it takes to be given up.
    _wait(trial, done, within_s, beside="none" if disturbance else _POISONED)
    done.seconds = time.monotonic() - begun
    return done


def poison(trial: Trial, tenant: str) -> None:
    """Have the database refuse one name for a passing reason, again and again."""
    with trial.engine.begin() as connection:
        connection.execute(
            sa.text("""
            CREATE OR REPLACE FUNCTION refuse_poison() RETURNS trigger AS $$
            BEGIN
              IF NEW.uri LIKE '%poison%' THEN
                RAISE EXCEPTION 'poison' USING ERRCODE = '40001';
              END IF;
              RETURN NEW;
            END $$ LANGUAGE plpgsql""")
        )
        connection.execute(
            sa.text(
                "CREATE OR REPLACE TRIGGER poison BEFORE INSERT ON upload "
                "FOR EACH ROW EXECUTE FUNCTION refuse_poison()"
            )
        )
    trial.upload(f"{tenant}/{POISON}", b"not sound")


def cure(trial: Trial) -> None:
    with trial.engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER poison ON upload"))


def _send(trial: Trial, done: Run, sent: list[Sending]) -> None:
    bucket = trial.uploads
    for one in sent:
        blob = bucket.blob(f"{done.tenant}/{one.name}")
        blob.upload_from_string(one.content)
        done.generations.setdefault(one.name, []).append(int(blob.generation))


def _disturb(trial: Trial, done: Run, disturbance: Disturbance) -> None:
    chance = random.Random(disturbance.seed)
    trial.disturb_bus(
        duplicate=disturbance.duplicate,
        reorder=disturbance.reorder,
        seed=disturbance.seed,
    )
    for number in range(disturbance.kills):
        time.sleep(chance.uniform(*disturbance.pause_s))
        if number == disturbance.kills // 2 and trial.stack.database:
            trial.stack.database.restart(crash=True)
            done.database_crashes += 1
        victim = trial.stack.child(chance.choice(_VICTIMS))
        if victim.is_alive():
            with suppress(ProcessLookupError):
                os.killpg(victim.pid, signal.SIGKILL)
                done.killed.append(victim.name)
    trial.disturb_bus(duplicate=0, reorder=0, seed=0)


def _wait(trial: Trial, done: Run, within_s: float, *, beside: str) -> None:
    end = time.monotonic() + within_s
    while open_ones := unfinished(trial, done):
        if time.monotonic() > end:
            raise NotSettledError(f"not final: {sorted(open_ones)[:10]}")
        time.sleep(_POLL_S)
    trial.settle(max(end - time.monotonic(), 30.0), beside=beside)
    _hear_all(trial, done)


def _hear_all(trial: Trial, done: Run) -> None:
    """Wait for the subscriber, who pulls and so may lag behind."""
    end = time.monotonic() + 20
    statement = "SELECT count(*) FROM change_event WHERE tenant_id = :tenant"
    while time.monotonic() < end:
        with done.listener.lock:
            heard = {e["data"].get("number") for e in done.listener.events} - {None}
        if len(heard) >= trial.rows(statement, tenant=done.tenant)[0][0]:
            return
        time.sleep(_POLL_S)


def unfinished(trial: Trial, done: Run) -> set[str]:
    """Return the names whose newest generation is not final yet."""
    rows = trial.rows(
        "SELECT uri, generation, document FROM upload WHERE tenant_id = :tenant",
        tenant=done.tenant,
    )
    final = {
        (row.uri.partition(f"/{done.tenant}/")[2], row.generation)
        for row in rows
        if any(stage in row.document["stages"] for stage in _FINAL)
    }
    return {
        name
        for name, generations in done.generations.items()
        if (name, generations[-1]) not in final
    }
