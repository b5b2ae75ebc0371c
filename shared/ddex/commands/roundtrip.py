"""`roundtrip FILE…`: whether a message comes out of the model as it went in."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from shared.ddex.model import Part, read
from shared.ddex.reading import parsed
from shared.ddex.schema.compiling import schema_for
from shared.domain.errors import NotFoundError

from .files import (
    JsonObject,
    Told,
    add_files,
    add_output,
    indented,
    tell,
    write_new,
)

Leaves = Counter[tuple[str, str]]


def add(commands: Any) -> None:
    """Register the sub-command with *commands*, argparse's sub-parsers."""
    parser = commands.add_parser("roundtrip", help="read messages and write them again")
    add_files(parser)
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    return tell(options, lambda path, content: _told(path, content, options))


def _told(path: Path, content: bytes, options: argparse.Namespace) -> Told:
    message = read(content)
    written = message.to_bytes()
    if options.output is not None:
        write_new(options.output / path.name, written)
    before, after = leaves_of(message.root), leaves_of(read(written).root)
    lost = list((before - after).elements())
    added = list((after - before).elements())
    said: JsonObject = {
        "version": message.version,
        "message": message.kind.message,
        "leaves": before.total(),
        "kept": before.total() - len(lost),
        "schema_valid": _verdict(content),
        "schema_valid_after": _verdict(written),
        "lost": [f"{path} {value}" for path, value in lost],
        "added": [f"{path} {value}" for path, value in added],
    }
    head = (
        f"{message.version}: {before.total() - len(lost)} of {before.total()} texts"
        f" and attributes kept, {len(added)} added"
    )
    lines = (f"lost {path} [{value}]" for path, value in lost)
    return said, [head, *indented(lines)], int(bool(lost or added))


def leaves_of(part: Part, above: str = "") -> Leaves:
    """Return every text and attribute with its path, as often as it is there."""
    path = f"{above}/{part.name.rpartition('}')[2]}"
    found: Leaves = Counter()
    if not part.parts or part.text.strip():
        found[path, part.text] += 1
    if part.tail:
        found[f"{path}/following", part.tail] += 1
    found.update((f"{path}/@{name}", value) for name, value in part.attributes)
    for inner in part.parts:
        found.update(leaves_of(inner, path))
    return found


def _verdict(content: bytes) -> bool | None:
    root = parsed(content)
    kind = read(content).kind
    try:
        schema = schema_for(kind.namespace, kind.version)
    except NotFoundError:
        return None
    return schema.validate(root)
