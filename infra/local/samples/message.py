"""An ERN 4.3 NewReleaseMessage for a sample album."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from shared.domain.check_digits import iso7064_mod_37_36

_NAMESPACE: Final = "http://ddex.net/xml/ern/43"


def sample_dpid(number: str = "2026092101") -> str:
    """Return a well-formed DDEX party id that nobody was given."""
    bare = f"PADPIDA{number}"
    return bare + iso7064_mod_37_36(bare)


@dataclass(frozen=True, slots=True)
class MessageTrack:
    """One track of the message."""

    isrc: str
    title: str
    duration_s: float
    file: str


@dataclass(frozen=True, slots=True)
class MessageRelease:
    """The release of the message; *artist* also performs every track."""

    title: str
    artist: str
    label: str
    gtin: str
    released_on: str
    genre: str
    tracks: Sequence[MessageTrack]


def message(release: MessageRelease, message_id: str = "LN-SAMPLE-1") -> bytes:
    """Return the message in UTF-8: the album, its tracks, one worldwide deal."""
    year = release.released_on[:4]
    recordings = "\n".join(
        _recording(number, track, release, year)
        for number, track in enumerate(release.tracks, start=1)
    )
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="{_NAMESPACE}" AvsVersionId="6" \
LanguageAndScriptCode="en" ReleaseProfileVersionId="Audio">
{_header(release, message_id)}
  <PartyList>
    <Party>
      <PartyReference>PArtist</PartyReference>
      <PartyName><FullName>{escape(release.artist)}</FullName></PartyName>
    </Party>
    <Party>
      <PartyReference>PLabel</PartyReference>
      <PartyName><FullName>{escape(release.label)}</FullName></PartyName>
    </Party>
  </PartyList>
  <ResourceList>
{recordings}
  </ResourceList>
  <ReleaseList>
{_release(release, year)}
{_track_releases(release)}
  </ReleaseList>
{_deals(release)}
</ern:NewReleaseMessage>
"""
    return text.encode()


def _header(release: MessageRelease, message_id: str) -> str:
    return f"""  <MessageHeader>
    <MessageId>{message_id}</MessageId>
    <MessageSender>
      <PartyId>{sample_dpid()}</PartyId>
      <PartyName><FullName>{escape(release.label)}</FullName></PartyName>
    </MessageSender>
    <MessageRecipient>
      <PartyId>{sample_dpid("2026092102")}</PartyId>
    </MessageRecipient>
    <MessageCreatedDateTime>{release.released_on}T09:00:00Z</MessageCreatedDateTime>
    <MessageControlType>TestMessage</MessageControlType>
  </MessageHeader>"""


def _display(title: str, artist: str) -> str:
    return f"""<DisplayTitleText>{escape(title)}</DisplayTitleText>
      <DisplayTitle ApplicableTerritoryCode="Worldwide" IsDefault="true">
        <TitleText>{escape(title)}</TitleText>
      </DisplayTitle>
      <DisplayArtistName ApplicableTerritoryCode="Worldwide" IsDefault="true">\
{escape(artist)}</DisplayArtistName>
      <DisplayArtist SequenceNumber="1">
        <ArtistPartyReference>PArtist</ArtistPartyReference>
        <DisplayArtistRole>MainArtist</DisplayArtistRole>
      </DisplayArtist>"""


def _line(name: str, year: str, label: str) -> str:
    return (
        f"<{name}><Year>{year}</Year>"
        f"<{name}Text>{year} {escape(label)}</{name}Text></{name}>"
    )


def _recording(
    number: int, track: MessageTrack, release: MessageRelease, year: str
) -> str:
    return f"""    <SoundRecording>
      <ResourceReference>A{number}</ResourceReference>
      <Type>MusicalWorkSoundRecording</Type>
      <SoundRecordingEdition>
        <ResourceId><ISRC>{track.isrc}</ISRC></ResourceId>
        {_line("PLine", year, release.label)}
        <TechnicalDetails>
          <TechnicalResourceDetailsReference>T{number}\
</TechnicalResourceDetailsReference>
          <DeliveryFile>
            <Type>AudioFile</Type>
            <File><URI>{escape(track.file)}</URI></File>
          </DeliveryFile>
        </TechnicalDetails>
      </SoundRecordingEdition>
      {_display(track.title, release.artist)}
      <Duration>PT{round(track.duration_s)}S</Duration>
      <ParentalWarningType>NotExplicit</ParentalWarningType>
      <LanguageOfPerformance>en</LanguageOfPerformance>
    </SoundRecording>"""


def _release(release: MessageRelease, year: str) -> str:
    items = "\n".join(
        f"""        <ResourceGroupContentItem>
          <SequenceNumber>{number}</SequenceNumber>
          <ReleaseResourceReference>A{number}</ReleaseResourceReference>
        </ResourceGroupContentItem>"""
        for number in range(1, len(release.tracks) + 1)
    )
    total_s = round(sum(track.duration_s for track in release.tracks))
    return f"""    <Release>
      <ReleaseReference>R0</ReleaseReference>
      <ReleaseType>Album</ReleaseType>
      <ReleaseId><ICPN>{release.gtin}</ICPN></ReleaseId>
      {_display(release.title, release.artist)}
      <ReleaseLabelReference ApplicableTerritoryCode="Worldwide">PLabel\
</ReleaseLabelReference>
      {_line("PLine", year, release.label)}
      {_line("CLine", year, release.label)}
      <Duration>PT{total_s}S</Duration>
      <Genre ApplicableTerritoryCode="Worldwide">
        <GenreText>{escape(release.genre)}</GenreText>
      </Genre>
      <ReleaseDate ApplicableTerritoryCode="Worldwide">{release.released_on}\
</ReleaseDate>
      <ParentalWarningType>NotExplicit</ParentalWarningType>
      <ResourceGroup>
        <SequenceNumber>1</SequenceNumber>
{items}
      </ResourceGroup>
    </Release>"""


def _track_releases(release: MessageRelease) -> str:
    return "\n".join(
        f"""    <TrackRelease>
      <ReleaseReference>R{number}</ReleaseReference>
      <ReleaseId>
        <ProprietaryId Namespace="{sample_dpid()}">{release.gtin}_{track.isrc}\
</ProprietaryId>
      </ReleaseId>
      <ReleaseResourceReference>A{number}</ReleaseResourceReference>
      <ReleaseLabelReference ApplicableTerritoryCode="Worldwide">PLabel\
</ReleaseLabelReference>
      <Genre ApplicableTerritoryCode="Worldwide">
        <GenreText>{escape(release.genre)}</GenreText>
      </Genre>
    </TrackRelease>"""
        for number, track in enumerate(release.tracks, start=1)
    )


def _deals(release: MessageRelease) -> str:
    references = "\n".join(
        f"      <DealReleaseReference>R{number}</DealReleaseReference>"
        for number in range(len(release.tracks) + 1)
    )
    return f"""  <DealList>
    <ReleaseDeal>
{references}
      <Deal>
        <DealTerms>
          <TerritoryCode>Worldwide</TerritoryCode>
          <ValidityPeriod>
            <StartDateTime>{release.released_on}T00:00:00Z</StartDateTime>
          </ValidityPeriod>
          <CommercialModelType>SubscriptionModel</CommercialModelType>
          <UseType>OnDemandStream</UseType>
        </DealTerms>
      </Deal>
    </ReleaseDeal>
  </DealList>"""
