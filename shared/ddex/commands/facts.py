"""`facts FILE…`: what messages say to a catalog, and whether they say the same."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path
from typing import Any

from shared.ddex.conversion import FactDifference, catalog_facts, same_facts
from shared.ddex.model import Ern, read

from .files import JsonObject, Told, add_files, content_of, indented, tell


def add(commands: Any) -> None:
    """Register the sub-command with *commands*, argparse's sub-parsers."""
    parser = commands.add_parser("facts", help="list what messages say to a catalog")
    add_files(parser)
    parser.add_argument(
        "--same-as",
        type=Path,
        metavar="FILE",
        help="list only where they say something else than this one; exit code 1"
        " if they do",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    if options.same_as is None:
        return tell(options, _told)
    return tell(
        options,
        lambda _, content: _compared(read(content_of(options.same_as)), read(content)),
    )


def _told(_path: Path, content: bytes) -> Told:
    message = read(content)
    facts = catalog_facts(message)
    said: JsonObject = {**_head(message), "facts": [fact.to_json() for fact in facts]}
    lines = [f"{message.version}, {len(facts)} facts"]
    for about, group in groupby(facts, key=lambda fact: fact.about):
        lines.append(about)
        lines += indented(f"{fact.field}: {fact.value}" for fact in group)
    return said, lines, 0


def _compared(first: Ern, second: Ern) -> Told:
    differences = same_facts(first, second)
    said: JsonObject = {
        **_head(second),
        "same": not differences,
        "differences": [each.to_json() for each in differences],
    }
    head = f"{len(differences)} differences" if differences else "says the same"
    return said, [head, *indented(map(_line, differences))], int(bool(differences))


def _line(difference: FactDifference) -> str:
    return (
        f"{difference.about}, {difference.field}:"
        f" {' | '.join(difference.only_a) or 'nothing'}"
        f" -> {' | '.join(difference.only_b) or 'nothing'}"
    )


def _head(message: Ern) -> JsonObject:
    return {"version": message.version, "message": message.kind.message}
