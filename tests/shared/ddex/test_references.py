from __future__ import annotations

import pytest
from lxml import etree

from shared.ddex.checking import check
from shared.ddex.message import Message
from shared.ddex.references import reference_findings
from shared.ddex.versions import recognised
from tests.shared.ddex.album import Edits

_SOUND = "ResourceList/SoundRecording"
_RELEASE = "ReleaseList/Release"


def _codes(edits):
    return [finding.code for finding in check(edits.bytes()).findings]


@pytest.mark.parametrize(
    ("rule_id", "path", "value"),
    [
        ("I01", f"{_SOUND}[2]/ResourceReference", "A1"),
        ("I02", "ReleaseList/TrackRelease/ReleaseReference", "R0"),
        ("I03", "PartyList/Party[2]/PartyReference", "PMira"),
        ("I04", ".//ClipDetails/TechnicalResourceDetailsReference", "T1"),
        ("I05", ".//ReleaseResourceReference", "A98765"),
        ("I05", ".//LinkedReleaseResourceReference", "A98765"),
        ("I06", ".//DealReleaseReference", "R98765"),
        ("I07", ".//ArtistPartyReference", "P98765"),
        ("I07", ".//ContributorPartyReference", "P98765"),
        ("I08", f"{_RELEASE}/ReleaseLabelReference", "P98765"),
        ("I09", f"{_RELEASE}/ReleaseVisibilityReference", "V98765"),
        ("I13", ".//ReleaseResourceReference", "R0"),
        ("I13", ".//ArtistPartyReference", "A1"),
    ],
)
def test_a_wrong_reference_is_found_under_its_rule(rule_id, path, value):
    codes = _codes(Edits().text(path, value))

    assert f"ERN-{rule_id}" in codes


def test_a_reference_of_the_wrong_kind_is_told_once():
    codes = _codes(Edits().text(".//DealReleaseReference", "A1"))

    assert codes.count("ERN-I13") == 1


def test_a_reference_that_is_missed_often_is_told_once_for_each_element():
    edits = Edits().text("PartyList/Party/PartyReference", "PElse")

    codes = _codes(edits)

    assert codes.count("ERN-I07") == 1


def test_versions_without_a_table_are_held_to_the_oldest_one():
    root = etree.fromstring(
        """<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/341"><ResourceList>
        <SoundRecording><ResourceReference>A1</ResourceReference></SoundRecording>
        </ResourceList><ReleaseList><Release><ReleaseResourceReferenceList>
        <ReleaseResourceReference>A1</ReleaseResourceReference>
        <ReleaseResourceReference>A2</ReleaseResourceReference>
        </ReleaseResourceReferenceList></Release></ReleaseList></e:NewReleaseMessage>"""
    )

    found = list(reference_findings(Message(root, recognised(root.tag))))

    assert [(finding.code, finding.value) for _, finding in found] == [
        ("ERN-I05", "A2")
    ]


def test_a_list_of_the_same_name_is_no_reference():
    root = etree.fromstring(
        """<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/43"><ResourceList>
        <SoundRecording><ResourceReference>A1</ResourceReference>
        <ResourceContainedResourceReferenceList><ResourceContainedResourceReference>
        <ResourceContainedResourceReference>A2</ResourceContainedResourceReference>
        </ResourceContainedResourceReference></ResourceContainedResourceReferenceList>
        </SoundRecording><SoundRecording><ResourceReference>A2</ResourceReference>
        </SoundRecording></ResourceList></e:NewReleaseMessage>"""
    )

    found = list(reference_findings(Message(root, recognised(root.tag))))

    assert found == []
