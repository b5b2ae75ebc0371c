"""What the sub-commands share: files, formats, and what cannot be read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.errors import ConflictError, InvalidInputError, PermanentError

UNREADABLE: Final = 2

JsonObject = dict[str, JsonValue]
# What a sub-command says of one file: as JSON, as lines, and its exit code.
Told = tuple[JsonObject, list[str], int]
Teller = Callable[[Path, bytes], Told]


def add_files(parser: argparse.ArgumentParser) -> None:
    """Let *parser* take files and the format of the answer."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--format", choices=("json", "text"), default="text")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Let *parser* take a folder for the messages that are written."""
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="where the messages go, under their own names; without it only the"
        " account of them is given",
    )


def write_new(target: Path, content: bytes) -> None:
    """Write *content* to *target*, and the folders above it.

    Raises:
        ConflictError: There is such a file already; it stays as it is.
        InvalidInputError: It cannot be written; the facts give the reason.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
    except FileExistsError as exc:
        raise ConflictError("there is a file already", file=str(target)) from exc
    except OSError as exc:
        raise InvalidInputError(
            "the file cannot be written", reason=exc.strerror or type(exc).__name__
        ) from exc


def tell(options: argparse.Namespace, teller: Teller) -> int:
    """Print what *teller* says of each file; return the worst exit code."""
    codes = [0]
    for path in options.files:
        said, lines, code = _told(path, teller)
        codes.append(code)
        if options.format == "json":
            sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        else:
            sys.stdout.writelines(f"{path}: {line}\n" for line in lines)
    return max(codes)


def _told(path: Path, teller: Teller) -> Told:
    try:
        said, lines, code = teller(path, content_of(path))
    except PermanentError as exc:
        facts = ", ".join(f"{name} {value}" for name, value in exc.facts.items())
        reason = f"{exc.args[0]} ({facts})" if facts else str(exc.args[0])
        return {"file": str(path), "error": reason}, [reason], UNREADABLE
    return {"file": str(path), **said}, lines, code


def content_of(path: Path) -> bytes:
    """Return what is in the file at *path*.

    Raises:
        InvalidInputError: It cannot be read; the facts give the reason.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InvalidInputError(
            "the file cannot be read", reason=exc.strerror or type(exc).__name__
        ) from exc


def counted(counts: Mapping[str, int]) -> str:
    """Return numbers with their nouns, such as `3 lost, 1 supplied`."""
    return ", ".join(f"{count} {noun}" for noun, count in counts.items())


def indented(lines: Iterator[str]) -> list[str]:
    return [f"  {line}" for line in lines]
