"""The check against real messages, where these lie beside the project."""

from __future__ import annotations

from collections import defaultdict

import pytest

from shared.ddex.checking import check
from shared.domain.findings import Level

pytestmark = pytest.mark.shared_data


def _checked(ddex_data, row):
    return check((ddex_data / "samples" / row["file"]).read_bytes())


def test_no_valid_official_message_gets_a_fatal_finding(ddex_data, sample_rows):
    fatal = {
        row["file"]: [
            f for f in _checked(ddex_data, row).findings if f.level is Level.FATAL
        ]
        for row in sample_rows
        if row["kind"] == "official-DDEX" and row["xsd_valid"] in {"yes", "not-checked"}
    }
    readable = {name: found for name, found in fatal.items() if "open/x__" not in name}

    assert len(readable) > 40
    assert {name: found for name, found in readable.items() if found} == {}


def test_every_ern_message_of_a_known_version_is_recognised(ddex_data, sample_rows):
    unread = [
        row["file"]
        for row in sample_rows
        if row["well_formed"] == "yes"
        and row["message_type"] in {"NewReleaseMessage", "PurgeReleaseMessage"}
        and row["version"] not in {"113", "x"}
        and not _checked(ddex_data, row).is_readable
    ]

    assert unread == []


def test_single_faults_are_told_by_their_rule(ddex_data, mutant_rows):
    told: dict[str, list[bool]] = defaultdict(list)
    for row in mutant_rows:
        codes = {finding.code for finding in _checked(ddex_data, row).findings}
        told[row["broken_rule"]].append(f"ERN-{row['broken_rule']}" in codes)

    missed = sorted(rule_id for rule_id, found in told.items() if not all(found))
    assert len(told) > 80
    assert len(missed) <= len(told) * 0.05, missed


def test_single_faults_bring_few_other_findings(ddex_data, mutant_rows):
    before = {}
    others = []
    for row in mutant_rows:
        base = {**row, "file": row["base"]}
        if row["base"] not in before:
            codes = {finding.code for finding in _checked(ddex_data, base).findings}
            before[row["base"]] = codes
        expected = {*before[row["base"]], f"ERN-{row['broken_rule']}"}
        found = [finding.code for finding in _checked(ddex_data, row).findings]
        others.append(sum(code not in expected for code in found))

    assert max(others) <= 2
    assert sum(others) / len(others) <= 0.3
