"""Runs the benchmarks: `python -m benchmarks [name …]`; all without a name.

A benchmark is a module here with a `main()`; each prints machine, input, and the ratio
to a named peer or limit. Options of one are given to it when it is run alone:
`python benchmarks/pipeline.py --help`.
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_ROOT = _HERE.parent


def main() -> int:
    wanted = sys.argv[1:] or names()
    unknown = sorted({*wanted} - {*names()})
    if unknown:
        print(f"error: no benchmark {', '.join(unknown)}; there are: {_listed()}")
        return 2
    failed = [name for name in wanted if run(name) != 0]
    if failed:
        print(f"did not run to their end: {', '.join(failed)}")
    return 1 if failed else 0


def names() -> list[str]:
    """Return the modules that are benchmarks."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules([str(_HERE)])
        if not module.name.startswith("_")
        and hasattr(importlib.import_module(f"benchmarks.{module.name}"), "main")
    )


def run(name: str) -> int:
    """Run one in a process of its own, so that none warms up another."""
    print(f"\n== {name}", flush=True)
    module = f"benchmarks.{name}"
    return subprocess.run(
        [sys.executable, "-m", module], cwd=_ROOT, check=False
    ).returncode


def _listed() -> str:
    return ", ".join(names())


if __name__ == "__main__":
    sys.exit(main())
