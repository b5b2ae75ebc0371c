"""A message of our own: an album of two recordings that breaks no rule."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

SENDER = "PADPIDA2013042401U"
RECIPIENT = "PADPIDA2007062701B"

_RECORDING = """
<SoundRecording>
  <ResourceReference>A{n}</ResourceReference>
  <Type>MusicalWorkSoundRecording</Type>
  <SoundRecordingEdition>
    <ResourceId><ISRC>DEZZ1260000{n}</ISRC></ResourceId>
    <PLine><Year>2026</Year><PLineText>(P) 2026 Quiet Water Records</PLineText></PLine>
    <TechnicalDetails>
      <TechnicalResourceDetailsReference>T{n}</TechnicalResourceDetailsReference>
      <DeliveryFile>
        <Type>AudioFile</Type>
        <File><URI>resources/a{n}.flac</URI>
          <HashSum><Algorithm>MD5</Algorithm>
            <HashSumValue>00112233445566778899aabbccddeeff</HashSumValue></HashSum>
        </File>
      </DeliveryFile>
      <IsClip>false</IsClip>
      <ClipDetails>
        <TechnicalResourceDetailsReference>T{n}C</TechnicalResourceDetailsReference>
        <ClipType>Preview</ClipType>
        <Timing><StartPoint>30</StartPoint><DurationUsed>PT30S</DurationUsed></Timing>
        <ExpressionType>Informative</ExpressionType>
      </ClipDetails>
    </TechnicalDetails>
  </SoundRecordingEdition>
  <WorkId><ISWC>T0345246801</ISWC></WorkId>
  <DisplayTitleText>Tide {n}</DisplayTitleText>
  <DisplayTitle ApplicableTerritoryCode="Worldwide" IsDefault="true">
    <TitleText>Tide {n}</TitleText></DisplayTitle>
  <DisplayArtistName ApplicableTerritoryCode="Worldwide">Mira Oak</DisplayArtistName>
  <DisplayArtist SequenceNumber="1">
    <ArtistPartyReference>PMira</ArtistPartyReference>
    <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
  <Contributor><ContributorPartyReference>PWriter</ContributorPartyReference>
    <Role>Composer</Role></Contributor>
  <Duration>PT3M</Duration>
  <CreationDate>2025-05-01</CreationDate>
  <MasteredDate>2025-06</MasteredDate>
  <FirstPublicationDate>2026-03-06</FirstPublicationDate>
  <ParentalWarningType>NotExplicit</ParentalWarningType>
  <IsInstrumental>false</IsInstrumental>
  <LanguageOfPerformance>en</LanguageOfPerformance>
</SoundRecording>"""

_TRACK = """
<TrackRelease>
  <ReleaseReference>R{n}</ReleaseReference>
  <ReleaseId>
    <ProprietaryId Namespace="{sender}">4006381333931_DEZZ1260000{n}</ProprietaryId>
  </ReleaseId>
  <ReleaseResourceReference>A{n}</ReleaseResourceReference>
  <ReleaseLabelReference ApplicableTerritoryCode="Worldwide"
    >PLabel</ReleaseLabelReference>
  <Genre ApplicableTerritoryCode="Worldwide"><GenreText>Folk</GenreText></Genre>
</TrackRelease>"""

_ITEM = """
<ResourceGroupContentItem>
  <SequenceNumber>{n}</SequenceNumber>
  <ReleaseResourceReference>A{n}</ReleaseResourceReference>
</ResourceGroupContentItem>"""

_MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43" AvsVersionId="9"
  LanguageAndScriptCode="en" ReleaseProfileVersionId="Audio">
<MessageHeader>
  <MessageThreadId>thread-1</MessageThreadId>
  <MessageId>message-1</MessageId>
  <MessageSender><PartyId>{sender}</PartyId></MessageSender>
  <MessageRecipient><PartyId>{recipient}</PartyId></MessageRecipient>
  <MessageCreatedDateTime>2026-02-01T09:00:00+01:00</MessageCreatedDateTime>
</MessageHeader>
<PartyList>
  <Party><PartyReference>PMira</PartyReference>
    <PartyName><FullName>Mira Oak</FullName></PartyName>
    <PartyId><ISNI>000000012150090X</ISNI></PartyId></Party>
  <Party><PartyReference>PWriter</PartyReference>
    <PartyName><FullName>Jonas Elm</FullName></PartyName>
    <PartyId><IpiNameNumber>00014107338</IpiNameNumber></PartyId></Party>
  <Party><PartyReference>PLabel</PartyReference>
    <PartyName><FullName>Quiet Water Records</FullName></PartyName></Party>
</PartyList>
<ResourceList>{recordings}
<Image>
  <ResourceReference>A9</ResourceReference>
  <Type>FrontCoverImage</Type>
  <ResourceId><ProprietaryId Namespace="{sender}">cover-1</ProprietaryId></ResourceId>
  <ParentalWarningType>NotExplicit</ParentalWarningType>
  <TechnicalDetails>
    <TechnicalResourceDetailsReference>T9</TechnicalResourceDetailsReference>
    <File><URI>resources/cover.jpg</URI></File>
  </TechnicalDetails>
</Image>
</ResourceList>
<ReleaseList>
<Release>
  <ReleaseReference>R0</ReleaseReference>
  <ReleaseType>Album</ReleaseType>
  <ReleaseId><GRid>A12425GABC1234002M</GRid><ICPN>4006381333931</ICPN></ReleaseId>
  <DisplayTitleText>Ebb and Flow</DisplayTitleText>
  <DisplayTitle ApplicableTerritoryCode="Worldwide" IsDefault="true">
    <TitleText>Ebb and Flow</TitleText></DisplayTitle>
  <DisplayArtistName ApplicableTerritoryCode="Worldwide">Mira Oak</DisplayArtistName>
  <DisplayArtist SequenceNumber="1">
    <ArtistPartyReference>PMira</ArtistPartyReference>
    <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
  <ReleaseLabelReference ApplicableTerritoryCode="Worldwide"
    >PLabel</ReleaseLabelReference>
  <PLine><Year>2026</Year><PLineText>(P) 2026 Quiet Water Records</PLineText></PLine>
  <CLine><Year>2026</Year><CLineText>(C) 2026 Quiet Water Records</CLineText></CLine>
  <Duration>PT6M</Duration>
  <Genre ApplicableTerritoryCode="Worldwide"><GenreText>Folk</GenreText></Genre>
  <ReleaseDate>2026-03-06</ReleaseDate>
  <OriginalReleaseDate>2026-03-06</OriginalReleaseDate>
  <ReleaseVisibilityReference>V1</ReleaseVisibilityReference>
  <ParentalWarningType>NotExplicit</ParentalWarningType>
  <ResourceGroup>{items}
    <LinkedReleaseResourceReference>A9</LinkedReleaseResourceReference>
  </ResourceGroup>
</Release>{tracks}
</ReleaseList>
<DealList>
<ReleaseDeal>
  <DealReleaseReference>R0</DealReleaseReference>
  <DealReleaseReference>R1</DealReleaseReference>
  <DealReleaseReference>R2</DealReleaseReference>
  <Deal><DealTerms>
    <TerritoryCode>DE</TerritoryCode><TerritoryCode>FR</TerritoryCode>
    <ValidityPeriod><StartDate>2026-03-06</StartDate></ValidityPeriod>
    <CommercialModelType>SubscriptionModel</CommercialModelType>
    <UseType>OnDemandStream</UseType><UseType>ConditionalDownload</UseType>
  </DealTerms></Deal>
  <Deal><DealTerms>
    <TerritoryCode>Worldwide</TerritoryCode>
    <ValidityPeriod><StartDateTime>2026-03-06T00:00:00Z</StartDateTime></ValidityPeriod>
    <CommercialModelType>PayAsYouGoModel</CommercialModelType>
    <UseType>PermanentDownload</UseType>
    <PriceInformation>
      <WholesalePricePerUnit CurrencyCode="EUR">6.50</WholesalePricePerUnit>
    </PriceInformation>
  </DealTerms></Deal>
</ReleaseDeal>
<ReleaseVisibility>
  <VisibilityReference>V1</VisibilityReference>
  <ReleaseDisplayStartDateTime>2026-02-20T00:00:00</ReleaseDisplayStartDateTime>
</ReleaseVisibility>
</DealList>
</ern:NewReleaseMessage>
"""


def album_text() -> str:
    def each(template: str) -> str:
        return "".join(template.format(n=n, sender=SENDER) for n in (1, 2))

    return _MESSAGE.format(
        sender=SENDER,
        recipient=RECIPIENT,
        recordings=each(_RECORDING),
        items=each(_ITEM),
        tracks=each(_TRACK),
    )


def album() -> etree._Element:
    return etree.fromstring(album_text().encode())


class Edits:
    """An album that is edited a step at a time: each step returns the same edits."""

    def __init__(self) -> None:
        self.root = album()

    def one(self, path: str) -> etree._Element:
        found = self.root.find(path)
        assert found is not None, path
        return found

    def text(self, path: str, text: str) -> Edits:
        self.one(path).text = text
        return self

    def mark(self, path: str, name: str, value: str | None) -> Edits:
        node = self.one(path)
        if value is None:
            del node.attrib[name]
        else:
            node.set(name, value)
        return self

    def drop(self, path: str) -> Edits:
        node = self.one(path)
        parent = node.getparent()
        assert parent is not None, path
        parent.remove(node)
        return self

    def twice(self, path: str) -> Edits:
        node = self.one(path)
        node.addnext(deepcopy(node))
        return self

    def after(self, path: str, markup: str) -> Edits:
        self.one(path).addnext(etree.fromstring(markup))
        return self

    def into(self, path: str, markup: str) -> Edits:
        self.one(path).append(etree.fromstring(markup))
        return self

    def bytes(self) -> bytes:
        return etree.tostring(self.root)
