"""Rules that need to know more than the message: earlier messages, and the files."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from shared.ddex.catalog_facts import (
    CatalogFacts,
    DeliveredFile,
    EarlierDeal,
    EarlierRelease,
)
from shared.ddex.checking import check
from shared.ddex.rules import CHECKED_ELSEWHERE, registered_rules
from shared.ddex.territories import EVERYWHERE, Territories
from tests.shared.ddex.album import Edits

_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_BARCODE = ("ICPN", "", "4006381333931")
_STREAM = frozenset({"OnDemandStream"})
_SUBSCRIPTION = frozenset({"SubscriptionModel"})
_FILES = {
    "resources/a1.flac": DeliveredFile({"MD5": "00112233445566778899AABBCCDDEEFF"}),
    "resources/a2.flac": DeliveredFile(),
    "resources/front.jpg": DeliveredFile(),
}


def _codes(edits, **known):
    return {
        finding.code for finding in check(edits.bytes(), now=_NOW, **known).findings
    }


def _known(*deals, ids=(_BARCODE,)):
    return CatalogFacts(releases=(EarlierRelease(frozenset(ids), tuple(deals)),))


def test_a_message_id_is_used_once():
    edits = Edits().text("MessageHeader/MessageId", "M1")

    assert "ERN-H01" in _codes(edits, facts=CatalogFacts(frozenset({"M1"})))
    assert "ERN-H01" not in _codes(edits, facts=CatalogFacts(frozenset({"M2"})))
    assert "ERN-H01" not in _codes(edits)


def test_a_barcode_belongs_to_one_release():
    edits = Edits().into(
        "ReleaseList/Release/ReleaseId",
        "<ProprietaryId Namespace='PADPIDA2013042401U'>NEW-1</ProprietaryId>",
    )
    own = ("ProprietaryId", "PADPIDA2013042401U", "OLD-1")
    same = ("ProprietaryId", "PADPIDA2013042401U", "NEW-1")

    assert "ERN-D12" in _codes(edits, facts=_known(ids=(_BARCODE, own)))
    assert "ERN-D12" not in _codes(edits, facts=_known(ids=(_BARCODE, same)))
    assert "ERN-D12" not in _codes(edits, facts=_known(ids=(_BARCODE,)))


@pytest.mark.parametrize(
    ("deal", "is_missed"),
    [
        (EarlierDeal(EVERYWHERE, frozenset({"RightsClaimModel"}), _STREAM), True),
        (EarlierDeal(Territories.of(["JP"]), _SUBSCRIPTION, _STREAM), True),
        (EarlierDeal(Territories.of(["DE"]), _SUBSCRIPTION, _STREAM), False),
        (
            EarlierDeal(
                EVERYWHERE,
                frozenset({"RightsClaimModel"}),
                _STREAM,
                ends_at=datetime(2026, 1, 1, tzinfo=UTC),
            ),
            False,
        ),
    ],
)
def test_a_deal_that_holds_is_repeated(deal, is_missed):
    codes = _codes(Edits(), facts=_known(deal))

    assert ("ERN-X14" in codes) is is_missed


def test_a_first_message_takes_nothing_down():
    edits = Edits().drop("DealList")

    assert "ERN-X15" in _codes(edits, facts=CatalogFacts())
    assert "ERN-X15" not in _codes(edits, facts=_known())
    assert "ERN-X15" not in _codes(Edits(), facts=CatalogFacts())
    assert "ERN-X15" not in _codes(edits)


def test_files_are_there_and_those_that_were_meant():
    whole = {**_FILES, **_named(Edits())}

    assert {"ERN-S21", "ERN-S22"}.isdisjoint(_codes(Edits(), delivery=whole))
    assert "ERN-S21" in _codes(Edits(), delivery={})
    other = {**whole, "resources/a1.flac": DeliveredFile({"MD5": "0" * 32})}
    assert "ERN-S22" in _codes(Edits(), delivery=other)


def _named(edits):
    return {
        node.text: DeliveredFile()
        for node in edits.root.iter("URI")
        if node.text not in _FILES
    }


@pytest.mark.shared_data
def test_all_rules_of_the_catalogue_are_there_or_said_to_be_elsewhere(ddex_data):
    with (ddex_data / "rules" / "rules43.csv").open(encoding="utf-8") as stream:
        due = {row["rule_id"] for row in csv.DictReader(stream)}

    own = {rule.rule_id for rule in registered_rules()}

    assert len(due) == 136
    assert due - own == CHECKED_ELSEWHERE.keys()
    assert own <= due
