"""A module has a screen or five, a function one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("shared", "functions", "infra", "migrations", "scripts", "benchmarks")
_LONGEST_MODULE = 300
_LONGEST_FUNCTION = 40
# Longer for a reason.
_TABLES = {
    "shared/domain/isrc_prefixes.py": "the agency's list of prefixes",
    "functions/extract/tags/names.py": "the table of tag names",
}


def modules():
    for folder in _FOLDERS:
        yield from sorted((_ROOT / folder).rglob("*.py"))


def name_of(path):
    return path.relative_to(_ROOT).as_posix()


def is_function(node):
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def length_of(node):
    """Return the lines of a function without its docstring."""
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    told = (first.end_lineno - first.lineno + 1) if is_docstring else 0
    return node.end_lineno - node.lineno + 1 - told


def test_no_module_is_longer_than_it_can_be_read():
    long = {
        name_of(path): lines
        for path in modules()
        if (lines := len(path.read_text().splitlines())) > _LONGEST_MODULE
        and name_of(path) not in _TABLES
    }

    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {length_of(node)} lines"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if is_function(node) and length_of(node) > _LONGEST_FUNCTION
    ]

    assert long == []


@pytest.mark.parametrize("name", sorted(_TABLES))
def test_an_exception_is_still_there(name):
    assert (_ROOT / name).exists()


def test_names_say_something():
    empty = {"utils", "helpers", "common", "manager", "misc"}

    assert [name_of(p) for p in modules() if p.stem in empty] == []
