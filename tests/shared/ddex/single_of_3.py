"""A message of our own in ERN 3.8.2: a single that differs by territory."""

from __future__ import annotations

SENDER = "PADPIDA2013042401U"

_ARTIST = """
<DisplayArtist SequenceNumber="1"><PartyName><FullName>Mira Oak</FullName></PartyName>
  <PartyId Namespace="DPID:PADPIDA2013042401U">mira-1</PartyId>
  <ArtistRole>MainArtist</ArtistRole></DisplayArtist>"""

_PARTS = """
<MessageHeader>
  <MessageThreadId>thread-7</MessageThreadId><MessageId>message-7</MessageId>
  <MessageSender><PartyId IsDPID="true">{sender}</PartyId></MessageSender>
  <MessageRecipient><PartyId>PADPIDA2007062701B</PartyId></MessageRecipient>
  <MessageCreatedDateTime>2026-02-01T09:00:00+01:00</MessageCreatedDateTime>
</MessageHeader>
<UpdateIndicator>OriginalMessage</UpdateIndicator>
<WorkList><MusicalWork>
  <MusicalWorkId><ISWC>T0345246801</ISWC></MusicalWorkId>
  <MusicalWorkReference>W1</MusicalWorkReference>
  <ReferenceTitle><TitleText>Tide</TitleText></ReferenceTitle>
  <MusicalWorkContributor SequenceNumber="1">
    <PartyName><FullName>Jonas Elm</FullName></PartyName>
    <MusicalWorkContributorRole>Composer</MusicalWorkContributorRole>
  </MusicalWorkContributor>
</MusicalWork></WorkList>
<ResourceList>
<SoundRecording>
  <SoundRecordingType>MusicalWorkSoundRecording</SoundRecordingType>
  <SoundRecordingId><ISRC>DEZZ12600001</ISRC></SoundRecordingId>
  <ResourceReference>A1</ResourceReference>
  <ReferenceTitle><TitleText>Tide</TitleText><SubTitle>Live</SubTitle></ReferenceTitle>
  <Duration>PT3M5S</Duration>
  <ResourceMusicalWorkReferenceList><ResourceMusicalWorkReference>
    <ResourceMusicalWorkReference>W1</ResourceMusicalWorkReference>
  </ResourceMusicalWorkReference></ResourceMusicalWorkReferenceList>
  <SoundRecordingDetailsByTerritory>
    <TerritoryCode>Worldwide</TerritoryCode>
    <Title TitleType="DisplayTitle"><TitleText>Tide</TitleText>
      <SubTitle>Live</SubTitle></Title>{artist}
    <ResourceContributor SequenceNumber="1">
      <PartyName><FullName>Ana Birk</FullName></PartyName>
      <ResourceContributorRole>Soloist</ResourceContributorRole>
    </ResourceContributor>
    <DisplayArtistName>Mira Oak</DisplayArtistName>
    <ResourceReleaseDate>2026-03-06</ResourceReleaseDate>
    <PLine><Year>2026</Year><PLineText>(P) 2026 Quiet Water</PLineText></PLine>
    <Genre><GenreText>Folk</GenreText></Genre>
    <ParentalWarningType>NotExplicit</ParentalWarningType>
    <TechnicalSoundRecordingDetails>
      <TechnicalResourceDetailsReference>T1</TechnicalResourceDetailsReference>
      <AudioCodecType>FLAC</AudioCodecType>
      <SamplingRate UnitOfMeasure="kHz">44.1</SamplingRate>
      <BitsPerSample>16</BitsPerSample>
      <File><FileName>a1.flac</FileName><FilePath>resources/</FilePath>
        <HashSum><HashSum>00ff</HashSum>
          <HashSumAlgorithmType>MD5</HashSumAlgorithmType></HashSum></File>
    </TechnicalSoundRecordingDetails>
  </SoundRecordingDetailsByTerritory>
</SoundRecording>
<Image>
  <ImageType>FrontCoverImage</ImageType>
  <ImageId><ProprietaryId Namespace="{sender}">cover-1</ProprietaryId></ImageId>
  <ResourceReference>A2</ResourceReference>
  <ImageDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
    <TechnicalImageDetails>
      <TechnicalResourceDetailsReference>T2</TechnicalResourceDetailsReference>
      <File><FileName>cover.jpg</FileName></File>
    </TechnicalImageDetails>
  </ImageDetailsByTerritory>
</Image>
</ResourceList>
<ReleaseList>
<Release IsMainRelease="true">
  <ReleaseId><ICPN>4006381333931</ICPN></ReleaseId>
  <ReleaseReference>R0</ReleaseReference>
  <ReferenceTitle><TitleText>Tide</TitleText></ReferenceTitle>
  <ReleaseResourceReferenceList>
    <ReleaseResourceReference ReleaseResourceType="PrimaryResource"
      >A1</ReleaseResourceReference>
    <ReleaseResourceReference ReleaseResourceType="SecondaryResource"
      >A2</ReleaseResourceReference>
  </ReleaseResourceReferenceList>
  <ReleaseType>Single</ReleaseType>
  <ReleaseDetailsByTerritory>
    <TerritoryCode>Worldwide</TerritoryCode>
    <DisplayArtistName>Mira Oak</DisplayArtistName>
    <LabelName>Quiet Water</LabelName>
    <Title TitleType="DisplayTitle"><TitleText>Tide</TitleText></Title>{artist}
    <ParentalWarningType>NotExplicit</ParentalWarningType>
    <ResourceGroup>
      <ResourceGroupContentItem>
        <SequenceNumber>1</SequenceNumber>
        <ResourceType>SoundRecording</ResourceType>
        <ReleaseResourceReference ReleaseResourceType="PrimaryResource"
          >A1</ReleaseResourceReference>
      </ResourceGroupContentItem>
    </ResourceGroup>
    <Genre><GenreText>Folk</GenreText></Genre>
    <ReleaseDate>2026-03-06</ReleaseDate>
  </ReleaseDetailsByTerritory>
  <ReleaseDetailsByTerritory>
    <TerritoryCode>JP</TerritoryCode>
    <LabelName>Shizuka</LabelName>
    <Title TitleType="DisplayTitle"><TitleText>Shio</TitleText></Title>
    <ReleaseDate>2026-04-01</ReleaseDate>
  </ReleaseDetailsByTerritory>
  <PLine><Year>2026</Year><PLineText>(P) 2026 Quiet Water</PLineText></PLine>
  <CLine><Year>2026</Year><CLineText>(C) 2026 Quiet Water</CLineText></CLine>
</Release>
<Release>
  <ReleaseId><ISRC>DEZZ12600001</ISRC></ReleaseId>
  <ReleaseReference>R1</ReleaseReference>
  <ReferenceTitle><TitleText>Tide</TitleText></ReferenceTitle>
  <ReleaseResourceReferenceList>
    <ReleaseResourceReference ReleaseResourceType="PrimaryResource"
      >A1</ReleaseResourceReference>
  </ReleaseResourceReferenceList>
  <ReleaseType>TrackRelease</ReleaseType>
  <ReleaseDetailsByTerritory>
    <TerritoryCode>Worldwide</TerritoryCode>
    <DisplayArtistName>Mira Oak</DisplayArtistName>
    <LabelName>Quiet Water</LabelName>
    <ParentalWarningType>NotExplicit</ParentalWarningType>
    <Genre><GenreText>Folk</GenreText></Genre>
  </ReleaseDetailsByTerritory>
  <PLine><Year>2026</Year><PLineText>(P) 2026 Quiet Water</PLineText></PLine>
</Release>
</ReleaseList>
<DealList>
<ReleaseDeal>
  <DealReleaseReference>R0</DealReleaseReference>
  <Deal><DealTerms>
    <CommercialModelType>SubscriptionModel</CommercialModelType>
    <Usage><UseType>OnDemandStream</UseType><UseType>ConditionalDownload</UseType></Usage>
    <TerritoryCode>DE</TerritoryCode>
    <ValidityPeriod><StartDate>2026-03-06</StartDate></ValidityPeriod>
    <ReleaseDisplayStartDate>2026-02-20</ReleaseDisplayStartDate>
    <TrackListingPreviewStartDate>2026-02-21</TrackListingPreviewStartDate>
    <CoverArtPreviewStartDate>2026-02-22</CoverArtPreviewStartDate>
    <ClipPreviewStartDate>2026-02-23</ClipPreviewStartDate>
  </DealTerms></Deal>
  <Deal><DealTerms>
    <CommercialModelType>PayAsYouGoModel</CommercialModelType>
    <Usage><UseType>PermanentDownload</UseType></Usage>
    <ExcludedTerritoryCode>US</ExcludedTerritoryCode>
    <PriceInformation><PriceType Namespace="{sender}">Gold</PriceType>
      <WholesalePricePerUnit CurrencyCode="EUR">0.70</WholesalePricePerUnit>
    </PriceInformation>
    <ValidityPeriod><StartDate>2026-03-06</StartDate></ValidityPeriod>
  </DealTerms></Deal>
  <Deal><DealTerms>
    <TakeDown>true</TakeDown>
    <TerritoryCode>US</TerritoryCode>
    <ValidityPeriod><StartDate>2026-03-06</StartDate></ValidityPeriod>
  </DealTerms></Deal>
</ReleaseDeal>
</DealList>
"""


def single_text(version: str = "382") -> str:
    """Return the message; *version* as its namespace ends."""
    parts = _PARTS.format(sender=SENDER, artist=_ARTIST)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/{version}"'
        f' MessageSchemaVersionId="ern/{version}" LanguageAndScriptCode="en"'
        ' ReleaseProfileVersionId="CommonReleaseTypes/14/AudioSingle">'
        f"{parts}</ern:NewReleaseMessage>\n"
    )
