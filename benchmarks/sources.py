"""Reading sources: feeds against feedparser, templates, and a table of 100,000 rows.

    python -m benchmarks.sources [FOLDER]

FOLDER holds sample files by category with an `index.csv`, as the sample data beside
the project does; without it, only the table is measured. Feeds: how many are read,
how many `podcast:` tags of those written are kept, CPU time of both in the same run.
The table: rows per second of CPU, over several runs, and the peak of memory.
"""

from __future__ import annotations

import csv
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import feedparser

from benchmarks._machine import machine
from shared.domain.errors import PermanentError
from shared.formats.feeds.reading import read_feed
from shared.formats.tables.preview import preview
from shared.formats.tables.reading import read_table

_SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "ingest"
_RUNS = 5
_ROWS = 100_000
_TAG = re.compile(rb"<podcast:(\w+)[\s>/]")
_HEADINGS = (
    *("Release Title", "Release Artist", "UPC", "Catalog Number", "Label"),
    *("Release Date", "P Line", "C Line", "Track Number", "Track Title"),
    *("Track Artist", "ISRC", "Genre", "Language", "Duration", "Composer", "Producer"),
)
_FIELDS = {
    "person": "persons",
    "transcript": "transcripts",
    "soundbite": "soundbites",
    "funding": "funding",
    "txt": "texts",
    "location": "locations",
}


def main() -> None:
    print(machine())
    if sys.argv[1:] == ["--table"]:
        _table_run()
        return
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _SAMPLES
    if folder.is_dir():
        _feeds(folder)
        _templates(folder)
    else:
        print(f"no sample files at {folder}: feeds and templates are left out")
    _table()


def _samples(folder: Path, *categories: str) -> list[Path]:
    with (folder / "index.csv").open(encoding="utf-8") as stream:
        return [
            folder / row["file"]
            for row in csv.DictReader(stream)
            if row["category"] in categories and row["kind"] != "expected-output"
        ]


def _feeds(folder: Path) -> None:
    for name, categories in (
        ("feeds", ("podcast-rss", "feed-general")),
        ("malformed feeds", ("feed-malformed",)),
    ):
        contents = [path.read_bytes() for path in _samples(folder, *categories)]
        ours = sum(_is_read(content) for content in contents)
        peer = sum(_peer_reads(content) for content in contents)
        print(f"{name}: {len(contents)}; read {ours}, feedparser {peer}")
    contents = [
        path.read_bytes() for path in _samples(folder, "podcast-rss", "feed-general")
    ]
    _tags(contents)
    ours_s = _median_s(_ours, contents)
    peer_s = _median_s(_peer, contents)
    print(
        f"CPU for all, median of {_RUNS}: {ours_s:.2f} s, feedparser {peer_s:.2f} s; "
        f"ratio {ours_s / peer_s:.2f}"
    )


def _ours(content: bytes) -> list[Any]:
    feed = read_feed(content)
    return [feed.podcast, *feed.episodes()]


def _peer(content: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(content)


def _is_read(content: bytes) -> bool:
    """Say whether a feed is read, or where nothing is in it, that this is told."""
    try:
        return bool(_ours(content))
    except PermanentError:
        return False


def _peer_reads(content: bytes) -> bool:
    found = _peer(content)
    return bool(found.get("version") or found.entries or found.feed)


def _tags(contents: Iterable[bytes]) -> None:
    written = kept = peer_kept = 0
    for content in contents:
        names = [n.decode() for n in _TAG.findall(content) if n.decode() in _FIELDS]
        written += len(names)
        if not names:
            continue
        told = _ours(content)
        for tag in set(names):
            found = sum(len(item.values.get(_FIELDS[tag], [])) for item in told)
            others = sum(
                extension["tag"] == f"podcast:{tag}"
                for item in told
                for extension in item.values.get("extensions", [])
            )
            kept += min(names.count(tag), found + others)
        parsed = _peer(content)
        holders = [parsed.feed, *parsed.entries]
        peer_kept += sum(
            any(key.startswith(f"podcast_{tag}") for key in holder)
            for tag in set(names)
            for holder in holders
        )
    print(
        f"repeatable podcast: tags written {written}; kept {kept}, "
        f"feedparser {min(peer_kept, written)}"
    )


def _templates(folder: Path) -> None:
    paths = _samples(folder, "csv-catalog", "csv-template-columns")
    known = 0
    for path in paths:
        shown = preview(path)
        known += all(not found.unknown for found in shown)
        names = ", ".join(found.template or found.subject for found in shown)
        unknown = [name for found in shown for name in found.unknown]
        print(f"  {path.name}: {names}; unknown headings: {unknown or 'none'}")
    print(f"templates recognised unmapped: {known} of {len(paths)}")


def _table() -> None:
    """Read the table in processes of their own, so that memory is that of reading."""
    for _ in range(_RUNS):
        subprocess.run(
            [sys.executable, "-m", "benchmarks.sources", "--table"],
            cwd=Path(__file__).resolve().parents[1],
            check=True,
        )


def _table_run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "catalog.csv")
        _write_table(path)
        before_mib = _peak_mib()
        start = time.process_time()
        entries = claims = 0
        for entry in read_table(path):
            entries += 1
            claims += len(entry.track)
        spent_s = time.process_time() - start
        start = time.process_time()
        with path.open(encoding="utf-8", newline="") as stream:
            rows = sum(1 for _ in csv.DictReader(stream))
        plain_s = time.process_time() - start
    print(
        f"table: {entries} rows, {claims} claims; {entries / spent_s:.0f} rows/s of "
        f"CPU; csv.DictReader alone {rows / plain_s:.0f}, ratio {plain_s / spent_s:.3f}"
        f"; peak {_peak_mib():.0f} MiB, {before_mib:.0f} before"
    )


def _write_table(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_HEADINGS)
        for number in range(_ROWS):
            writer.writerow(_row(number))


def _row(number: int) -> list[object]:
    release = number // 10
    label = f"Label {release % 200}"
    return [
        f"Album {release}",
        f"Artist {release % 5000}",
        _gtin(release),
        f"CAT{release}",
        label,
        f"2024-{release % 12 + 1:02}-{release % 28 + 1:02}",
        f"2024 {label}",
        f"2024 {label}",
        number % 10 + 1,
        f"Song Number {number}",
        f"Artist {release % 5000} feat. Guest {number % 777}",
        f"QZABC{20 + number // 99_999:02}{number % 99_999 + 1:05}",
        "Pop",
        "en",
        f"{number % 5 + 2}:{number % 60:02}",
        f"Writer {number % 3000}; Writer {number % 1000}",
        f"Producer {number % 100}",
    ]


def _gtin(number: int) -> str:
    digits = f"2{number:010}"
    weighted = sum(int(d) * (3 if n % 2 == 0 else 1) for n, d in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def _median_s(read: Callable[[bytes], Any], contents: Iterable[bytes]) -> float:
    times_s = []
    for _ in range(_RUNS):
        start = time.process_time()
        for content in contents:
            read(content)
        times_s.append(time.process_time() - start)
    return statistics.median(times_s)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
