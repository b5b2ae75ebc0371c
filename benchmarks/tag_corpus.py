"""Reading tags: every file of a corpus, against mutagen alone.

    python benchmarks/tag_corpus.py FOLDER [REPEATS]

Prints how many files were read and refused, why, the time per file, and the ratio to
`mutagen.File`, which only parses: it maps, checks and keeps nothing.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import mutagen

from functions.extract.tags import read_audio
from shared.domain.errors import UnreadableFileError


def main() -> None:
    folder = Path(sys.argv[1])
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    files = sorted(
        path for path in folder.iterdir() if path.is_file() and path.suffix != ".csv"
    )
    reasons: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for path in files:
        reasons[_outcome(path, findings)] += 1
    print(f"machine   {platform.machine()}, Python {platform.python_version()}")
    print(f"input     {len(files)} files of {folder.name}, best of {repeats}")
    print(f"read      {reasons.pop('read', 0)}")
    for reason, count in reasons.most_common():
        print(f"refused   {count:4}  {reason}")
    for code, count in findings.most_common():
        print(f"finding   {count:4}  {code}")
    ours_ms = [_best_ms(read_audio, path, repeats) for path in files]
    peer_ms = [_best_ms(mutagen.File, path, repeats) for path in files]
    for name, times_ms in (("read_audio", ours_ms), ("mutagen.File", peer_ms)):
        p95_ms = statistics.quantiles(times_ms, n=20)[-1]
        print(
            f"{name:13} median {statistics.median(times_ms):.2f} ms,"
            f" p95 {p95_ms:.2f} ms, longest {max(times_ms):.1f} ms"
        )
    print(f"ratio to mutagen.File  {sum(ours_ms) / sum(peer_ms):.2f}")


def _outcome(path: Path, findings: Counter[str]) -> str:
    try:
        reading = read_audio(path)
    except UnreadableFileError as exc:
        return str(exc.facts["reason"]).partition(":")[0]
    findings.update(finding.code for finding in reading.findings)
    return "read"


def _best_ms(read: Callable[[Path], object], path: Path, repeats: int) -> float:
    times_ms = []
    for _ in range(repeats):
        started_s = time.perf_counter()
        with suppress(UnreadableFileError, mutagen.MutagenError, ZeroDivisionError):
            read(path)
        times_ms.append((time.perf_counter() - started_s) * 1000)
    return min(times_ms)


if __name__ == "__main__":
    main()
