"""Real messages carried over, and DDEX's own pairs of one release in two versions."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from lxml import etree

from shared.ddex.conversion import convert, same_facts
from shared.ddex.model import model_of, read
from shared.ddex.reading import parsed
from shared.domain.errors import PermanentError

pytestmark = pytest.mark.shared_data

_LARGE_BYTES = 200_000
_PAIRS = (
    ("4.1.1", "4.2", "4.2"),
    ("4.1.1", "4.3", "4.3"),
    ("4.2", "4.3", "4.3"),
    ("4.3", "4.3.1", "4.3.2"),
)


@pytest.mark.parametrize(
    ("versions", "to"),
    [
        (("3",), "4.3"),
        (("3",), "4.2"),
        (("4.1", "4.2"), "4.3"),
        (("4.2", "4.3"), "3.8.2"),
        (("4.3",), "4.2"),
        (("4.3",), "4.3.2"),
        (("431",), "4.3"),
    ],
)
def test_every_real_message_becomes_valid(ddex_data, sample_rows, versions, to):
    official = etree.XMLSchema(
        etree.parse(ddex_data / "xsd" / f"ERN_{to}" / "release-notification.xsd")
    )
    invalid, count = [], 0
    for row in sample_rows:
        if not row["version"].startswith(versions):
            continue
        try:
            written = convert((ddex_data / "samples" / row["file"]).read_bytes(), to)
        except PermanentError:
            continue
        count += 1
        if not official.validate(etree.fromstring(written.to_bytes())):
            invalid.append((row["file"], str(official.error_log[0])))

    assert count >= 5
    assert invalid == []


def _leaves(root):
    found = Counter()
    for node in root.iter("*"):
        names = [etree.QName(each).localname for each in [*node.iterancestors()][::-1]]
        path = "/".join([*names, etree.QName(node).localname])
        if not len(node):
            found[path, " ".join((node.text or "").split())] += 1
        found.update(
            (f"{path}/@{name}", value)
            for name, value in node.attrib.items()
            if name[0] != "{"
        )
    return found


@pytest.mark.parametrize(("source", "golden", "to"), _PAIRS)
def test_the_official_message_of_the_other_version_is_reached(
    ddex_data, source, golden, to
):
    samples = ddex_data / "samples"
    with (samples / "golden_pairs.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row[source] and row[golden]]

    shares = {}
    for row in rows:
        ours = _leaves(convert((samples / row[source]).read_bytes(), to).root)
        theirs = _leaves(parsed((samples / row[golden]).read_bytes()))
        shares[row["family"]] = (ours & theirs).total() / theirs.total()

    assert len(shares) >= 5
    assert min(shares.values()) >= 0.96, shares


@pytest.mark.parametrize("to", ["3.8.2", "4.1.1", "4.2", "4.3", "4.3.2"])
def test_official_messages_of_4_x_say_the_same_in_every_version(
    ddex_data, sample_rows, to
):
    rows = [
        row
        for row in sample_rows
        if row["kind"] == "official-DDEX"
        and row["version"].startswith("4")
        and int(row["bytes"]) < _LARGE_BYTES
    ]

    different = {}
    for row in rows:
        content = (ddex_data / "samples" / row["file"]).read_bytes()
        found = same_facts(read(content), model_of(convert(content, to).root))
        if found:
            different[row["file"]] = found

    assert len(rows) > 15
    assert different == {}
