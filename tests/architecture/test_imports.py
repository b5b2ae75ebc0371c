"""Who may import whom, and what each entry point loads when an instance starts."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import shared
from infra.local.trial import available_functions

_ROOT = Path(__file__).resolve().parents[2]
_HEAVY = {"librosa", "numba", "scipy", "mutagen", "lxml", "av", "numpy", "soundfile"}
_MAY_LOAD = {
    "api": set(),
    "sync": set(),
    "export": set(),
    "validate": {"lxml"},
    "extract": {"mutagen", "lxml"},
    "enrich": _HEAVY - {"mutagen", "lxml"},
}
_LOADED = """
import importlib, json, sys
importlib.import_module(sys.argv[1])
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded_by(module):
    """Return the top-level modules that importing *module* loads, in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, module],
        cwd=_ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_contracts_of_import_linter_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )

    assert done.returncode == 0, done.stdout[-3000:]


def test_shared_comes_from_the_tree():
    assert Path(shared.__file__).resolve() == _ROOT / "shared" / "__init__.py"
    assert "site-packages" not in str(shared.__path__)


@pytest.mark.parametrize("function", available_functions())
def test_an_instance_starts_without_what_it_does_not_need(function):
    loaded = loaded_by(f"functions.{function}.main")

    assert loaded & _HEAVY <= _MAY_LOAD[function]


@pytest.mark.parametrize("function", available_functions())
def test_clients_are_not_made_before_they_are_needed(function):
    """None of the variables that name a cloud is set here, so making one would fail."""
    assert "functions" in loaded_by(f"functions.{function}.main")


def sources():
    for folder in ("shared", "functions"):
        yield from sorted((_ROOT / folder).rglob("*.py"))


def test_only_the_settings_read_the_environment():
    readers = {
        path.relative_to(_ROOT).as_posix()
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in ("environ", "getenv")
    }

    assert readers <= {"shared/runtime/settings.py"}


def test_no_error_is_caught_by_a_net():
    # The outermost edge of the API: whatever it was, the caller gets a problem.
    edge = "functions/api/app.py"
    nets = [
        f"{path.relative_to(_ROOT)}:{node.lineno}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
        )
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]

    assert [place for place in nets if place.partition(":")[0] != edge] == []
    assert len(nets) <= 1
