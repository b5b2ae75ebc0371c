"""Damage: files mutated by a seed, each analysed under an alarm and a memory limit.

    python -m benchmarks.audio_damage [FOLDER] [--files 2000]

A file that is refused with a reason, or analysed as far as it goes, is fine. A crash
ends the child that met it, which counts, and another child goes on after it.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

import numpy as np

_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "tagcorpus"
_LARGEST_BYTES = 400_000
_PATIENCE_S = 60
_MEMORY_BYTES = 3 << 30
_LONGEST_S = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=_DATA)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--first", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.first is not None:
        _analyse_all(options.folder, range(options.first, options.files))
        return
    if not options.folder.is_dir():
        print(f"not measured: there is no {options.folder}")
        return
    found, at = Counter[str](), 0
    while at < options.files:
        command = [sys.executable, "-m", "benchmarks.audio_damage", str(options.folder)]
        command += ["--files", str(options.files), "--first", str(at)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        found.update(str(one["how"]) for one in told)
        for one in told:
            if one["how"] not in ("analysed", "refused"):
                print(one)
        at += len(told)
        if at < options.files:
            print({"seed": at, "how": "crashed", "exit": done.returncode})
            found["crashed"] += 1
            at += 1
    print(dict(found))


def mutated(content: bytes, seed: int) -> bytes:
    """Return *content* with bytes changed, cut out, doubled or cut off."""
    draw = np.random.default_rng(seed)
    changed = bytearray(content)
    for _ in range(int(draw.integers(1, 12))):
        if not changed:
            break
        # Headers are where damage misleads most.
        reach = len(changed) if draw.random() < 0.5 else min(len(changed), 200)
        at = int(draw.integers(reach))
        length = int(draw.integers(1, 40))
        match int(draw.integers(5)):
            case 0 | 1:
                changed[at : at + length] = draw.bytes(length)
            case 2:
                del changed[at : at + length]
            case 3:
                changed[at:at] = changed[at : at + 20 * length]
            case _:
                changed[at : at + 4] = bytes([int(draw.choice([0, 127, 255]))] * 4)
    if draw.random() < 0.2:
        del changed[int(draw.integers(len(changed) + 1)) :]
    return bytes(changed)


def _analyse_all(folder: Path, seeds: range) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _too_late)
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and 0 < path.stat().st_size < _LARGEST_BYTES
    )
    for seed in seeds:
        path = files[seed % len(files)]
        signal.alarm(_PATIENCE_S)
        how = _how(mutated(path.read_bytes(), seed))
        signal.alarm(0)
        line = {"seed": seed, "file": path.name, "how": how}
        print(json.dumps(line), flush=True)


def _how(content: bytes) -> str:
    from shared.audio.analysis import analyse
    from shared.domain.errors import UnreadableFileError

    try:
        analyse(io.BytesIO(content), _LONGEST_S)
    except UnreadableFileError:
        return "refused"
    except TimeoutError:
        return "hung"
    return "analysed"


def _too_late(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError


if __name__ == "__main__":
    main()
