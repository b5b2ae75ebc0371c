from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shared.ddex.checking import check
from shared.ddex.findings import MessageFinding, in_order
from shared.ddex.positions import positions
from shared.ddex.schema.compiling import tree_of
from shared.ddex.schema.tables import facts_of
from shared.domain.errors import InvalidInputError
from shared.domain.findings import Level
from tests.shared.ddex.album import Edits, album_text

_NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _only(content, code):
    (found,) = [f for f in check(content, now=_NOW).findings if f.code == code]
    return found


def test_a_finding_says_where_what_why_and_how():
    content = album_text().replace("4006381333931</ICPN>", "4006381333932</ICPN>")

    found = _only(content.encode(), "ERN-D04")

    line = content.splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith("<ICPN>4006381333932")
    assert found.xpath == "/ern:NewReleaseMessage/ReleaseList/Release/ReleaseId/ICPN"
    assert found.value == "4006381333932"
    assert found.level is Level.ERROR
    assert found.status == "IdentifierInvalid"
    assert found.source
    assert found.fix


def test_places_are_right_beyond_the_lines_that_the_parser_counts():
    content = album_text().replace("<DealList>", "\n" * 70_000 + "  <DealList>")
    content = content.replace("<TerritoryCode>DE<", "<TerritoryCode>AN<")

    found = _only(content.encode(), "ERN-T04")

    line = content.splitlines()[found.line - 1]
    assert found.line > 70_000
    assert line[found.column - 1 :].startswith("<TerritoryCode>AN")


def test_places_are_right_in_utf_16():
    text = album_text().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    content = text.replace("<TerritoryCode>DE<", "<TerritoryCode>AN<")

    found = _only(content.encode("utf-16"), "ERN-T04")

    line = content.splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith("<TerritoryCode>AN")


def test_positions_count_from_one():
    content = b"<m>\n  <a/><a/>\n</m>"
    root = etree.fromstring(content)

    found = positions(content, root, {root, root[1]})

    assert found == {root: (1, 1), root[1]: (2, 7)}
    assert positions(content, root, set()) == {}


def test_findings_come_in_the_order_of_the_message_each_once():
    def found(line, code):
        return MessageFinding(code, Level.INFO, "m", "f", "s", line)

    ordered = in_order([found(2, "B"), found(1, "C"), found(2, "A"), found(1, "C")])

    assert [(f.line, f.code) for f in ordered] == [(1, "C"), (2, "A"), (2, "B")]


def test_the_same_message_is_told_the_same():
    content = Edits().text(".//ICPN", "1").drop(".//Duration").bytes()

    assert check(content, now=_NOW) == check(content, now=_NOW)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda e: e.drop("MessageHeader/MessageId"), "ERN-A03"),
        (lambda e: e.mark(".", "ReleaseProfileVersionId", "AudioAlbum"), "ERN-A05"),
        (lambda e: e.mark(".", "ReleaseProfileVariantVersionId", "Box"), "ERN-A06"),
        (lambda e: e.text(".//SoundRecording/Duration", "3:25"), "ERN-S04"),
        (lambda e: e.twice("ReleaseList/Release"), "ERN-L01"),
        (
            lambda e: e.after(
                ".//TerritoryCode", "<ExcludedTerritoryCode>FR</ExcludedTerritoryCode>"
            ),
            "ERN-T01",
        ),
        (lambda e: e.text(".//TerritoryCode", "ZZZ"), "ERN-T04"),
    ],
)
def test_what_the_schema_refuses_is_told_by_the_rule_that_says_so(edit, code):
    checked = check(edit(Edits()).bytes(), now=_NOW)

    assert checked.is_schema_valid is False
    assert code in {finding.code for finding in checked.findings}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "ERN-A01"),
        (b"<m", "ERN-A01"),
        (b"<m/>", "ERN-A02"),
        (b"<UpdateReleaseMessage xmlns='http://ddex.net/xml/ern/43'/>", "ERN-A02"),
        (b"<!DOCTYPE m><m/>", "ERN-Z01"),
    ],
)
def test_what_cannot_be_read_is_one_finding(content, code):
    checked = check(content)

    assert checked.exit_code == 2
    assert [(f.code, f.level) for f in checked.findings] == [(code, Level.FATAL)]


def test_choreography_is_recognised_and_no_more():
    manifest = b"<c:ManifestMessage xmlns:c='http://ddex.net/xml/ern-c-sftp/18'/>"

    checked = check(manifest)

    assert (checked.version, checked.message) == ("1.8", "ManifestMessage")
    assert checked.is_schema_valid is None
    assert checked.exit_code == 0


def test_the_user_s_own_schema_decides(tmp_path):
    tree = tree_of(facts_of("4.3"), "http://ddex.net/xml/ern/43")
    own = etree.tostring(tree).replace(b'name="MessageId"', b'name="Id"')
    (tmp_path / "release-notification.xsd").write_bytes(own)

    checked = check(album_text().encode(), schema_folder=tmp_path, now=_NOW)

    assert checked.is_schema_valid is False


def test_a_damaged_schema_is_not_the_message_s_fault(tmp_path):
    (tmp_path / "a.xsd").write_text("<xs:schema")

    with pytest.raises(InvalidInputError):
        check(album_text().encode(), schema_folder=tmp_path)


def test_a_version_without_a_schema_is_checked_as_far_as_it_goes():
    content = b"<e:NewReleaseMessage xmlns:e='http://ddex.net/xml/ern/341'/>"

    checked = check(content)

    assert checked.version == "3.4.1"
    assert checked.is_schema_valid is None


def test_a_finding_becomes_the_catalog_s():
    content = album_text().replace("4006381333931</ICPN>", "4006381333932</ICPN>")

    stored = _only(content.encode(), "ERN-D04").to_finding()

    assert stored.code == "ERN-D04"
    assert stored.place.endswith("/ReleaseId/ICPN")
    assert stored.value == "4006381333932"


@given(st.binary(max_size=200))
def test_any_bytes_get_an_answer(content):
    checked = check(content, now=_NOW)

    assert checked.exit_code == 2
    assert len(checked.findings) == 1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 180), st.text(st.characters(codec="utf-8"), max_size=12))
def test_any_text_anywhere_gets_an_answer(place, text):
    edits = Edits()
    leaves = [each for each in edits.root.iter() if not len(each)]
    leaf = leaves[place % len(leaves)]
    leaf.text = "".join(
        each for each in text if each >= " " and each not in "\ufffe\uffff"
    )

    checked = check(edits.bytes(), now=_NOW)

    assert checked.is_readable
    assert checked == check(edits.bytes(), now=_NOW)
