import pytest

from functions.extract.messages import read_message
from infra.local.samples.message import (
    MessageRelease,
    MessageTrack,
    message,
    sample_dpid,
)
from shared.domain.errors import UnreadableFileError
from shared.domain.identifiers import Dpid

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
</ern:NewReleaseMessage>
"""


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "message.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_message(path)

    return reading


def values(reading):
    return {claim.field: claim.value for claim in reading.claims}


def test_the_header_says_who_sent_what(read):
    reading = read(message(RELEASE, "M7"))

    assert (reading.standard, reading.version) == ("ern", "4.3")
    assert reading.message_type == "NewReleaseMessage"
    assert reading.message_id == "M7"
    assert reading.sender_dpid == sample_dpid()
    assert Dpid.parse(reading.sender_dpid)
    assert reading.is_test is True
    assert reading.findings == ()


def test_a_release_is_read_with_its_label_and_notices(read):
    (release,) = read(message(RELEASE)).releases

    assert values(release) == {
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
    }


def test_recordings_take_genre_and_label_from_their_track_release(read):
    first, second = read(message(RELEASE)).recordings

    assert values(first)["isrc"] == "QZLN92600001"
    assert values(first)["duration_ms"] == 225_000
    assert values(first)["genres"] == ["Electronic"]
    assert values(first)["label"] == "Quayside Recordings"
    assert values(second)["title"] == "Slow <Lanterns>"
    assert second.files == ("02.mp3",)


def test_positions_join_recordings_and_releases(read):
    positions = read(message(RELEASE)).positions

    assert [
        (p.release, p.recording, p.medium_number, p.track_number) for p in positions
    ] == [
        ("R0", "A1", 1, 1),
        ("R0", "A2", 1, 2),
    ]


def test_parties_are_read_with_their_identifiers(read):
    content = message(RELEASE).replace(
        b"<PartyReference>PArtist</PartyReference>",
        b"<PartyReference>PArtist</PartyReference>"
        b"<PartyId><ISNI>0000000121032683</ISNI></PartyId>",
    )

    reading = read(content)

    assert values(reading.parties[0])["isni"] == "0000000121032683"
    assert values(reading.releases[0])["artists"][0]["isni"] == "0000000121032683"


def test_media_are_the_groups_within_the_group(read):
    items = message(RELEASE).decode()
    start = items.index("<ResourceGroupContentItem>")
    middle = items.index("<ResourceGroupContentItem>", start + 1)
    end = items.index("</ResourceGroup>", middle)
    nested = (
        items[:start]
        + "<ResourceGroup>"
        + items[start:middle]
        + "</ResourceGroup><ResourceGroup>"
        + items[middle:end].replace(
            "<SequenceNumber>2</SequenceNumber>", "<SequenceNumber>1</SequenceNumber>"
        )
        + "</ResourceGroup>"
        + items[end:]
    )

    reading = read(nested)

    assert [(p.medium_number, p.track_number) for p in reading.positions] == [
        (1, 1),
        (2, 1),
    ]
    assert values(reading.releases[0])["medium_count"] == 2


def test_version_3_is_read_by_the_same_paths(read):
    reading = read(VERSION_3)

    (recording,) = reading.recordings
    assert reading.version == "3.8.2"
    assert values(recording)["title"] == "Night Ferry"
    assert values(recording)["subtitle"] == "Live"
    assert values(recording)["explicit"] is True
    assert values(recording)["genres"] == ["Folk"]
    assert values(recording)["contributors"] == [
        {"name": "Ben Oar", "role": "Producer"}
    ]
    (release,) = reading.releases
    assert values(release)["label"] == "Quayside"
    assert values(release)["p_line"] == "2026 Quayside"
    assert [p.track_number for p in reading.positions] == [1]


def test_a_bad_value_is_a_finding_with_its_line(read):
    line = VERSION_3.splitlines().index('    <Release IsMainRelease="true">') + 1

    reading = read(VERSION_3)

    assert [(f.code, f.value, f.line) for f in reading.findings] == [
        ("invalid-gtin", "2000000000009", line)
    ]
    assert "gtin" not in values(reading.releases[0])


def test_other_ddex_messages_are_recognised_by_their_header(read):
    reading = read(
        '<m:MeadMessage xmlns:m="http://ddex.net/xml/mead/11"><MessageHeader>'
        "<MessageId>X</MessageId></MessageHeader></m:MeadMessage>"
    )

    assert (reading.standard, reading.version) == ("mead", "1.1")
    assert (reading.message_id, reading.releases) == ("X", ())


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (
            '<rss xmlns="http://example.org/feed"/>',
            {"namespace": "http://example.org/feed", "root": "rss"},
        ),
        ("<rss/>", {"namespace": "", "root": "rss"}),
    ],
)
def test_foreign_xml_is_refused_with_its_namespace(read, content, facts):
    with pytest.raises(UnreadableFileError) as caught:
        read(content)

    assert caught.value.message == "not a DDEX message"
    assert caught.value.facts == facts


def test_damaged_xml_is_refused_with_its_line(read):
    with pytest.raises(UnreadableFileError) as caught:
        read("<a>\n<b>\n</a>")

    assert caught.value.facts["line"] == 3


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
    ],
)
def test_a_document_type_is_refused(read, subset):
    content = (
        f"<!DOCTYPE m [{subset}]>"
        '<m xmlns="http://ddex.net/xml/ern/43"><MessageId>&a;</MessageId></m>'
    )

    with pytest.raises(UnreadableFileError) as caught:
        read(content)

    assert "document type" in caught.value.message
