"""How many tracks an hour go through enrich, and how long one takes.

    python -m benchmarks.enrich [--tracks 10] [--processes 2]

The use case as the function wires it (everything that is heard, models, findings,
reviews, duplicates) over PostgreSQL and a folder as the object store; bus and documents
are in memory. 3-minute stereo MP3s, each process for a label of its own; the first
track of a process warms it up and is not counted. The database's CPU counts too.
Bars: 10,000 tracks an hour on 2 cores; one track in less than a second once warm.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

from benchmarks._machine import machine
from infra.local import postgres
from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from migrations.run import upgrade
from shared.adapters.local import LocalObjectStore
from shared.adapters.postgres.administration import create_tenant
from shared.adapters.postgres.catalog import PostgresCatalog, open_catalog
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.uploads import upload_id
from shared.events.pipeline import RecordingExtracted
from shared.ports.object_store import ObjectStat

_BAR_TRACKS_H = 10_000
_BAR_S = 1.0
_LENGTH_S = 180.0
_KEYS = ("A minor", "C major", "Eb minor", "G major", "F# minor", "Bb major")
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_CORES = 2


@dataclass(frozen=True, slots=True)
class Work:
    """What one process does: all files of one label."""

    url: str
    folder: Path
    tenant: str


@dataclass(frozen=True, slots=True)
class Done:
    """Wall and CPU time of each track once warm."""

    walls_s: tuple[float, ...]
    cpus_s: tuple[float, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure enrich.")
    parser.add_argument("--tracks", type=int, default=10, help="for each process")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    print(machine())
    home = Path(tempfile.mkdtemp(prefix="linernotes-bench-", dir="/var/tmp"))
    # PostgreSQL's account has to come through.
    home.chmod(0o755)
    tenants = [f"label-{number}" for number in range(options.processes)]
    make_files(home / "up", tenants, options.tracks + 1)
    server = postgres.start(home / "db", _free_port(), home=home / "db")
    try:
        password = sa.make_url(server.url_app).password
        upgrade(server.url_admin, app_password=password)
        admin = sa.create_engine(server.url_admin)
        for tenant in tenants:
            create_tenant(admin, tenant, tenant)
        admin.dispose()
        before_s = _database_cpu_s(home / "db")
        works = [Work(server.url_app, home / "up", tenant) for tenant in tenants]
        with multiprocessing.get_context("spawn").Pool(len(works)) as pool:
            done = pool.map(process, works)
        # A backend's time is its parent's once its connection is closed.
        time.sleep(1)
        tell(done, _database_cpu_s(home / "db") - before_s)
    finally:
        server.kill()
        shutil.rmtree(home, ignore_errors=True)


def tell(done: list[Done], database_s: float) -> None:
    walls_s = sorted(wall for one in done for wall in one.walls_s)
    cpus_s = sorted(cpu for one in done for cpu in one.cpus_s)
    database_each_s = database_s / (len(cpus_s) + len(done))
    cpu_s = statistics.mean(cpus_s) + database_each_s
    wall_rate = 3600 * sum(len(one.walls_s) / sum(one.walls_s) for one in done)
    cpu_rate = _CORES * 3600 / cpu_s
    median_s = statistics.median(walls_s)
    print(
        f"CPU of a track {cpu_s:.3f} s ({database_each_s:.3f} s of it the database's): "
        f"{cpu_rate:,.0f} tracks/h on {_CORES} cores of one's own; bar "
        f"{_BAR_TRACKS_H:,}, ratio {cpu_rate / _BAR_TRACKS_H:.2f}"
    )
    print(f"by the clock {wall_rate:,.0f} tracks/h with {len(done)} processes")
    print(
        f"one track by the clock: median {median_s:.3f} s, from {walls_s[0]:.3f} to "
        f"{walls_s[-1]:.3f}; bar {_BAR_S} s, ratio {_BAR_S / median_s:.2f}"
    )


def make_files(folder: Path, tenants: list[str], count: int) -> None:
    """Write *count* songs for each tenant: the same sounds, with tags of their own."""
    total_bytes = 0
    for number in range(count):
        song = Song(
            duration_s=_LENGTH_S,
            bpm=84.0 + 7 * number,
            key=_KEYS[number % len(_KEYS)],
            seed=1000 * number,
        )
        sound = encoded(samples(song), "mp3")
        for tenant in tenants:
            tags = replace(SampleTags(), title=f"{tenant} {number}")
            path = folder / tenant / f"{number:02}.mp3"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tagged(sound, tags))
            total_bytes += path.stat().st_size
    mean_mb = total_bytes / count / len(tenants) / 1e6
    print(
        f"input: {count * len(tenants)} MP3s of {_LENGTH_S:.0f} s, stereo, "
        f"{mean_mb:.1f} MB each"
    )


def process(work: Work) -> Done:
    """Let all files of one label be heard, and measure all but the first."""
    uploads = LocalObjectStore(work.folder)
    catalog, enrich = _wired(work, uploads)
    walls_s, cpus_s = [], []
    for stat in sorted(uploads.list(f"{work.tenant}/"), key=lambda stat: stat.name):
        content = b"".join(uploads.read(stat.name))
        event = _extracted(catalog, work.tenant, stat, sha256(content).hexdigest())
        wall_s, cpu_s = time.perf_counter(), _cpu_s()
        enrich(event)
        walls_s.append(time.perf_counter() - wall_s)
        cpus_s.append(_cpu_s() - cpu_s)
    catalog._engine.dispose()  # noqa: SLF001 - so that the database's time is complete
    return Done(tuple(walls_s[1:]), tuple(cpus_s[1:]))


def _wired(
    work: Work, uploads: LocalObjectStore
) -> tuple[PostgresCatalog, Callable[[RecordingExtracted], None]]:
    """Return the catalog, and enrich as `functions.enrich.main` makes it."""
    from functions.enrich.duplicates import DuplicateFinder
    from functions.enrich.hearing import hearing_of
    from functions.enrich.main import _compare
    from functions.enrich.models import Models
    from functions.enrich.service import Enricher
    from shared.adapters.memory.bus import MemoryBus
    from shared.adapters.memory.documents import MemoryDocuments
    from shared.adapters.system import SystemClock
    from shared.audio.analysis import analyse
    from shared.audio.lookup import LEAST_SHARED
    from shared.audio.model import shipped
    from shared.runtime.relay import Relay

    catalog = open_catalog(work.url)
    clock = SystemClock()
    enricher = Enricher(
        catalog=catalog,
        uploads=uploads,
        clock=clock,
        listen=lambda file: hearing_of(analyse(file)),
        relay=Relay(catalog, MemoryBus(), MemoryDocuments()).relay,
        models=Models(load=shipped),
        check_duplicates=DuplicateFinder(catalog, clock, _compare, LEAST_SHARED).check,
    )
    return catalog, enricher.enrich


def _extracted(
    catalog: PostgresCatalog, tenant: str, stat: ObjectStat, digest: str
) -> RecordingExtracted:
    """Stage what tags say of a file, as extract does; return its event."""
    keys = (f"sha256:{digest}", f"object:{stat.uri}")
    claims = (Claim("title", stat.name),)
    said = SourceRecord(
        Kind.RECORDING, keys, "tags", stat.uri, stat.generation, claims, _AT
    )
    with catalog.transaction(tenant) as tx:
        (change,) = tx.stage([said])
    return RecordingExtracted(
        event_id=uuid4(),
        tenant_id=tenant,
        occurred_at=_AT,
        recording_id=change.entity.id,
        upload_id=upload_id(stat.uri),
        uri=stat.uri,
        generation=stat.generation,
        keys=keys,
    )


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _database_cpu_s(home: Path) -> float:
    """Return the CPU time of the server and of all its children that ended."""
    (pidfile,) = home.rglob("postmaster.pid")
    pid = pidfile.read_text().split()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
