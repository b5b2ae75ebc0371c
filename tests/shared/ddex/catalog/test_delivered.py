"""What a message says, as statements about entries of the catalog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.samples.message import (
    MessageRelease,
    MessageTrack,
    message,
    sample_dpid,
)
from shared.ddex.catalog import statements_of
from shared.ddex.model import read
from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError, UnreadableFileError
from shared.domain.fields import parsed

_SHARED = Path(__file__).parents[5] / "shared"
URI = "gs://up/a-label/drop/ern.xml"
RELEASE = MessageRelease(
    title="Tidewater",
    artist="Ada Quill & Sons",
    label="Quayside Recordings",
    gtin="2000000000008",
    released_on="2026-09-18",
    genre="Electronic",
    tracks=[
        MessageTrack("QZLN92600001", "Night Ferry", 225.0, "01.flac"),
        MessageTrack("QZLN92600002", "Slow <Lanterns>", 180.0, "02.mp3"),
    ],
)

VERSION_3 = """<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/382">
  <MessageHeader><MessageId>M1</MessageId></MessageHeader>
  <ResourceList>
    <SoundRecording>
      <SoundRecordingId><ISRC>QZLN92600001</ISRC></SoundRecordingId>
      <ResourceReference>A1</ResourceReference>
      <ReferenceTitle><TitleText>Reference</TitleText></ReferenceTitle>
      <Duration>PT3M45S</Duration>
      <SoundRecordingDetailsByTerritory>
        <TerritoryCode>DE</TerritoryCode>
        <Title TitleType="DisplayTitle"><TitleText>Nachtfaehre</TitleText></Title>
      </SoundRecordingDetailsByTerritory>
      <SoundRecordingDetailsByTerritory>
        <TerritoryCode>Worldwide</TerritoryCode>
        <Title TitleType="DisplayTitle">
          <TitleText>Night Ferry</TitleText><SubTitle>Live</SubTitle>
        </Title>
        <DisplayArtist>
          <PartyName><FullName>Ada Quill</FullName></PartyName>
          <ArtistRole>MainArtist</ArtistRole>
        </DisplayArtist>
        <ResourceContributor>
          <PartyName><FullName>Ben Oar</FullName></PartyName>
          <ResourceContributorRole>Producer</ResourceContributorRole>
        </ResourceContributor>
        <ParentalWarningType>Explicit</ParentalWarningType>
      </SoundRecordingDetailsByTerritory>
    </SoundRecording>
  </ResourceList>
  <ReleaseList>
    <Release IsMainRelease="true">
      <ReleaseId><ICPN>2000000000009</ICPN></ReleaseId>
      <ReleaseReference>R0</ReleaseReference>
      <ReferenceTitle><TitleText>Tidewater</TitleText></ReferenceTitle>
      <ReleaseResourceReferenceList>
        <ReleaseResourceReference>A1</ReleaseResourceReference>
      </ReleaseResourceReferenceList>
      <ReleaseType>Single</ReleaseType>
      <ReleaseDetailsByTerritory>
        <TerritoryCode>Worldwide</TerritoryCode>
        <LabelName>Quayside</LabelName>
      </ReleaseDetailsByTerritory>
      <PLine><Year>2026</Year><PLineText>(P) Quayside</PLineText></PLine>
    </Release>
    <Release>
      <ReleaseReference>R1</ReleaseReference>
      <ReleaseResourceReferenceList>
        <ReleaseResourceReference>A1</ReleaseResourceReference>
      </ReleaseResourceReferenceList>
      <ReleaseType>TrackRelease</ReleaseType>
      <ReleaseDetailsByTerritory>
        <TerritoryCode>Worldwide</TerritoryCode>
        <Genre><GenreText>Folk</GenreText></Genre>
      </ReleaseDetailsByTerritory>
    </Release>
  </ReleaseList>
  <DealList>
    <ReleaseDeal>
      <DealReleaseReference>R0</DealReleaseReference>
      <Deal><DealTerms>
        <CommercialModelType>SubscriptionModel</CommercialModelType>
        <Usage><UseType>OnDemandStream</UseType></Usage>
        <TerritoryCode>DE</TerritoryCode>
        <ValidityPeriod><StartDate>2026-09-18</StartDate></ValidityPeriod>
      </DealTerms></Deal>
      <Deal><DealTerms>
        <CommercialModelType>SubscriptionModel</CommercialModelType>
        <Usage><UseType>OnDemandStream</UseType></Usage>
        <TerritoryCode>FR</TerritoryCode>
        <ValidityPeriod><StartDate>2026-09-18</StartDate></ValidityPeriod>
      </DealTerms></Deal>
      <Deal><DealTerms>
        <CommercialModelType>PayAsYouGoModel</CommercialModelType>
        <Usage><UseType>PermanentDownload</UseType></Usage>
        <ExcludedTerritoryCode>US</ExcludedTerritoryCode>
        <ValidityPeriod><StartDate>2026-09-18</StartDate></ValidityPeriod>
      </DealTerms></Deal>
    </ReleaseDeal>
    <ReleaseDeal>
      <DealReleaseReference>R1</DealReleaseReference>
      <Deal><DealTerms><TakeDown>true</TakeDown>
        <TerritoryCode>Worldwide</TerritoryCode>
      </DealTerms></Deal>
    </ReleaseDeal>
  </DealList>
</ern:NewReleaseMessage>
"""

PURGE = """<ern:PurgeReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43">
  <MessageHeader><MessageId>P1</MessageId>
    <MessageSender><PartyId>PADPIDA2014120301U</PartyId></MessageSender>
  </MessageHeader>
  <PurgedRelease><ReleaseId><ICPN>2000000000008</ICPN></ReleaseId></PurgedRelease>
</ern:PurgeReleaseMessage>"""


def delivered(content):
    return statements_of(
        read(content if isinstance(content, bytes) else content.encode()), URI
    )


def said(content, kind):
    (thread,) = delivered(content).threads
    return [
        {claim.field: claim.value for claim in statement.claims}
        for statement in thread.statements
        if statement.kind is kind
    ]


def test_a_message_is_told_of_by_sender_id_and_releases():
    told = delivered(message(RELEASE, "M7"))

    assert told.source == f"ddex:{sample_dpid()}"
    assert told.about.keys == (f"message:{sample_dpid()}|M7",)
    assert told.about.value("releases") == [
        "gtin:02000000000008",
        *told.about.value("releases")[1:],
    ]
    assert told.about.value("standard") == "ern/4.3"
    assert told.about.value("is_test") is True
    assert told.doubts == ()


def test_what_is_said_of_a_release_is_one_thread():
    (thread,) = delivered(message(RELEASE)).threads

    assert thread.name == f"ddex:{sample_dpid()}/gtin:02000000000008"


def test_a_release_is_read_with_its_label_and_notices():
    (release,) = said(message(RELEASE), Kind.RELEASE)

    assert {
        "title": "Tidewater",
        "artists": [{"name": "Ada Quill & Sons", "role": "MainArtist"}],
        "gtin": "02000000000008",
        "release_type": "Album",
        "label": "Quayside Recordings",
        "genres": ["Electronic"],
        "p_line": "2026 Quayside Recordings",
        "c_line": "2026 Quayside Recordings",
        "release_date": "2026-09-18",
        "explicit": False,
        "track_count": 2,
        "medium_count": 1,
    }.items() <= release.items()


def test_recordings_take_genre_and_label_from_their_track_release():
    first, second = said(message(RELEASE), Kind.RECORDING)

    assert first["isrc"] == "QZLN92600001"
    assert first["duration_ms"] == 225_000
    assert first["genres"] == ["Electronic"]
    assert first["label"] == "Quayside Recordings"
    assert second["title"] == "Slow <Lanterns>"


def test_a_recording_is_also_known_by_where_its_file_lies():
    (thread,) = delivered(message(RELEASE)).threads
    keys = [s.keys for s in thread.statements if s.kind is Kind.RECORDING]

    assert keys[1] == (
        "isrc:QZLN92600002",
        "object:gs://up/a-label/drop/02.mp3",
        "object:gs://up/a-label/drop/resources/02.mp3",
    )


def test_a_file_outside_of_the_delivery_is_nobodys():
    content = message(
        replace(RELEASE, tracks=[MessageTrack("QZLN92600001", "A", 1.0, "../../x")])
    )

    assert said(content, Kind.RESOURCE) == []


def test_positions_join_recordings_and_releases():
    places = said(message(RELEASE), Kind.TRACK_POSITION)

    assert [
        (p["recording"], p["medium_number"], p["track_number"]) for p in places
    ] == [
        ("isrc:QZLN92600001", 1, 1),
        ("isrc:QZLN92600002", 1, 2),
    ]
    assert {p["release"] for p in places} == {"gtin:02000000000008"}


def test_parties_are_read_with_their_identifiers():
    content = message(RELEASE).replace(
        b"<PartyReference>PArtist</PartyReference>",
        b"<PartyReference>PArtist</PartyReference>"
        b"<PartyId><ISNI>0000000121032683</ISNI></PartyId>",
    )

    assert said(content, Kind.PARTY)[0]["isni"] == "0000000121032683"
    assert said(content, Kind.RELEASE)[0]["artists"][0]["isni"] == "0000000121032683"


def nested(group_type=""):
    items = message(RELEASE).decode()
    start = items.index("<ResourceGroupContentItem>")
    middle = items.index("<ResourceGroupContentItem>", start + 1)
    end = items.index("</ResourceGroup>", middle)
    opening = f"<ResourceGroup{group_type}>"
    return (
        f"{items[:start]}{opening}{items[start:middle]}</ResourceGroup>{opening}"
        + items[middle:end].replace(
            "<SequenceNumber>2</SequenceNumber>", "<SequenceNumber>1</SequenceNumber>"
        )
        + f"</ResourceGroup>{items[end:]}"
    )


def test_media_are_the_groups_within_the_group():
    places = said(nested(), Kind.TRACK_POSITION)

    assert [(p["medium_number"], p["track_number"]) for p in places] == [(1, 1), (2, 1)]
    assert said(nested(), Kind.RELEASE)[0]["medium_count"] == 2


def test_parts_of_works_are_sections_of_one_medium():
    content = nested(' ResourceGroupType="MultiWorkPart"')

    places = said(content, Kind.TRACK_POSITION)

    assert [(p["medium_number"], p["track_number"]) for p in places] == [(1, 1), (1, 2)]
    assert said(content, Kind.RELEASE)[0]["sections"] == [
        {
            "type": "MultiWorkPart",
            "medium_number": 1,
            "first_track": 1,
            "last_track": 1,
        },
        {
            "type": "MultiWorkPart",
            "medium_number": 1,
            "first_track": 2,
            "last_track": 2,
        },
    ]


def test_version_3_is_read_by_the_same_rules():
    (recording,) = said(VERSION_3, Kind.RECORDING)
    (release,) = said(VERSION_3, Kind.RELEASE)

    assert {
        "title": "Night Ferry",
        "subtitle": "Live",
        "explicit": True,
        "genres": ["Folk"],
        "contributors": [{"name": "Ben Oar", "role": "Producer"}],
    }.items() <= recording.items()
    assert release["label"] == "Quayside"
    assert release["p_line"] == "2026 Quayside"


def test_deals_that_differ_by_territory_alone_are_one():
    streaming, download = said(VERSION_3, Kind.DEAL)

    assert streaming["territories"] == ["DE", "FR"]
    assert streaming["commercial_models"] == ["SubscriptionModel"]
    assert streaming["use_types"] == ["OnDemandStream"]
    assert download["excluded_territories"] == ["US"]
    assert "territories" not in download


def test_what_is_taken_down_is_no_deal():
    deals = said(VERSION_3, Kind.DEAL)

    assert all("recording" not in deal for deal in deals)


@pytest.mark.parametrize(
    ("content", "state", "deals"),
    [(VERSION_3, "offered", 2), (PURGE, "purged", 0)],
)
def test_a_delivery_says_what_a_message_did(content, state, deals):
    (delivery,) = said(content, Kind.DELIVERY)

    assert (delivery["state"], delivery["deal_count"]) == (state, deals)


def test_a_message_without_deals_takes_down():
    content = VERSION_3[: VERSION_3.index("<DealList>")] + "</ern:NewReleaseMessage>"

    assert said(content, Kind.DELIVERY)[0]["state"] == "taken_down"
    assert said(content, Kind.DEAL) == []


def test_a_purge_says_nothing_more_in_the_thread_of_the_release():
    (thread,) = delivered(PURGE).threads

    assert thread.name == "ddex:PADPIDA2014120301U/gtin:02000000000008"
    assert [s.kind for s in thread.statements] == [Kind.DELIVERY]


def test_a_bad_value_is_a_doubt_and_no_claim():
    told = delivered(VERSION_3)

    assert [(d.field, d.value) for d in told.doubts] == [("gtin", "2000000000009")]
    assert "gtin" not in said(VERSION_3, Kind.RELEASE)[0]


def test_a_message_without_releases_is_refused():
    with pytest.raises(InvalidInputError, match="with releases"):
        delivered('<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/43"/>')


@settings(max_examples=60, deadline=None)
@given(
    where=st.sampled_from(
        [
            "PT3M45S",
            "2026-09-18",
            "QZLN92600001",
            "Worldwide",
            "MainArtist",
            "OnDemandStream",
            "<Year>2026</Year>",
            "A1",
        ]
    ),
    value=st.text(st.characters(exclude_categories=["C"], exclude_characters="<&]>")),
)
def test_whatever_a_value_is_it_is_a_claim_or_a_doubt(where, value):
    content = VERSION_3.replace(where, value)

    told = delivered(content)

    for thread in told.threads:
        for statement in thread.statements:
            for claim in statement.claims:
                assert parsed(statement.kind, claim.field, claim.value) == claim.value


@pytest.mark.shared_data
@pytest.mark.parametrize("folder", ["open", "open_mutants"])
def test_every_sample_is_read_or_refused(folder):
    samples = _SHARED / "data" / "ddex" / "samples" / folder
    if not samples.is_dir():
        pytest.skip("the samples lie beside the project")
    read_count = 0

    for path in sorted(samples.glob("*.xml")):
        try:
            told = statements_of(read(path.read_bytes()), URI)
        except (InvalidInputError, UnreadableFileError):
            continue
        read_count += 1
        assert told.threads

    assert read_count > 90
