from __future__ import annotations

import pytest

from shared.ddex.versions import recognised
from shared.domain.errors import InvalidInputError


@pytest.mark.parametrize(
    ("tag", "standard", "version"),
    [
        ("{http://ddex.net/xml/ern/341}NewReleaseMessage", "ern", "3.4.1"),
        ("{http://ddex.net/xml/ern/37D2}NewReleaseMessage", "ern", "3.7 draft 2"),
        ("{http://ddex.net/xml/ern/382}CatalogListMessage", "ern", "3.8.2"),
        ("{http://ddex.net/xml/ern/411}PurgeReleaseMessage", "ern", "4.1.1"),
        ("{http://ddex.net/xml/ern/43}NewReleaseMessage", "ern", "4.3"),
        ("{http://ddex.net/xml/ern/431}NewReleaseMessage", "ern", "4.3.1"),
        ("{http://ddex.net/xml/ern/432}PurgeReleaseMessage", "ern", "4.3.2"),
        ("{http://ddex.net/xml/ern-c-sftp/16}ManifestMessage", "ern-c-sftp", "1.6"),
        (
            "{http://ddex.net/xml/ern-c-sftp/18}AcknowledgementMessage",
            "ern-c-sftp",
            "1.8",
        ),
    ],
)
def test_a_message_is_recognised_by_its_namespace(tag, standard, version):
    kind = recognised(tag)

    assert (kind.standard, kind.version) == (standard, version)
    assert tag.endswith(kind.message)


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("NewReleaseMessage", "not a DDEX message"),
        ("{http://example.org/ern/43}NewReleaseMessage", "not a DDEX message"),
        ("{http://ddex.net/xml/mead/11}MeadMessage", "standard that is not read"),
        ("{http://ddex.net/xml/2010/ern-main/312}NewReleaseMessage", "standard that"),
        ("{http://ddex.net/xml/ern/113}NewReleaseMessage", "version of DDEX"),
        ("{http://ddex.net/xml/ern/44}NewReleaseMessage", "version of DDEX"),
        ("{http://ddex.net/xml/ern/43}UpdateReleaseMessage", "no such message"),
        ("{http://ddex.net/xml/ern/43}CatalogListMessage", "no such message"),
        ("{http://ddex.net/xml/ern-c-sftp/18}NewReleaseMessage", "no such message"),
    ],
)
def test_anything_else_is_refused_with_its_reason(tag, why):
    with pytest.raises(InvalidInputError, match=why) as caught:
        recognised(tag)

    assert tag.endswith(str(caught.value.facts["root"]))


def test_versions_compare_as_numbers():
    old = recognised("{http://ddex.net/xml/ern/37D2}NewReleaseMessage")
    new = recognised("{http://ddex.net/xml/ern/431}NewReleaseMessage")

    assert old.number < (3, 8) < new.number
    assert new.is_ern_4
    assert not old.is_ern_4
