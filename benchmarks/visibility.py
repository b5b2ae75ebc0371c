"""How long until whoever watches sees what was uploaded.

    python -m benchmarks.visibility [--files 40] [--pause-ms 500]

Small FLAC files, one after the other, into a local cloud; a Firestore listener waits
for each upload to be published and for its track. Bar: 1 s at the median.
"""

from __future__ import annotations

import argparse
import statistics
import threading
import time
from typing import Any

from benchmarks._machine import machine
from benchmarks.pipeline import files
from infra.local.trial import Trial, trial

_TENANT = "bench"
_BAR_S = 1.0
_WARMING = 5
_WITHIN_S = 60.0


class Watch:
    """Notes when each upload was first seen published, and each track at all."""

    def __init__(self, cloud: Trial) -> None:
        self.published_at: dict[str, float] = {}
        self.track_at: dict[str, float] = {}
        self._lock = threading.Lock()
        root = cloud.documents.collection("tenants").document(_TENANT)
        self._watches = [
            root.collection("uploads").on_snapshot(self._uploads),
            root.collection("tracks").on_snapshot(self._tracks),
        ]

    def stop(self) -> None:
        for watch in self._watches:
            watch.unsubscribe()

    def _uploads(self, _all: object, changes: list[Any], _at: object) -> None:
        now = time.perf_counter()
        with self._lock:
            for document in (change.document.to_dict() for change in changes):
                if "published" in document.get("stages", {}):
                    name = document["uri"].partition(f"/{_TENANT}/")[2]
                    self.published_at.setdefault(f"{_TENANT}/{name}", now)

    def _tracks(self, _all: object, changes: list[Any], _at: object) -> None:
        now = time.perf_counter()
        with self._lock:
            for document in (change.document.to_dict() for change in changes):
                self.track_at.setdefault(document.get("title", ""), now)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure upload to listener.")
    parser.add_argument("--files", type=int, default=40)
    parser.add_argument("--pause-ms", type=int, default=500)
    options = parser.parse_args()
    print(machine())
    made = files(options.files + _WARMING)
    print(
        f"input: {options.files} small files, one every {options.pause_ms} ms, with "
        "audio analysis"
    )
    with trial() as cloud:
        cloud.add_tenant(_TENANT)
        watch = Watch(cloud)
        sent_at = _send(cloud, made, options.pause_ms / 1000)
        _wait(watch, sent_at)
        watch.stop()
    names = [name for name, _ in made[_WARMING:]]
    published = [watch.published_at[name] - sent_at[name] for name in names]
    tracks = [
        watch.track_at[f"Ferry {place}"] - sent_at[name]
        for place, (name, _) in enumerate(made)
        if name in names
    ]
    _report("upload published", published)
    _report("track visible", tracks)


def _send(
    cloud: Trial, made: list[tuple[str, bytes]], pause_s: float
) -> dict[str, float]:
    """Upload one after the other; return when each upload began."""
    sent_at: dict[str, float] = {}
    for name, content in made:
        sent_at[name] = time.perf_counter()
        cloud.upload(name, content)
        time.sleep(pause_s)
    return sent_at


def _wait(watch: Watch, sent_at: dict[str, float]) -> None:
    end = time.perf_counter() + _WITHIN_S
    while len(watch.published_at) < len(sent_at):
        if time.perf_counter() > end:
            raise TimeoutError("not all uploads were seen")
        time.sleep(0.05)
    time.sleep(0.5)


def _report(what: str, taken_s: list[float]) -> None:
    p50, p95 = statistics.median(taken_s), statistics.quantiles(taken_s, n=20)[18]
    print(
        f"{what:<18} p50 {p50:.2f} s, p95 {p95:.2f} s; bar {_BAR_S:.0f} s at p50, "
        f"ratio {p50 / _BAR_S:.2f}"
    )


if __name__ == "__main__":
    main()
