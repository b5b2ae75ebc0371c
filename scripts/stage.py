"""Lays out `build/functions/<name>/`: a function, what it reaches, its pins.

Buildpacks read `main.py` and `requirements.txt` at the root of an archive alone.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "functions"


def stage(names: Iterable[str]) -> list[Path]:
    """Lay out the functions called *names*, anew, and return their folders."""
    graph = grimp.build_graph("functions", "shared", cache_dir=None)
    return [_staged(graph, name) for name in names]


def reached(graph: grimp.ImportGraph, name: str) -> set[str]:
    """Return the modules of `shared` that the function's entry point can load."""
    upstream = graph.find_upstream_modules(f"functions.{name}.main")
    modules = {module for module in upstream if module.startswith("shared")}
    packages = {
        ".".join(parts[:end])
        for parts in (module.split(".") for module in modules)
        for end in range(1, len(parts))
    }
    return modules | packages


def _staged(graph: grimp.ImportGraph, name: str) -> Path:
    target = BUILD / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(
        ROOT / "functions" / name,
        target,
        ignore=shutil.ignore_patterns("__pycache__", "*.md"),
    )
    for module in sorted(reached(graph, name)):
        source = _file_of(module)
        copy = target / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
        _copy_data(source.parent, copy.parent)
    return target


def _file_of(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _copy_data(source: Path, target: Path) -> None:
    """Copy what a package's modules read beside themselves."""
    for path in source.iterdir():
        if path.is_file() and path.suffix in {".json", ".txt", ".csv", ".html"}:
            shutil.copyfile(path, target / path.name)


def main() -> int:
    for folder in stage(sys.argv[1:]):
        files = sum(path.is_file() for path in folder.rglob("*"))
        print(f"stage: {folder.relative_to(ROOT)} ({files} files)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
