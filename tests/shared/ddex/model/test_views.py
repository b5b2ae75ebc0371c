"""What the typed views say of a message, alike for 3.x and 4.x."""

from __future__ import annotations

import pytest

from shared.ddex.conversion import convert
from shared.ddex.model import EVERYWHERE, Territories, model_of, read, roles_of
from shared.domain.errors import InvalidInputError
from tests.shared.ddex.album import RECIPIENT, SENDER, Edits, album, album_text
from tests.shared.ddex.single_of_3 import single_text


@pytest.fixture(scope="module")
def newer():
    return read(album_text().encode())


@pytest.fixture(scope="module")
def older():
    return read(single_text().encode())


def test_the_envelope(newer, older):
    assert newer.header.sender.dpid == SENDER
    assert [each.dpid for each in newer.header.recipients] == [RECIPIENT]
    assert newer.header.thread_id == "thread-1"
    assert (newer.profile, newer.language, newer.variant) == ("Audio", "en", "")
    assert older.header.sender.dpid == SENDER
    assert older.header.update_indicator == "OriginalMessage"


def test_a_recording_of_4_x(newer):
    recording = newer.resources[0]

    assert recording.kind == "SoundRecording"
    assert recording.title == "Tide 1"
    assert recording.identifier("ISRC") == "DEZZ12600001"
    assert recording.duration_ms == 180_000
    assert recording.works[0].identifiers[0].value == "T0345246801"
    assert recording.lines[0].text == "(P) 2026 Quiet Water Records"
    assert recording.files[0].uri == "resources/a1.flac"
    assert recording.files[0].hash_algorithm == "MD5"
    assert recording.is_instrumental is False
    assert recording.languages == ("en",)


def test_a_recording_of_3_x(older):
    recording = older.resources[0]

    assert recording.type.value == "MusicalWorkSoundRecording"
    assert recording.identifier("ISRC") == "DEZZ12600001"
    assert recording.duration_ms == 185_000
    assert recording.works[0].reference == "W1"
    assert roles_of(recording.works[0].credits[0]) == ("Composer",)
    assert recording.files[0].uri == "resources/a1.flac"
    assert recording.files[0].hash_sum == "00ff"
    assert recording.files[0].sampling_rate_hz == pytest.approx(44_100)
    assert recording.lines[0].territories == Territories(("Worldwide",))


def test_credits_name_parties_in_either_version(newer, older):
    def named(resource):
        return {
            (each.party.name, each.kind, roles_of(each)) for each in resource.credits
        }

    assert named(newer.resources[0]) == {
        ("Mira Oak", "DisplayArtist", ("MainArtist",)),
        ("Jonas Elm", "Contributor", ("Composer",)),
    }
    assert named(older.resources[0]) == {
        ("Mira Oak", "DisplayArtist", ("MainArtist",)),
        ("Ana Birk", "Contributor", ("Soloist",)),
    }


def test_parties_have_their_identifiers(newer, older):
    mira = newer.parties["PMira"]
    artist = older.resources[0].credits[0].party

    assert mira.identifier("ISNI") == "000000012150090X"
    assert mira.identifier("DPID") == ""
    assert artist.identifier("ProprietaryId") == "mira-1"


def test_the_main_release_and_its_tracks(newer, older):
    assert newer.main_release.reference == older.main_release.reference == "R0"
    assert [each.reference for each in newer.track_releases] == ["R1", "R2"]
    assert [each.reference for each in older.track_releases] == ["R1"]
    assert newer.main_release.resources == ("A1", "A2", "A9")
    assert older.main_release.resources == ("A1", "A2")


def test_what_differs_by_territory_says_where(older):
    release = older.main_release

    dates = {each.text: each.territories for each in release.released_on}
    labels = [(each.name, each.territories.included) for each in release.labels]
    assert dates == {
        "2026-03-06": Territories(("Worldwide",)),
        "2026-04-01": Territories(("JP",)),
    }
    assert labels == [("Quiet Water", ("Worldwide",)), ("Shizuka", ("JP",))]
    assert release.title == "Tide"


def test_a_group_has_its_items_in_order(newer):
    (group,) = newer.main_release.groups

    assert [(item.sequence, item.reference) for item in group.items] == [
        (1, "A1"),
        (2, "A2"),
    ]
    assert group.linked == ("A9",)


def test_deals_say_what_is_allowed_where_and_when(newer, older):
    streams, downloads = newer.deals
    assert streams.releases == ("R0", "R1", "R2")
    assert streams.territories == Territories(("DE", "FR"))
    assert [each.value for each in streams.uses] == [
        "OnDemandStream",
        "ConditionalDownload",
    ]
    assert downloads.prices[0].amounts == (("WholesalePricePerUnit", "6.50", "EUR"),)
    assert downloads.periods[0].starts_at == "2026-03-06T00:00:00Z"

    stream, download, takedown = older.deals
    assert [each.value for each in stream.uses] == [
        "OnDemandStream",
        "ConditionalDownload",
    ]
    assert download.territories == Territories(excluded=("US",))
    assert download.prices[0].code.value == "Gold"
    assert [each.is_takedown for each in older.deals] == [False, False, True]
    assert takedown.uses == ()


def test_what_may_be_shown_before_is_found_in_either_version(newer, older):
    assert newer.deals[0].showing.release_at == "2026-02-20T00:00:00"
    assert older.deals[0].showing.clips_at == "2026-02-23"
    assert older.deals[1].showing is None


def test_a_view_has_the_part_it_was_read_from(newer):
    assert newer.resources[0].source.value("MasteredDate") == "2025-06"
    assert newer.header.source.name == "MessageHeader"


def test_the_best_displayed_title_is_the_title():
    edits = Edits().drop("ReleaseList/Release/DisplayTitleText")
    edits.text("ReleaseList/Release/DisplayTitle/TitleText", "Shown")

    assert model_of(edits.root).main_release.title == "Shown"


def test_words_of_ones_own_are_meant_when_the_list_has_none():
    edits = Edits().text(".//Contributor/Role", "UserDefined")
    edits.mark(".//Contributor/Role", "UserDefinedValue", "Whistler")

    credit = model_of(edits.root).resources[0].credits[-1]

    assert roles_of(credit) == ("Whistler",)


@pytest.mark.parametrize("path", ["ReleaseList", "ResourceList", "MessageHeader"])
def test_a_message_without_a_part_is_read_all_the_same(path):
    message = model_of(Edits().drop(path).root)

    assert message.header.message_id == ("" if path == "MessageHeader" else "message-1")
    assert bool(message.releases) is (path != "ReleaseList")
    assert bool(message.resources) is (path != "ResourceList")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("PT3M", 180_000), ("-PT1S", None), ("soon", None), ("", None), ("PT0.5S", 500)],
)
def test_durations_are_milliseconds_or_unknown(text, expected):
    edits = Edits().text("ResourceList/SoundRecording/Duration", text)

    assert model_of(edits.root).resources[0].duration_ms == expected


def test_numbers_that_are_none_are_left_out():
    edits = Edits().text(".//SequenceNumber", "9" * 5_000)

    items = model_of(edits.root).main_release.groups[0].items

    assert [item.sequence for item in items] == [None, 2]


def test_parties_that_are_not_listed_keep_their_reference():
    root = album()
    root.remove(root.find("PartyList"))

    credit = model_of(root).resources[0].credits[0]

    assert (credit.party.reference, credit.party.name) == ("PMira", "")


def test_a_purge_names_the_release():
    text = (
        '<m:PurgeReleaseMessage xmlns:m="http://ddex.net/xml/ern/43"><PurgedRelease>'
        "<ReleaseId><ICPN>4006381333931</ICPN></ReleaseId>"
        "<Title><TitleText>Tide</TitleText></Title></PurgedRelease>"
        "</m:PurgeReleaseMessage>"
    )

    message = read(text.encode())

    assert message.is_purge
    assert message.purged[0].value == "4006381333931"
    assert message.purged_titles[0].text == "Tide"
    assert message.main_release is None


def test_a_document_of_another_kind_is_refused():
    with pytest.raises(InvalidInputError):
        read(b"<feed/>")


def test_territories_are_everywhere_unless_said():
    assert EVERYWHERE.are_everywhere
    assert Territories(("Worldwide",)).are_everywhere
    assert not Territories(("DE",)).are_everywhere
    assert not Territories(excluded=("DE",)).are_everywhere


def test_special_contributors_of_4_3_2_have_a_name():
    content = convert(album_text().encode(), "4.3.2").to_bytes()
    text = content.decode().replace(
        "<ContributorPartyReference>PWriter</ContributorPartyReference>",
        "<SpecialContributor>Traditional</SpecialContributor>",
    )

    credit = read(text.encode()).resources[0].credits[-1]

    assert credit.party.name == "Traditional"
    assert roles_of(credit) == ("Composer",)
