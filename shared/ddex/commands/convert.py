"""`convert --to VERSION FILE…`: messages in another version, and what that costs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.ddex.conversion import Balance, convert, same_facts, versions
from shared.ddex.model import model_of, read

from .files import (
    JsonObject,
    Told,
    add_files,
    add_output,
    counted,
    indented,
    tell,
    write_new,
)


def add(commands: Any) -> None:
    """Register the sub-command with *commands*, argparse's sub-parsers."""
    parser = commands.add_parser("convert", help="carry messages over to a version")
    add_files(parser)
    parser.add_argument("--to", required=True, choices=versions(), metavar="VERSION")
    add_output(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    return tell(options, lambda path, content: _told(path, content, options))


def _told(path: Path, content: bytes, options: argparse.Namespace) -> Told:
    conversion = convert(content, options.to)
    differences = same_facts(read(content), model_of(conversion.root))
    balance = conversion.balance
    if options.output is not None:
        write_new(options.output / path.name, conversion.to_bytes())
    said: JsonObject = {
        "version": conversion.source.version,
        "to": conversion.target.version,
        "message": conversion.target.message,
        "schema_valid": conversion.is_schema_valid,
        **balance.to_json(),
        "fact_differences": [each.to_json() for each in differences],
    }
    head = (
        f"{conversion.source.version} to {conversion.target.version}:"
        f" {balance.kept} of {balance.leaves} texts and attributes kept;"
        f" {_counts(balance)}, {len(differences)} catalog facts differ"
    )
    facts = (
        f"differs {each.about}, {each.field}: {' | '.join(each.only_a)}"
        f" -> {' | '.join(each.only_b)}"
        for each in differences
    )
    return said, [head, *indented(_lines(balance)), *indented(facts)], 0


def _counts(balance: Balance) -> str:
    return counted(
        {
            "lost": len(balance.losses),
            "said otherwise": len(balance.changes),
            "supplied": len(balance.supplied),
        }
    )


def _lines(balance: Balance) -> Iterator[str]:
    for loss in balance.losses:
        yield f"lost {loss.xpath} [{loss.value.strip()}]: {loss.reason}"
    for change in balance.changes:
        yield f"changed {change.xpath} [{change.before.strip()}] to [{change.after}]"
    for supplied in balance.supplied:
        yield f"supplied {supplied.xpath} [{supplied.value}]"
