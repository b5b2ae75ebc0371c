"""DDEX: what survives a round trip and a change of version, and how fast it is.

    python benchmarks/ddex_conversion.py [DATA]

DATA holds `samples/` (index.csv, golden_pairs.csv), by default beside the project;
without it only speed is measured, on an album of our own.

Kept: the texts and attributes of the source that the result has. Of a golden pair, the
texts and attributes, with their paths, of DDEX's own message in the other version that
ours has too.
"""

from __future__ import annotations

import csv
import platform
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from shared.ddex.conversion import Conversion, convert, same_facts
from shared.ddex.model import model_of, read
from shared.ddex.reading import parsed
from shared.ddex.schema.compiling import schema_for
from shared.ddex.schema.tables import is_carried
from shared.domain.errors import PermanentError
from tests.shared.ddex.album import album_text

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "ddex"
_WAYS = (
    *(("3.8", "4.3"), ("3.8", "4.3.2"), ("3.8", "4.2"), ("4.3", "3.8.1")),
    *(("4.3", "3.8.2"), ("4.3", "3.8.3"), ("4.1", "4.3"), ("4.2", "4.3")),
    *(("4.3", "4.2"), ("4.3", "4.3.2"), ("4.3.1", "4.3")),
)
_PAIRS = (
    *(("4.1.1", "4.2", "4.2"), ("4.1.1", "4.3", "4.3"), ("4.2", "4.3", "4.3")),
    *(("4.3", "4.3.1", "4.3.2"), ("4.3", "4.2", "4.2")),
)
_REPEATS = 15

Leaves = Counter[tuple[str, str]]


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    print(f"machine    {platform.machine()}, Python {platform.python_version()}")
    if folder.is_dir():
        rows = list(_rows(folder / "samples" / "index.csv"))
        _round_trips(folder / "samples", rows)
        for source, target in _WAYS:
            _way(folder / "samples", rows, source, target)
        for pair in _PAIRS:
            _golden(folder / "samples", *pair)
    _speed()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def _contents(samples: Path, rows: list[dict[str, str]], start: str) -> Iterator[bytes]:
    """Yield the messages whose version starts so; `4.3.1` is listed as 431."""
    listed = {"4.3.1": "431"}.get(start, start)
    for row in rows:
        if row["version"].startswith(listed) and row["well_formed"] == "yes":
            yield (samples / row["file"]).read_bytes()


def _leaves(root: etree._Element) -> Leaves:
    found: Leaves = Counter()
    for node in root.iter("*"):
        above = [*node.iterancestors()][::-1]
        path = "/".join(etree.QName(each).localname for each in [*above, node])
        if not len(node) or (node.text or "").strip():
            found[path, " ".join((node.text or "").split())] += 1
        found.update(
            (f"{path}/@{name}", str(value))
            for name, value in node.attrib.items()
            if not str(name).startswith("{")
        )
    return found


def _round_trips(samples: Path, rows: list[dict[str, str]]) -> None:
    for start in ("3", "4.1", "4.2", "4.3", "4.3.1"):
        total = kept = files = valid = were_valid = 0
        for content in _contents(samples, rows, start):
            try:
                message = read(content)
            except PermanentError:
                continue
            written = message.to_bytes()
            before, after = _leaves(parsed(content)), _leaves(parsed(written))
            files, total = files + 1, total + before.total()
            kept += (before & after).total()
            if is_carried(message.version):
                schema = schema_for(message.kind.namespace, message.version)
                were_valid += schema.validate(parsed(content))
                valid += schema.validate(parsed(written))
        print(
            f"round trip {start:6} {files:3} messages, {kept / total:.4f} of {total}"
            f" leaves kept, {valid} of the {were_valid} valid ones valid after"
        )


def _way(samples: Path, rows: list[dict[str, str]], source: str, target: str) -> None:
    found: list[Conversion] = []
    same = 0
    for content in _contents(samples, rows, source):
        try:
            conversion = convert(content, target)
        except PermanentError:
            continue
        found.append(conversion)
        same += not same_facts(read(content), model_of(conversion.root))
    kept = sum(each.balance.kept for each in found)
    leaves = sum(each.balance.leaves for each in found)
    share = statistics.median(each.balance.kept / each.balance.leaves for each in found)
    valid = sum(each.is_schema_valid for each in found)
    print(
        f"converted  {source:>5} to {target:5} {valid} of {len(found)} valid,"
        f" {kept / leaves:.3f} of {leaves} leaves kept, {share:.3f} of the median"
        f" message, {same} say the same facts"
    )


def _golden(samples: Path, source: str, golden: str, target: str) -> None:
    shares = {}
    for row in _rows(samples / "golden_pairs.csv"):
        if row[source] and row[golden]:
            ours = _leaves(convert((samples / row[source]).read_bytes(), target).root)
            theirs = _leaves(parsed((samples / row[golden]).read_bytes()))
            shares[row["family"]] = (ours & theirs).total() / theirs.total()
    listed = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
    print(
        f"golden     {source} to {golden}: {min(shares.values()):.3f} at least,"
        f" {statistics.median(shares.values()):.3f} median ({listed})"
    )


def _speed() -> None:
    content = album_text().encode()
    schema = schema_for("http://ddex.net/xml/ern/43", "4.3")
    floor_s = _median_s(lambda: schema.validate(etree.fromstring(content)))
    for name, action in (
        ("round trip", lambda: read(content).to_bytes()),
        ("to 4.3.2", lambda: convert(content, "4.3.2").to_bytes()),
        ("to 3.8.2", lambda: convert(content, "3.8.2").to_bytes()),
    ):
        took_s = _median_s(action)
        print(
            f"speed      album of {len(content) / 1e3:.0f} kB, {name}:"
            f" {took_s * 1e3:.1f} ms CPU,"
            f" {took_s / floor_s:.1f} times lxml's parse and XSD"
        )


def _median_s(action: Callable[[], object]) -> float:
    action()
    times = []
    for _ in range(_REPEATS):
        started = time.process_time()
        action()
        times.append(time.process_time() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
