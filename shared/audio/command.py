"""The command: listens to files and folders, and says what it heard.

    python -m shared.audio analyse FILE… --format json

One JSON object a line, or CSV; a file that cannot be read has `error` instead, and
makes the command end with 1.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from shared.audio.decode import LONGEST_S
from shared.domain.errors import UnreadableFileError

_SUFFIXES = frozenset(
    f".{name}"
    for names in (
        ("aac", "aif", "aiff", "ape", "caf", "dsf", "flac", "m4a", "m4b", "mka"),
        ("mp2", "mp3", "mp4", "mpc", "oga", "ogg", "opus", "spx", "tta", "w64"),
        ("wav", "wave", "wma", "wv"),
    )
    for name in names
)
_BAR_WIDTH = 30
Line = dict[str, object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 1 where a file could not be read, else 0."""
    options = _parser().parse_args(arguments)
    files = sorted(_found(options.files))
    if not files:
        sys.stderr.write("there is no file of sound there\n")
        return 1
    unread = 0
    with _writer(options) as writer:
        for done, line in enumerate(_analysed(files, options), start=1):
            unread += "error" in line
            writer.write(line)
            _show_progress(done, len(files))
    if options.plot:
        unread += _drawn(files, options.plot)
    return 1 if unread else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shared.audio", description=(__doc__ or "").partition("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    analyse = commands.add_parser("analyse", help="say what is heard in files")
    analyse.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="files, or folders of them"
    )
    analyse.add_argument("--format", choices=("json", "csv"), default="json")
    analyse.add_argument("--output", type=Path, help="instead of standard output")
    analyse.add_argument("--jobs", type=int, default=1, help="files at a time")
    analyse.add_argument("--longest-s", type=float, default=float(LONGEST_S))
    analyse.add_argument(
        "--structure", action="store_true", help="look for chords and parts too"
    )
    analyse.add_argument(
        "--plot", type=Path, help="draw the first file as a PNG, or each into a folder"
    )
    return parser


def _found(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from (
                path
                for path in place.rglob("*")
                if path.suffix.lower() in _SUFFIXES and path.is_file()
            )
        else:
            yield place


def _analysed(files: Sequence[Path], options: argparse.Namespace) -> Iterator[Line]:
    hear = partial(_heard, longest_s=options.longest_s, structure=options.structure)
    if options.jobs <= 1 or len(files) == 1:
        yield from map(hear, files)
        return
    # Forking would share the decoder's threads and locks with the children.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
        yield from pool.map(hear, files)


def _heard(path: Path, longest_s: float, structure: bool) -> Line:
    from shared.audio.analysis import analyse
    from shared.audio.document import document

    try:
        heard = analyse(path, longest_s, structure=structure)
    except UnreadableFileError as exc:
        return {"file": str(path), "error": str(exc)}
    return {"file": str(path), **document(heard)}


def _drawn(files: Sequence[Path], target: Path) -> int:
    """Draw the first of *files*, or all where *target* is a folder.

    Return how many could not be, which is said.
    """
    from shared.audio.plot import plot

    wanted = {files[0]: target}
    if target.is_dir():
        wanted = {path: target / f"{path.name}.png" for path in files}
    failed = 0
    for path, picture in wanted.items():
        try:
            plot(path, picture)
        except UnreadableFileError as exc:
            sys.stderr.write(f"{path}: {exc}\n")
            failed += 1
    return failed


class _JsonLines:
    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: Line) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


class _Csv:
    """Lists are joined by spaces, what is in them by colons (`0:A:min 1500:F:maj`).

    A file that is unreadable fills `error` alone.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._writer: csv.DictWriter[str] | None = None
        self._waiting: list[Line] = []

    def write(self, line: Line) -> None:
        if self._writer is None:
            if "error" in line:
                self._waiting.append(line)
                return
            self._begin([*line, "error"])
        self._row(line)

    def _begin(self, columns: list[str]) -> None:
        self._writer = csv.DictWriter(self._file, columns, restval="")
        self._writer.writeheader()
        for line in self._waiting:
            self._row(line)
        self._waiting = []

    def _row(self, line: Line) -> None:
        if self._writer is not None:
            self._writer.writerow({name: _cell(value) for name, value in line.items()})

    def finish(self) -> None:
        if self._writer is None:
            self._begin(["file", "error"])


def _cell(value: object) -> object:
    if isinstance(value, list):
        return " ".join(str(_cell(part)) for part in value)
    if isinstance(value, dict):
        return ":".join(map(str, value.values()))
    return value


@contextmanager
def _writer(options: argparse.Namespace) -> Iterator[_JsonLines | _Csv]:
    with _output(options.output) as file:
        if options.format == "json":
            yield _JsonLines(file)
            return
        rows = _Csv(file)
        yield rows
        rows.finish()


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        yield file


def _show_progress(done: int, total: int) -> None:
    if total < 2 or not sys.stderr.isatty():
        return
    filled = _BAR_WIDTH * done // total
    bar = "█" * filled + "·" * (_BAR_WIDTH - filled)
    end = "\n" if done == total else ""
    sys.stderr.write(f"\r{bar} {done}/{total}{end}")
    sys.stderr.flush()
