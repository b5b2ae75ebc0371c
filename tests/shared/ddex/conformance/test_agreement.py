"""Our tables and the published Schematron, side by side where both are there."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest
from lxml import etree

pytest.importorskip("saxonche", reason="the XSLT 2.0 processor is not installed")

from tests.shared.ddex.conformance.oracle import exceptions, oracle, own_findings

pytestmark = pytest.mark.shared_data

_MESSAGES = {
    "1.4": "3.8.2__Profile_GenericPayAsYouGoStreaming*.xml",
    "2.1": "4.2__DjMix*.xml",
}
_PROFILES = {
    "1.4": ("AudioAlbum", "LongformVideo", "DigitalBoxedSet", "BusinessProfile"),
    "2.1": ("Audio", "DjMix", "LongFormMusicalWorkVideo", "ClassicalVariant"),
}
_TEXTS = ("", "true", "0", "abc", "Album", "FrontCoverImage", "2099-01-01", "A1")
_NAMES = ("SequenceNumber", "ICPN", "ISWC", "Cue", "CarrierType", "PLine", "Comment")
_DICE = random.Random(20261121)


@pytest.fixture(scope="module")
def published(ddex_data):
    with oracle(ddex_data) as found:
        yield found


@pytest.fixture(scope="module", params=["1.4", "2.1"])
def messages(request, ddex_data, tmp_path_factory):
    folder = ddex_data / "samples" / "open"
    sound = next(iter(sorted(folder.glob(_MESSAGES[request.param]))))
    harmed = [tmp_path_factory.mktemp("harmed") / f"{n}.xml" for n in range(6)]
    for path in harmed:
        path.write_bytes(_harmed(sound.read_bytes()))
    return request.param, [sound, *harmed]


def _harmed(content):
    root = etree.fromstring(content)
    for _ in range(15):
        nodes = [each for each in root.iter("*") if each is not root]
        node, leaf = _DICE.choice(nodes), _DICE.choice([n for n in nodes if not len(n)])
        action = _DICE.randrange(4)
        if action == 0:
            node.getparent().remove(node)
        elif action == 1:
            node.addnext(deepcopy(node))
        elif action == 2:
            leaf.text = _DICE.choice(_TEXTS)
        else:
            etree.SubElement(node, _DICE.choice(_NAMES)).text = _DICE.choice(_TEXTS)
    return etree.tostring(root)


def test_every_rule_tells_the_same_of_the_same_places(messages, published):
    edition, paths = messages

    told = 0
    for profile in _PROFILES[edition]:
        excepted = exceptions(edition, profile)
        for path in paths:
            theirs = published.findings(path, edition, profile)
            ours = own_findings(path, edition, profile)
            differing = {
                key
                for key in theirs.keys() | ours.keys()
                if theirs[key] != ours[key] and key[0] not in excepted
            }
            told += theirs.total()
            assert differing == set(), (profile, path.name)

    assert told > 300
