"""DDEX: what the check finds, what it blames wrongly, how fast it is, how it fails.

    python benchmarks/ddex.py [DATA] [HARMED]

DATA holds `xsd/` and `samples/` (index.csv, mutants.csv), by default beside the
project; without it only speed and harm are measured. HARMED messages, 10,000 unless
told, are made from an album of our own and must each get an answer within 5 s.
"""

from __future__ import annotations

import csv
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from lxml import etree

from benchmarks._ddex_messages import album_of, harmed_message, harmed_tree
from shared.ddex.checking import CheckedMessage, check
from shared.ddex.conformance.tables import profiles_of
from shared.ddex.fixing import fixed
from shared.ddex.rules import registered_rules
from shared.ddex.schema.compiling import schema_for
from shared.ddex.schema.tables import is_carried
from shared.ddex.versions import recognised
from shared.domain.errors import CatalogError, InvalidInputError
from shared.domain.findings import Level
from tests.shared.ddex.album import album_text

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "ddex"
_NAMESPACE = "http://ddex.net/xml/ern/43"
_LONGEST_S = 5.0
_TRACKS = (21, 5_000)
# Longer messages take the XSLT processor minutes.
_SHORT_BYTES = 100_000


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BESIDE
    harmed = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    print(f"machine    {platform.machine()}, Python {platform.python_version()}")
    print(f"rules      {len(registered_rules())} beside schema and references")
    if folder.is_dir():
        _recognition(folder)
        _verdicts(folder)
        _detection(folder)
        _false_alarms(folder)
        _agreement(folder)
    for tracks in _TRACKS:
        _speed(tracks)
    _memory()
    _harm(harmed)


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "samples" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _checked(folder: Path, name: str) -> CheckedMessage:
    return check((folder / "samples" / name).read_bytes())


def _recognition(folder: Path) -> None:
    rows = [row for row in _rows(folder, "index.csv") if row["well_formed"] == "yes"]
    read = [row for row in rows if _checked(folder, row["file"]).is_readable]
    print(f"recognised {len(read)} of {len(rows)} well-formed samples; the others:")
    for row in rows:
        if row not in read:
            print(f"           {row['message_type']} of {row['namespace']}")


def _verdicts(folder: Path) -> None:
    same = differ = 0
    official: dict[str, etree.XMLSchema] = {}
    for row in [*_rows(folder, "index.csv"), *_rows(folder, "mutants.csv")]:
        try:
            tree = etree.parse(folder / "samples" / row["file"])
            kind = recognised(str(tree.getroot().tag))
        except (etree.XMLSyntaxError, InvalidInputError):
            continue
        path = folder / "xsd" / f"ERN_{kind.version}" / "release-notification.xsd"
        if not path.exists() or not is_carried(kind.version):
            continue
        if kind.version not in official:
            official[kind.version] = etree.XMLSchema(etree.parse(path))
        verdict = schema_for(kind.namespace, kind.version).validate(tree)
        is_same = verdict is official[kind.version].validate(tree)
        same, differ = same + is_same, differ + (not is_same)
    print(f"schema     {same} verdicts as the official one's, {differ} not")


def _detection(folder: Path) -> None:
    told: defaultdict[str, list[bool]] = defaultdict(list)
    before: dict[str, set[str]] = {}
    others: list[int] = []
    beside: Counter[str] = Counter()
    for row in _rows(folder, "mutants.csv"):
        code, base = f"ERN-{row['broken_rule']}", row["base"]
        if base not in before:
            before[base] = {f.code for f in _checked(folder, base).findings}
        found = [f.code for f in _checked(folder, row["file"]).findings]
        told[code].append(code in found)
        other = [each for each in found if each not in before[base] | {code}]
        others.append(len(other))
        beside.update(other)
    kinds = sum(all(hits) for hits in told.values())
    files = sum(map(sum, told.values()))
    print(f"detected   {kinds} of {len(told)} kinds, {files} of {len(others)} files")
    for code, hits in sorted(told.items()):
        if not all(hits):
            print(f"missed     {code}  {sum(hits)} of {len(hits)}")
    print(
        f"unrelated  {statistics.mean(others):.2f} a message, at most {max(others)}:"
        f" {', '.join(f'{code} {count}' for code, count in beside.most_common(6))}"
    )


def _false_alarms(folder: Path) -> None:
    levels: defaultdict[Level, Counter[str]] = defaultdict(Counter)
    valid = [
        row
        for row in _rows(folder, "index.csv")
        if row["kind"] == "official-DDEX" and row["xsd_valid"] in {"yes", "not-checked"}
    ]
    for row in valid:
        checked = _checked(folder, row["file"])
        for finding in checked.findings if checked.is_readable else ():
            levels[finding.level][finding.code] += 1
    print(f"official   {len(valid)} valid samples:")
    for level in Level:
        told = ", ".join(f"{c} {n}" for c, n in levels[level].most_common(8))
        print(f"           {level.name:8}{sum(levels[level].values()):4}  {told}")


def _agreement(folder: Path) -> None:
    """Hold our tables against the published rules, run by an XSLT 2.0 processor."""
    if find_spec("saxonche") is None:
        print("agreement  not measured: there is no XSLT 2.0 processor")
        return
    # Loaded late: it is for development alone.
    from tests.shared.ddex.conformance.oracle import exceptions, oracle, own_findings

    same = differ = excepted = 0
    rules: set[tuple[str, str]] = set()
    with oracle(folder) as published:
        for path, edition in _old_messages(folder):
            for profile in profiles_of(edition):
                theirs = published.findings(path, edition, profile)
                ours = own_findings(path, edition, profile)
                spared = exceptions(edition, profile)
                for key in theirs.keys() | ours.keys():
                    if theirs[key] == ours[key]:
                        same += ours[key]
                        rules.add((profile, key[0]))
                    elif key[0] in spared:
                        excepted += 1
                    else:
                        differ += 1
    print(
        f"agreement  {same} findings of {len(rules)} published rules told alike,"
        f" {differ} not, {excepted} by the listed exceptions"
    )


def _old_messages(folder: Path) -> Iterator[tuple[Path, str]]:
    for row in _rows(folder, "index.csv"):
        path = folder / "samples" / row["file"]
        is_short = path.stat().st_size < _SHORT_BYTES
        if row["message_type"] != "NewReleaseMessage" or not is_short:
            continue
        if row["version"].startswith("3.8"):
            yield path, "1.4"
        elif row["version"] in {"4.1", "4.1.1", "4.2"}:
            yield path, "2.1"


def _speed(tracks: int) -> None:
    content = album_of(tracks)
    schema = schema_for(_NAMESPACE, "4.3")
    check(content)
    floors_s, checks_s = [], []
    # One after the other, so that what else the machine does hits both alike.
    for _ in range(60 if tracks < 100 else 7):
        floors_s.append(_cpu_s(lambda: schema.validate(etree.fromstring(content))))
        checks_s.append(_cpu_s(lambda: check(content)))
    ratios = [one / other for one, other in zip(checks_s, floors_s, strict=True)]
    print(
        f"speed      {tracks:5} tracks, {len(content) / 1e6:5.2f} MB:"
        f" lxml's parse and XSD {statistics.median(floors_s) * 1e3:.1f} ms of CPU,"
        f" full check {statistics.median(checks_s) * 1e3:.1f} ms,"
        f" ratio {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f})"
    )


_PEAK: Final = """
import sys
from pathlib import Path
from lxml import etree
from shared.ddex.checking import check
from shared.ddex.schema.compiling import schema_for
schema = schema_for("http://ddex.net/xml/ern/43", "4.3")
content = Path(sys.argv[2]).read_bytes()
if sys.argv[1] == "check":
    check(content)
else:
    schema.validate(etree.fromstring(content))
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""


def _memory() -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(album_of(5_000))
        file.flush()
        peaks = {name: _peak_mb(name, file.name) for name in ("lxml", "check")}
    print(
        f"memory      5000 tracks: lxml's parse and XSD {peaks['lxml']:.0f} MB,"
        f" full check {peaks['check']:.0f} MB,"
        f" ratio {peaks['check'] / peaks['lxml']:.2f}"
    )


def _peak_mb(name: str, path: str) -> float:
    """Return the most memory that a process of its own had."""
    told = subprocess.run(
        [sys.executable, "-c", _PEAK, name, path],
        cwd=Path(__file__).resolve().parents[1],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        capture_output=True,
        check=True,
        text=True,
    )
    return int(told.stdout) / 1024


def _cpu_s(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


def _harm(count: int) -> None:
    dice = random.Random(20261121)  # noqa: S311 - the same messages on every machine
    album = album_text().encode()
    codes: Counter[int] = Counter()
    longest_s = 0.0
    for _ in range(count):
        harm = dice.choice((harmed_message, harmed_tree))
        content = harm(album, dice)
        started = time.perf_counter()
        codes[check(content).exit_code] += 1
        with suppress(CatalogError):
            fixed(content)
        longest_s = max(longest_s, time.perf_counter() - started)
    print(
        f"harmed     {count} messages: {codes[0]} clean, {codes[1]} with findings,"
        f" {codes[2]} refused, longest {longest_s * 1e3:.0f} ms"
    )
    assert longest_s < _LONGEST_S


if __name__ == "__main__":
    main()
