"""Messages in other versions: valid, accounted for, and saying the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ddex.conversion import convert, converted, same_facts, versions
from shared.ddex.model import model_of, read
from shared.ddex.reading import ForbiddenMarkupError, parsed
from shared.domain.errors import InvalidInputError
from tests.shared.ddex.album import SENDER, Edits, album, album_text
from tests.shared.ddex.generated import messages
from tests.shared.ddex.single_of_3 import single_text

_NEWER = album_text().encode()
_OLDER = single_text().encode()
_SOME = settings(max_examples=20, deadline=None)


@pytest.mark.parametrize("to", versions())
@pytest.mark.parametrize("content", [_NEWER, _OLDER], ids=["4.3", "3.8.2"])
def test_the_result_is_valid_in_every_version(content, to):
    conversion = convert(content, to)

    assert conversion.is_schema_valid
    assert conversion.target.version == to
    assert read(conversion.to_bytes()).version == to


@pytest.mark.parametrize("to", ["3.8.2", "4.1.1", "4.2", "4.3", "4.3.2"])
@pytest.mark.parametrize("version", ["3.8.3", "4.1.1", "4.2", "4.3", "4.3.2"])
def test_whatever_a_schema_allows_becomes_valid_and_is_accounted_for(version, to):
    @_SOME
    @given(messages(version))
    def check(content):
        conversion = convert(content, to)
        balance = conversion.balance
        assert conversion.is_schema_valid
        assert balance.kept + len(balance.losses) == balance.leaves
        assert balance.leaves == _leaf_count(content)

    check()


def _leaf_count(content):
    root = parsed(content)
    texts = sum(not len(e) or bool((e.text or "").strip()) for e in root.iter("*"))
    return texts + sum(len(e.attrib) for e in root.iter("*"))


@given(st.data())
@_SOME
def test_a_message_that_was_harmed_becomes_valid_too(data):
    root = album()
    for _ in range(data.draw(st.integers(1, 5))):
        nodes = [node for node in root.iter("*") if node is not root]
        node = data.draw(st.sampled_from(nodes))
        action = data.draw(st.integers(0, 2))
        if action == 0:
            node.getparent().remove(node)
        elif action == 1:
            node.text = data.draw(st.sampled_from(["", "x", "Worldwide", "2026", "A1"]))
        else:
            node.tag = data.draw(st.sampled_from(["Deal", "PartyId", "Unheard"]))
    to = data.draw(st.sampled_from(["3.8.2", "4.1.1", "4.2", "4.3", "4.3.2"]))

    assert converted(root, to).is_schema_valid


@pytest.mark.parametrize("to", ["3.8.2", "4.1.1", "4.2", "4.3.2"])
def test_the_way_there_and_back_says_the_same(to):
    there = convert(_NEWER, to)
    back = convert(there.to_bytes(), "4.3")

    assert same_facts(read(_NEWER), model_of(there.root)) == ()
    assert same_facts(read(_NEWER), model_of(back.root)) == ()


def test_nothing_is_lost_where_both_versions_have_a_place_for_it():
    balance = convert(_NEWER, "4.3.2").balance

    assert balance.losses == ()
    assert balance.changes == ()


def test_every_place_of_a_loss_is_in_the_source():
    conversion = convert(_OLDER, "4.3")
    root = parsed(_OLDER)

    for loss in conversion.balance.losses:
        found = root.xpath(loss.xpath, namespaces=root.nsmap)
        assert len(found) == 1
        told = found[0] if isinstance(found[0], str) else found[0].text or ""
        assert str(told) == loss.value


def test_every_place_of_what_is_supplied_is_in_the_result():
    conversion = convert(_OLDER, "4.3")

    supplied = conversion.balance.supplied
    assert supplied
    for each in supplied:
        found = conversion.root.xpath(each.xpath, namespaces=conversion.root.nsmap)
        assert len(found) == 1


def test_a_takedown_is_lost_with_its_reason():
    losses = {each.xpath: each for each in convert(_OLDER, "4.3").balance.losses}

    (takedown,) = (each for path, each in losses.items() if path.endswith("/TakeDown"))
    assert takedown.value == "true"
    assert "leaving the deal out" in takedown.reason


def test_parties_are_listed_once_and_pointed_to():
    root = convert(_OLDER, "4.3").root

    names = [node.text for node in root.iterfind("PartyList/Party/PartyName/FullName")]
    listed = {node.text for node in root.iterfind("PartyList/Party/PartyReference")}
    pointed = {
        node.text
        for name in ("ArtistPartyReference", "ContributorPartyReference")
        for node in root.iter(name)
    }
    assert sorted(names) == [
        "Ana Birk",
        "Jonas Elm",
        "Mira Oak",
        "Quiet Water",
        "Shizuka",
    ]
    assert pointed < listed


def test_details_by_territory_become_values_that_name_theirs():
    release = convert(_OLDER, "4.3").root.find("ReleaseList/Release")

    dates = {
        node.text: node.get("ApplicableTerritoryCode")
        for node in release.iterfind("ReleaseDate")
    }
    defaults = [node.get("IsDefault") for node in release.iterfind("DisplayTitle")]
    assert dates == {"2026-03-06": "Worldwide", "2026-04-01": "JP"}
    assert defaults == ["true", None]


def test_values_that_name_their_territory_become_details_by_territory():
    back = convert(convert(_OLDER, "4.3").to_bytes(), "3.8.2").root

    sections = {
        section.findtext("TerritoryCode"): section.findtext("ReleaseDate")
        for section in back.iterfind("ReleaseList/Release[1]/ReleaseDetailsByTerritory")
    }
    assert sections == {"Worldwide": "2026-03-06", "JP": "2026-04-01"}


def test_a_release_of_one_recording_becomes_a_track_release_and_back():
    track = convert(_OLDER, "4.3").root.find("ReleaseList/TrackRelease")
    release = convert(_NEWER, "3.8.2").root.findall("ReleaseList/Release")[1]

    own_id = track.find("ReleaseId/ProprietaryId")
    assert (own_id.text, own_id.get("Namespace")) == ("DEZZ12600001", SENDER)
    assert track.findtext("ReleaseResourceReference") == "A1"
    assert release.findtext("ReleaseType") == "TrackRelease"
    assert release.findtext("ReleaseResourceReferenceList/*") == "A1"


def test_writers_of_the_work_are_credited_at_the_recording():
    recording = convert(_OLDER, "4.3").root.find("ResourceList/SoundRecording")

    roles = [node.text for node in recording.iterfind("Contributor/Role")]
    assert roles == ["Soloist", "Composer"]
    assert recording.findtext("WorkId/ISWC") == "T0345246801"


def test_identifiers_lines_and_files_move_into_the_edition():
    edition = convert(convert(_NEWER, "4.2").to_bytes(), "4.3").root.find(
        "ResourceList/SoundRecording/SoundRecordingEdition"
    )

    delivery = edition.find("TechnicalDetails/DeliveryFile")
    assert edition.findtext("ResourceId/ISRC") == "DEZZ12600001"
    assert edition.findtext("PLine/Year") == "2026"
    assert delivery.findtext("File/URI") == "resources/a1.flac"
    assert edition.findtext("TechnicalDetails/ClipDetails/Timing/StartPoint") == "30"


def test_preview_dates_become_one_visibility_that_releases_point_to():
    root = convert(_OLDER, "4.3").root

    visibility = root.find("DealList/ReleaseVisibility")
    pointer = root.findtext("ReleaseList/Release/ReleaseVisibilityReference")
    assert visibility.findtext("VisibilityReference") == pointer
    assert visibility.findtext("ReleaseDisplayStartDateTime") == "2026-02-20T00:00:00Z"


def test_a_folder_and_a_name_become_one_uri_and_back():
    newer = convert(_OLDER, "4.3").root
    older = convert(_NEWER, "3.8.2").root

    assert newer.findtext(".//DeliveryFile/File/URI") == "resources/a1.flac"
    assert older.findtext(".//File/FileName") == "a1.flac"
    assert older.findtext(".//File/FilePath") == "resources/"


def test_the_profile_goes_by_its_name_in_the_version():
    assert convert(_OLDER, "4.3").root.get("ReleaseProfileVersionId") == "Audio"
    profile = convert(_NEWER, "3.8.2").root.get("ReleaseProfileVersionId")
    assert profile == "CommonReleaseTypes/14/AudioAlbumMusicOnly"


def test_a_word_that_the_version_lacks_becomes_the_senders_own():
    edits = Edits().mark(".", "AvsVersionId", "9")
    edits.text("ReleaseList/Release/ReleaseType", "Ringtone Bundle")

    kind = converted(edits.root, "4.2").root.find("ReleaseList/Release/ReleaseType")

    assert kind.text == "UserDefined"
    assert kind.get("UserDefinedValue") == "Ringtone Bundle"
    assert kind.get("Namespace") == SENDER


def test_titles_go_by_their_type_in_4_3_2_and_back():
    edits = Edits().after(
        "ReleaseList/Release/DisplayTitle",
        '<AdditionalTitle TitleType="FormalTitle"><TitleText>Ebb</TitleText>'
        "</AdditionalTitle>",
    )

    there = converted(edits.root, "4.3.2").root
    back = converted(there, "4.3").root

    assert there.findtext("ReleaseList/Release/FormalTitle/TitleText") == "Ebb"
    title = back.find("ReleaseList/Release/AdditionalTitle")
    assert title.get("TitleType") == "FormalTitle"


def test_roles_have_values_from_4_3_1_on():
    role = convert(_NEWER, "4.3.1").root.find(".//Contributor/Role")

    assert role.findtext("Value") == "Composer"


def test_references_to_what_is_gone_go_too():
    other = (
        '<ReleaseResourceReference ReleaseResourceType="PrimaryResource">A2'
        "</ReleaseResourceReference>"
    )
    head, _, tail = single_text().rpartition("</ReleaseResourceReferenceList>")
    text = f"{head}{other}</ReleaseResourceReferenceList>{tail}"
    text = text.replace("TrackRelease<", "Album<")
    text = text.replace("<DealReleaseReference>R0<", "<DealReleaseReference>R1<")
    text = text.replace('"SecondaryResource"', '"PrimaryResource"')

    conversion = convert(text.encode(), "4.3")

    kept = [node.text for node in conversion.root.iter("ReleaseReference")]
    lost = {each.xpath for each in conversion.balance.losses}
    assert kept == ["R0"]
    assert conversion.root.find("DealList/ReleaseDeal") is None
    assert any(path.endswith("/DealReleaseReference") for path in lost)


def test_the_source_stays_as_it_is():
    root = album()
    before = album_text()

    converted(root, "3.8.2")

    assert read(before.encode()) == model_of(root)


def test_the_same_message_becomes_the_same_bytes():
    assert convert(_OLDER, "4.3").to_bytes() == convert(_OLDER, "4.3").to_bytes()


def test_a_purge_is_converted():
    text = (
        '<m:PurgeReleaseMessage xmlns:m="http://ddex.net/xml/ern/382"'
        ' MessageSchemaVersionId="ern/382"><MessageHeader><MessageId>1</MessageId>'
        f"<MessageSender><PartyId>{SENDER}</PartyId></MessageSender><MessageRecipient>"
        f"<PartyId>{SENDER}</PartyId></MessageRecipient><MessageCreatedDateTime>"
        "2026-02-01T09:00:00Z</MessageCreatedDateTime></MessageHeader><PurgedRelease>"
        "<ReleaseId><ICPN>4006381333931</ICPN></ReleaseId></PurgedRelease>"
        "</m:PurgeReleaseMessage>"
    )

    conversion = convert(text.encode(), "4.3")

    assert conversion.is_schema_valid
    assert model_of(conversion.root).purged[0].value == "4006381333931"
    assert conversion.balance.losses == ()


@pytest.mark.parametrize(
    ("content", "to", "error"),
    [
        (b"<feed/>", "4.3", InvalidInputError),
        (b"<!DOCTYPE a><a/>", "4.3", ForbiddenMarkupError),
        (_NEWER, "5.0", InvalidInputError),
        (_NEWER, "3.4", InvalidInputError),
        (_OLDER.replace(b"NewRelease", b"CatalogList"), "4.3", InvalidInputError),
        (b'<m:ManifestMessage xmlns:m="http://ddex.net/xml/ern-c-sftp/16"/>', "4.3",
         InvalidInputError),
    ],
)  # fmt: skip
def test_what_cannot_be_converted_is_refused(content, to, error):
    with pytest.raises(error):
        convert(content, to)


def test_a_list_of_parties_that_is_missing_has_one_unknown():
    root = album()
    for path in ("PartyList", "ResourceList", "ReleaseList", "DealList"):
        root.remove(root.find(path))

    newer = converted(root, "4.2").root

    names = [node.text for node in newer.iterfind("PartyList/Party/PartyName/FullName")]
    assert names == ["Unknown"]


def test_a_release_without_resources_says_so_in_3_x():
    edits = Edits().drop(".//LinkedReleaseResourceReference")
    edits.drop(".//ResourceGroupContentItem").drop(".//ResourceGroupContentItem")

    release = converted(edits.root, "3.8.2").root.find("ReleaseList/Release")

    assert release.find(".//ReleaseResourceReference") is None
    assert release.findtext("ResourceOmissionReason") == "UserDefined"


def test_a_party_that_is_referred_to_and_unknown_is_listed_as_such():
    edits = Edits().drop("ReleaseList/Release/ReleaseLabelReference")

    root = converted(edits.root, "4.2").root

    parties = {
        party.findtext("PartyReference"): party.findtext("PartyName/FullName")
        for party in root.iterfind("PartyList/Party")
    }
    label = root.findtext("ReleaseList/Release/ReleaseLabelReference")
    assert parties[label] == "Unknown"
    assert len(parties) == 4


def test_a_contributor_is_credited_once_with_all_roles():
    text = single_text().replace(
        "<FullName>Ana Birk</FullName>", "<FullName>Jonas Elm</FullName>"
    )

    recording = convert(text.encode(), "4.3").root.find("ResourceList/SoundRecording")

    (credit,) = recording.findall("Contributor")
    assert [role.text for role in credit.findall("Role")] == ["Soloist", "Composer"]


def test_a_group_of_one_group_is_that_group():
    text = single_text().replace("<ResourceGroup>", "<ResourceGroup><ResourceGroup>")
    text = text.replace("</ResourceGroup>", "</ResourceGroup></ResourceGroup>")

    release = convert(text.encode(), "4.3").root.find("ReleaseList/Release")

    assert release.find("ResourceGroup/ResourceGroup") is None
    assert (
        release.findtext(
            "ResourceGroup/ResourceGroupContentItem/ReleaseResourceReference"
        )
        == "A1"
    )
    link = release.find("ResourceGroup/LinkedReleaseResourceReference")
    assert (link.text, link.get("LinkDescription")) == ("A2", "CoverArt")


def test_a_title_that_its_recording_has_is_not_said_of_the_track_again():
    track = convert(_OLDER, "4.3").root.find("ReleaseList/TrackRelease")

    titles = [node.findtext("TitleText") for node in track.iterfind("DisplayTitle")]
    assert titles == ["Tide"]
    same = single_text().replace("<SubTitle>Live</SubTitle>", "")
    track = convert(same.encode(), "4.3").root.find("ReleaseList/TrackRelease")
    assert track.find("DisplayTitle") is None
