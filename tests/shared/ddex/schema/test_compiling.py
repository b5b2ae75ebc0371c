from __future__ import annotations

import pytest
from lxml import etree

from shared.ddex.schema.compiling import schema_for, tree_of
from shared.ddex.schema.notation import read
from shared.ddex.schema.tables import CARRIED, editions, facts_of
from shared.domain.errors import InvalidInputError, NotFoundError

_43 = "http://ddex.net/xml/ern/43"
_PURGE = """<p:PurgeReleaseMessage xmlns:p="http://ddex.net/xml/ern/{digits}"
    AvsVersionId="9" LanguageAndScriptCode="en">
  <MessageHeader>
    <MessageId>1</MessageId>
    <MessageSender><PartyId>PADPIDA2013042401U</PartyId></MessageSender>
    <MessageRecipient><PartyId>PADPIDA2007082301L</PartyId></MessageRecipient>
    <MessageCreatedDateTime>{created}</MessageCreatedDateTime>
  </MessageHeader>
  <PurgedRelease><ReleaseId><ICPN>0036000291452</ICPN></ReleaseId></PurgedRelease>
</p:PurgeReleaseMessage>"""


def _purge(digits="43", created="2026-11-21T12:00:00Z"):
    return etree.fromstring(_PURGE.format(digits=digits, created=created))


@pytest.mark.parametrize("version", [*CARRIED, "4.3.1"])
def test_every_carried_version_compiles(version):
    namespace = f"http://ddex.net/xml/ern/{version.replace('.', '')}"

    schema = schema_for(namespace, version)

    assert not schema.validate(etree.fromstring(f'<m xmlns="{namespace}"/>'))


@pytest.mark.parametrize(("digits", "version"), [("43", "4.3"), ("431", "4.3.1")])
def test_a_small_message_is_valid_under_its_own_namespace_alone(digits, version):
    schema = schema_for(f"http://ddex.net/xml/ern/{digits}", version)

    assert schema.validate(_purge(digits)), schema.error_log
    assert not schema.validate(_purge("432"))


def test_order_type_and_presence_are_held():
    schema = schema_for(_43, "4.3")
    swapped, untimed, unnamed = _purge(), _purge(created="yesterday"), _purge()
    swapped[0].append(swapped[0][0])
    del unnamed.attrib["AvsVersionId"]

    verdicts = [schema.validate(message) for message in (swapped, untimed, unnamed)]

    assert verdicts == [False, False, False]


def test_a_schema_is_compiled_once():
    assert schema_for(_43, "4.3") is schema_for(_43, "4.3")


def test_a_version_without_tables_says_so():
    with pytest.raises(NotFoundError):
        schema_for("http://ddex.net/xml/ern/341", "3.4.1")


def test_the_user_s_own_files_take_the_place_of_the_tables(tmp_path):
    own = etree.tostring(tree_of(facts_of("4.3"), _43))
    (tmp_path / "own.xsd").write_bytes(own.replace(b'name="MessageId"', b'name="Id"'))

    schema = schema_for(_43, "4.3", tmp_path)

    assert not schema.validate(_purge())


def test_an_import_by_url_is_answered_from_the_user_s_folder(tmp_path):
    (tmp_path / "release-notification.xsd").write_text(
        f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:a="urn:a"
        targetNamespace="{_43}"><xs:import namespace="urn:a"
        schemaLocation="http://nowhere.invalid/avs/avs.xsd"/>
        <xs:element name="NewReleaseMessage" type="a:Word"/></xs:schema>"""
    )
    (tmp_path / "avs.xsd").write_text(
        """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
        targetNamespace="urn:a"><xs:simpleType name="Word"><xs:restriction
        base="xs:string"><xs:enumeration value="yes"/></xs:restriction></xs:simpleType>
        </xs:schema>"""
    )

    schema = schema_for(_43, "4.3", tmp_path)

    message = f'<NewReleaseMessage xmlns="{_43}">{{}}</NewReleaseMessage>'
    assert schema.validate(etree.fromstring(message.format("yes")))
    assert not schema.validate(etree.fromstring(message.format("no")))


def test_what_the_folder_lacks_is_taken_from_the_tables(tmp_path):
    schema = schema_for(_43, "4.3", tmp_path)

    assert schema.validate(_purge()), schema.error_log


def test_a_folder_with_a_damaged_schema_is_refused(tmp_path):
    (tmp_path / "a.xsd").write_text("<xs:schema")

    with pytest.raises(InvalidInputError, match="not a schema"):
        schema_for(_43, "4.3", tmp_path)


def test_the_lists_differ_by_edition():
    currencies = {name: set(sets["CurrencyCode"]) for name, sets in editions().items()}

    assert "XCG" in currencies["avs9"]
    assert "XCG" not in currencies["avs3"]


def test_a_group_may_repeat():
    facts = read(
        "edition avs9\nmessage M\n choice *\n"
        "  A xs:string\n  sequence\n   B+ xs:gYear\n"
    )

    schema = etree.XMLSchema(tree_of(facts, "urn:m"))

    message = '<M xmlns="urn:m">{}</M>'
    good = etree.fromstring(message.format("<A xmlns=''/><B xmlns=''>2026</B>"))
    assert schema.validate(good), schema.error_log
    assert not schema.validate(etree.fromstring(message.format("<C xmlns=''/>")))
