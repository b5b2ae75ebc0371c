"""`fix FILE…`: what is safe to fix by itself, fixed, and each fix told."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shared.ddex.checking import check
from shared.ddex.fixing import fixed
from shared.domain.errors import ConflictError

from .files import JsonObject, Told, add_files, indented, tell


def add(commands: Any) -> None:
    """Register the sub-command with *commands*, argparse's sub-parsers."""
    parser = commands.add_parser("fix", help="fix what is safe to fix")
    add_files(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where the messages go, under their own names; without it only what"
        " would be fixed is told",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    return tell(options, lambda path, content: _told(path, content, options))


def _told(path: Path, content: bytes, options: argparse.Namespace) -> Told:
    done = fixed(content)
    if options.output is not None:
        _write(options.output / path.name, done.content)
    left = check(done.content)
    said: JsonObject = {
        "version": left.version,
        "message": left.message,
        "schema_valid": left.is_schema_valid,
        "fixes": [change.to_json() for change in done.changes],
        "findings_left": len(left.findings),
    }
    head = f"{len(done.changes)} fixes, {len(left.findings)} findings left"
    lines = (
        f"{change.xpath} [{change.before}] to [{change.after}]: {change.what}"
        for change in done.changes
    )
    return said, [head, *indented(lines)], left.exit_code


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("xb") as stream:
            stream.write(content)
    except FileExistsError as exc:
        raise ConflictError("there is a file already", file=str(target)) from exc
