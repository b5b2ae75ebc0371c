"""What the words of the tables mean, shown on small trees."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from shared.ddex.checking import check
from shared.ddex.conformance.catalogue import fault_of, rule_id_of
from shared.ddex.conformance.notation import Requirement, Severity, read, written
from shared.ddex.conformance.requirements import breaches
from shared.ddex.conformance.tables import EDITIONS, profiles_of
from shared.domain.findings import Level

_LIST = """<m AvsVersionId="3"><list>
  <thing n="1"><ref>A1</ref><kind>Song</kind></thing>
  <thing n="2"><ref>A2</ref><kind> </kind></thing>
</list><use><ref>A1</ref></use><use><ref>A1</ref></use>
<DogReference>A2</DogReference></m>"""


def _broken(where, what, *, is_must=True):
    requirement = Requirement("1-1", Severity.FATAL, where, is_must, what)
    return [b.node.get("n") for b in breaches(etree.fromstring(_LIST), [requirement])]


@pytest.mark.parametrize(
    ("what", "broken"),
    [
        ("kind", []),
        ("kind!", ["2"]),
        ("kind{Song|Air}", ["2"]),
        ("ref in //use/ref", ["2"]),
        ("ref once in //use/ref", ["1", "2"]),
        ("ref once in //thing/ref", []),
        ("like Song$", ["2"]),
        ("count(ref) = 1", []),
        ("@n = '1'", ["2"]),
        ("'2026-02-01' after '2026-01-31'", []),
        ("'2026-02-01' after ''", ["1", "2"]),
        ("../../use[ref = $it/ref]", ["2"]),
    ],
)
def test_words_mean_what_they_say(what, broken):
    assert _broken("$message/list/thing", what) == broken


def test_what_must_not_be_is_told_where_it_is():
    assert _broken("//thing", "kind{Song}", is_must=False) == ["1"]


def test_a_name_is_pointed_to_by_another_kind_of_element():
    root = etree.fromstring(
        "<m><CatReference>A1</CatReference><CatReference>A2</CatReference>"
        "<DogReference>A2</DogReference></m>"
    )
    asked = Requirement("G", Severity.WARNING, "//CatReference", True, "pointed-to")

    assert [b.node.text for b in breaches(root, [asked])] == ["A1"]


def test_what_is_written_is_read_back():
    profiles = {name: list(rules) for name, rules in profiles_of("2.1").items()}

    again = read(written(profiles))

    assert {name: set(rules) for name, rules in again.items()} == {
        name: set(rules) for name, rules in profiles.items()
    }


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_requirement_of_every_profile_can_be_asked(edition):
    root = etree.fromstring(
        "<NewReleaseMessage><ResourceList/><ReleaseList/></NewReleaseMessage>"
    )

    requirements = [each for every in profiles_of(edition).values() for each in every]
    places = list(breaches(root, requirements))
    anywhere = [replace(each, where="$message") for each in requirements]

    assert places
    assert list(breaches(root, anywhere))


def test_requirements_go_by_our_rules_where_these_say_the_same():
    audio = {each.number: each for each in profiles_of("2.1")["Audio"]}
    single = {each.number: each for each in profiles_of("1.4")["AudioSingle"]}

    assert rule_id_of(audio["1016-1"]) == "S07"
    assert rule_id_of(single["1047-1"]) == "D03"
    assert rule_id_of(single["1067-1"]) == "1067-1"
    assert fault_of(audio["1013-1"])
    assert not fault_of(audio["1016-1"])


def _message(profile):
    return (
        '<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/382"'
        f' ReleaseProfileVersionId="CommonReleaseTypes/{profile}">'
        "<MessageHeader/><ResourceList/><ReleaseList/></e:NewReleaseMessage>"
    ).encode()


def test_a_message_is_held_against_the_profile_that_it_names():
    found = {
        f.code: f
        for f in check(_message("14/AudioSingle")).findings
        if "release profiles 1.4" in f.source
    }

    assert found["ERN-1067-1"].level is Level.WARNING
    assert "AudioSingle 1067-1" in found["ERN-1067-1"].source
    assert "ERN-1056-1" not in found


def test_without_a_profile_there_is_nothing_to_hold_it_against():
    found = check(_message("14/Unheard-of")).findings

    assert not [each for each in found if "release profiles" in each.source]
