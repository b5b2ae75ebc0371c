"""Each rule breaks on one edit of an album that breaks none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from shared.ddex.checking import check
from shared.ddex.rules import registered_rules
from shared.domain.findings import Level
from tests.shared.ddex.album import RECIPIENT, SENDER, Edits, album_text

_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_SOUND = "ResourceList/SoundRecording"
_EDITION = f"{_SOUND}/SoundRecordingEdition"
_FILE_TYPE = f"{_EDITION}/TechnicalDetails/DeliveryFile/Type"
_RELEASE = "ReleaseList/Release"
_GROUP = f"{_RELEASE}/ResourceGroup"
_ITEM = f"{_GROUP}/ResourceGroupContentItem"
_TRACK = "ReleaseList/TrackRelease"
_HEADER = "MessageHeader"
_FIRST = "DealList/ReleaseDeal/Deal[1]/DealTerms"
_SECOND = "DealList/ReleaseDeal/Deal[2]/DealTerms"
_PARTY = "PartyList/Party"
_NUMBERED_GROUP = "<ResourceGroup ResourceGroupType='Side'>{}</ResourceGroup>"
_RELATED = (
    "<RelatedResource><ResourceRelationshipType>HasContentFrom"
    "</ResourceRelationshipType><ResourceRelatedResourceReference>{}"
    "</ResourceRelatedResourceReference></RelatedResource>"
)
_TEXT = "<Text><ResourceReference>A7</ResourceReference>{}</Text>"


def _profile(edits: Edits, profile: str, variant: str = "") -> Edits:
    edits.mark(".", "ReleaseProfileVersionId", profile)
    if variant:
        edits.mark(".", "ReleaseProfileVariantVersionId", variant)
    return edits


def _artist(reference: str, number: int, role: str = "MainArtist") -> str:
    return (
        f"<DisplayArtist SequenceNumber='{number}'><ArtistPartyReference>{reference}"
        f"</ArtistPartyReference><DisplayArtistRole>{role}</DisplayArtistRole>"
        "</DisplayArtist>"
    )


def _five_artists(edits: Edits) -> Edits:
    for number in range(5, 1, -1):
        edits.after(f"{_RELEASE}/DisplayArtist", _artist("PMira", number))
    return edits


_BREAKS: list[tuple[str, Callable[[Edits], Edits]]] = [
    ("A04", lambda e: e.mark(".", "AvsVersionId", "999")),
    (
        "A04",
        lambda e: e.mark(".", "AvsVersionId", "3").text(
            f"{_FIRST}/UseType", "UseForTrainingGenerativeAI"
        ),
    ),
    ("A07", lambda e: e.mark(".", "ReleaseProfileVersionId", None)),
    ("A08", lambda e: e.mark(".", "LanguageAndScriptCode", "zz")),
    ("A09", lambda e: e.mark(f"{_RELEASE}/ReleaseType", "UserDefinedValue", "Tape")),
    ("H01", lambda e: e.text(f"{_HEADER}/MessageId", " ")),
    ("H02", lambda e: e.text(f"{_HEADER}/MessageSender/PartyId", "PADPIDA1")),
    ("H02", lambda e: e.text(f"{_HEADER}/MessageSender/PartyId", SENDER[:-1] + "V")),
    ("H03", lambda e: e.text(f"{_HEADER}/MessageRecipient/PartyId", SENDER)),
    (
        "H04",
        lambda e: e.text(f"{_HEADER}/MessageCreatedDateTime", "2026-02-01T09:00:00"),
    ),
    (
        "H04",
        lambda e: e.text(f"{_HEADER}/MessageCreatedDateTime", "2999-02-01T09:00:00Z"),
    ),
    (
        "H05",
        lambda e: e.into(
            _HEADER, "<MessageControlType>TestMessage</MessageControlType>"
        ),
    ),
    (
        "I10",
        lambda e: e.after(
            _PARTY,
            "<Party><PartyReference>PX</PartyReference>"
            "<PartyName><FullName>X</FullName></PartyName></Party>",
        ),
    ),
    ("I11", lambda e: e.after("ResourceList/Image", _TEXT.format(""))),
    (
        "I12",
        lambda e: e.after(
            "ResourceList",
            "<ChapterList><Chapter><ChapterReference>X1</ChapterReference></Chapter>"
            "</ChapterList>",
        ),
    ),
    ("I14", lambda e: e.into(_SOUND, _RELATED.format("A1"))),
    ("D01", lambda e: e.text(f"{_EDITION}/ResourceId/ISRC", "DE-ZZ1-26-00001")),
    ("D02", lambda e: e.text(f"{_EDITION}/ResourceId/ISRC", "XQZZ12600001")),
    ("D03", lambda e: e.text(f"{_RELEASE}/ReleaseId/ICPN", "12345")),
    ("D04", lambda e: e.text(f"{_RELEASE}/ReleaseId/ICPN", "4006381333932")),
    ("D05", lambda e: e.text(f"{_RELEASE}/ReleaseId/GRid", "A1-TEST")),
    ("D05", lambda e: e.text(f"{_RELEASE}/ReleaseId/GRid", "A12425GABC1234002N")),
    ("D06", lambda e: e.text(f"{_SOUND}/WorkId/ISWC", "T0345246802")),
    ("D07", lambda e: e.text(f"{_PARTY}/PartyId/ISNI", "0000000121500901")),
    ("D08", lambda e: e.text(f"{_PARTY}/PartyId/IpiNameNumber", "00014107339")),
    (
        "D09",
        lambda e: e.after(
            "ResourceList/Image",
            _TEXT.format("<ResourceId><ISBN>twelve</ISBN></ResourceId>"),
        ),
    ),
    ("D10", lambda e: e.text(f"{_EDITION}/ResourceId/ISRC", "DEZZ12600002")),
    ("D11", lambda e: e.text("ResourceList/Image/ResourceId/ProprietaryId", "  ")),
    ("S01", lambda e: e.drop(f"{_EDITION}/ResourceId/ISRC")),
    ("S02", lambda e: e.drop("ResourceList/Image/ResourceId/ProprietaryId")),
    ("S03", lambda e: e.text(f"{_SOUND}/Duration", "PT0S")),
    ("S03", lambda e: e.text(f"{_SOUND}/Duration", "P2D")),
    ("S05", lambda e: e.text(f"{_SOUND}/DisplayTitleText", "")),
    ("S05", lambda e: e.text(f"{_SOUND}/DisplayTitleText", "Another")),
    ("S06", lambda e: e.twice(f"{_SOUND}/DisplayTitle")),
    ("S07", lambda e: e.mark(f"{_SOUND}/DisplayArtist", "SequenceNumber", None)),
    ("S08", lambda e: e.mark(f"{_SOUND}/DisplayArtist", "SequenceNumber", "2")),
    (
        "S09",
        lambda e: e.text(f"{_SOUND}/DisplayArtist/DisplayArtistRole", "FeaturedArtist"),
    ),
    ("S10", lambda e: e.text(f"{_SOUND}/DisplayArtistName", "Somebody else")),
    ("S11", lambda e: e.twice(f"{_SOUND}/Contributor")),
    ("S14", lambda e: e.text(f"{_SOUND}/FirstPublicationDate", "2027-01-01")),
    ("S15", lambda e: e.text(f"{_EDITION}/PLine/Year", "2099")),
    ("S15", lambda e: e.text(f"{_EDITION}/PLine/Year", "2019")),
    ("S16", lambda e: e.text(f"{_EDITION}/PLine/PLineText", "2026 Quiet Water")),
    ("S17", lambda e: e.drop(f"{_EDITION}/PLine")),
    ("S18", lambda e: e.text(f"{_SOUND}/ParentalWarningType", "Explicit")),
    ("S19", lambda e: e.text(f"{_SOUND}/IsInstrumental", "true")),
    (
        "S20",
        lambda e: e.text(f"{_SOUND}/Type", "SpokenWordSoundRecording").text(
            f"{_SOUND}[2]/Type", "SpokenWordSoundRecording"
        ),
    ),
    ("S22", lambda e: e.text(".//HashSum/HashSumValue", "abc")),
    ("S23", lambda e: e.text(".//DeliveryFile/File/URI", "../../etc/passwd")),
    ("S24", lambda e: e.after(_FILE_TYPE, "<AudioCodecType>MP3</AudioCodecType>")),
    ("S24", lambda e: e.after(_FILE_TYPE, "<NumberOfChannels>0</NumberOfChannels>")),
    ("S24", lambda e: e.after(_FILE_TYPE, "<BitsPerSample>17</BitsPerSample>")),
    (
        "S24",
        lambda e: e.after(
            _FILE_TYPE, "<SamplingRate UnitOfMeasure='kHz'>44100</SamplingRate>"
        ),
    ),
    ("S23", lambda e: e.text(".//DeliveryFile/File/URI", "resources/a2.flac")),
    ("S25", lambda e: e.text(".//ClipDetails/Timing/StartPoint", "170")),
    (
        "S26",
        lambda e: e.into(_EDITION, "<RecordingMode>Stereo</RecordingMode>").after(
            f"{_EDITION}/ResourceId", "<Type>ImmersiveEdition</Type>"
        ),
    ),
    (
        "S27",
        lambda e: e.after(
            _SOUND,
            "<Video><ResourceReference>A8</ResourceReference><VideoEdition><ResourceId/>"
            "</VideoEdition></Video>",
        ),
    ),
    ("S28", lambda e: e.text("ResourceList/Image/Type", "BackCoverImage")),
    (
        "S29",
        lambda e: e.after("ResourceList/Image", _TEXT.format("")).after(
            _ITEM,
            "<ResourceGroupContentItem><ReleaseResourceReference>A7"
            "</ReleaseResourceReference></ResourceGroupContentItem>",
        ),
    ),
    ("S30", lambda e: e.text(f"{_SOUND}/MasteredDate", "1901")),
    (
        "L02",
        lambda e: e.drop(f"{_RELEASE}/ReleaseId/GRid").text(
            f"{_RELEASE}/ReleaseId/ICPN", ""
        ),
    ),
    ("L03", lambda e: e.drop(f"{_TRACK}[2]")),
    ("L03", lambda e: _profile(e, "SimpleAudioSingle")),
    ("L04", lambda e: e.into(f"{_TRACK}/ReleaseId", "<ISRC>DEZZ12600001</ISRC>")),
    (
        "L05",
        lambda e: e.text(
            f"{_TRACK}/ReleaseId/ProprietaryId", "4006381333931_DEZZ12600002"
        ),
    ),
    ("L06", lambda e: e.text(f"{_TRACK}/ReleaseResourceReference", "A9")),
    (
        "L07",
        lambda e: e.after(
            f"{_TRACK}/ReleaseId",
            "<DisplayTitle><TitleText>Tide 1</TitleText></DisplayTitle>",
        ),
    ),
    (
        "L07",
        lambda e: e.after(
            f"{_TRACK}/ReleaseId", "<DisplayTitleText>Tide 1</DisplayTitleText>"
        ),
    ),
    ("L08", lambda e: e.text(f"{_RELEASE}/ReleaseType", "RingtoneRelease")),
    (
        "L09",
        lambda e: e.mark(
            f"{_RELEASE}/ReleaseLabelReference", "ApplicableTerritoryCode", "FR"
        ),
    ),
    ("L11", lambda e: e.text(f"{_RELEASE}/OriginalReleaseDate", "2026-03-07")),
    ("L12", lambda e: e.text(f"{_RELEASE}/CLine/Year", "1820")),
    ("L13", lambda e: e.text(f"{_RELEASE}/Genre/GenreText", "")),
    ("L13", lambda e: e.mark(f"{_RELEASE}/Genre", "ApplicableTerritoryCode", "FR")),
    ("L14", lambda e: e.text(f"{_RELEASE}/Duration", "PT1S")),
    ("L15", lambda e: e.into(_GROUP, "<ResourceGroup ResourceGroupType='Part'/>")),
    ("L16", lambda e: e.into(_GROUP, _NUMBERED_GROUP.format(""))),
    ("L17", lambda e: e.drop(f"{_ITEM}/SequenceNumber")),
    ("L18", lambda e: e.text(f"{_ITEM}[2]/SequenceNumber", "1")),
    (
        "L19",
        lambda e: e.into(
            _GROUP, _NUMBERED_GROUP.format("<SequenceNumber>3</SequenceNumber>")
        ),
    ),
    ("L20", lambda e: e.text(f"{_ITEM}[2]/ReleaseResourceReference", "A9")),
    ("L21", lambda e: e.drop(f"{_GROUP}/LinkedReleaseResourceReference")),
    ("L22", lambda e: e.drop(f"{_ITEM}[2]")),
    ("L23", lambda e: _profile(e, "SimpleAudioSingle")),
    ("L25", lambda e: _profile(e, "Audio", "BoxedSet")),
    ("L26", lambda e: _profile(e, "Audio", "Classical")),
    ("L27", lambda e: _profile(e, "DjMix")),
    ("L28", lambda e: _profile(e, "LongFormMusicalWorkVideo")),
    ("L30", lambda e: e.text(f"{_SOUND}/DisplayTitle/TitleText", "Tide 1 (Live)")),
    ("L31", lambda e: e.text(f"{_RELEASE}/DisplayTitle/TitleText", "Ebb - Single")),
    ("L31", lambda e: e.text(f"{_RELEASE}/DisplayTitle/TitleText", "Ebb (feat. Y)")),
    ("P01", lambda e: e.text(f"{_PARTY}/PartyName/FullName", "  ")),
    (
        "P02",
        lambda e: e.into(
            f"{_PARTY}[3]", "<PartyId><ISNI>000000012150090X</ISNI></PartyId>"
        ),
    ),
    ("P03", lambda e: e.text(f"{_PARTY}[2]/PartyName/FullName", "Various Artists")),
    ("P04", _five_artists),
    ("T02", lambda e: e.text(f"{_FIRST}/TerritoryCode", "Worldwide")),
    (
        "T03",
        lambda e: e.after(
            f"{_SECOND}/TerritoryCode",
            "<ExcludedTerritoryCode>Worldwide</ExcludedTerritoryCode>",
        ),
    ),
    ("T04", lambda e: e.text(f"{_FIRST}/TerritoryCode", "AN")),
    ("T05", lambda e: e.twice(f"{_FIRST}/TerritoryCode")),
    (
        "T06",
        lambda e: e.drop("DealList/ReleaseDeal/Deal[2]").mark(
            f"{_RELEASE}/Genre", "ApplicableTerritoryCode", "JP"
        ),
    ),
    (
        "T07",
        lambda e: e.mark(
            f"{_RELEASE}/DisplayArtistName", "ApplicableTerritoryCode", "DE"
        ),
    ),
    ("X01", lambda e: e.drop("DealList")),
    ("X02", lambda e: e.drop(f"{_FIRST}/CommercialModelType")),
    ("X03", lambda e: e.text(f"{_FIRST}/UseType", "PurchaseAsPhysicalProduct")),
    ("X03", lambda e: e.text(f"{_SECOND}/CommercialModelType", "RightsClaimModel")),
    (
        "X04",
        lambda e: e.into(f"{_FIRST}/ValidityPeriod", "<EndDate>2026-03-05</EndDate>"),
    ),
    (
        "X06",
        lambda e: e.text(f"{_SECOND}/CommercialModelType", "SubscriptionModel").text(
            f"{_SECOND}/UseType", "OnDemandStream"
        ),
    ),
    (
        "X07",
        lambda e: e.text(
            "DealList/ReleaseVisibility/ReleaseDisplayStartDateTime",
            "2026-03-08T00:00:00",
        ),
    ),
    (
        "X08",
        lambda e: e.into(
            f"{_SECOND}/PriceInformation", "<PriceCode Namespace='x'>A</PriceCode>"
        ),
    ),
    (
        "X09",
        lambda e: e.into(
            _FIRST, "<NumberOfProductsPerCarton>10</NumberOfProductsPerCarton>"
        ),
    ),
    (
        "X10",
        lambda e: e.text(f"{_SECOND}/PriceInformation/WholesalePricePerUnit", "6.505"),
    ),
    (
        "X10",
        lambda e: e.text(f"{_SECOND}/PriceInformation/WholesalePricePerUnit", "-1"),
    ),
    ("X11", lambda e: e.into(_FIRST, "<IsPreOrderDeal>true</IsPreOrderDeal>")),
    (
        "X12",
        lambda e: e.into(
            _FIRST,
            "<InstantGratificationResourceList><DealResourceReference>A1"
            "</DealResourceReference></InstantGratificationResourceList>",
        ),
    ),
    (
        "X17",
        lambda e: e.into(
            _FIRST,
            "<ExcludedDistributionChannel><PartyId>"
            f"<DPID>{RECIPIENT}</DPID></PartyId></ExcludedDistributionChannel>",
        ),
    ),
    (
        "X18",
        lambda e: e.into(
            _FIRST,
            "<RightsClaimPolicy><RightsClaimPolicyType>Monetize"
            "</RightsClaimPolicyType></RightsClaimPolicy>",
        ),
    ),
    ("X19", lambda e: e.text(f"{_FIRST}/UseType[2]", "Stream")),
    ("X20", lambda e: e.text(f"{_RELEASE}/ReleaseDate", "2026-04-01")),
    ("Z03", lambda e: e.text(f"{_SOUND}/DisplayTitleText", "Tide 1 CafÃ©")),
    ("Z03", lambda e: e.text(f"{_SOUND}/DisplayTitleText", "Tide 1 e\u0301")),
]


_ADVICE: list[tuple[str, Callable[[Edits], Edits]]] = [
    ("H06", lambda e: e.drop(f"{_HEADER}/MessageThreadId")),
    ("S12", lambda e: e.drop(f"{_SOUND}/Contributor")),
    ("S13", lambda e: e.drop(f"{_SOUND}/WorkId")),
    (
        "L10",
        lambda e: e.drop(f"{_RELEASE}/ReleaseDate").drop(
            f"{_RELEASE}/OriginalReleaseDate"
        ),
    ),
    ("L24", lambda e: e.into(_GROUP, _NUMBERED_GROUP.format(""))),
    ("L29", lambda e: _profile(e, "Ringtone")),
    ("X05", lambda e: e),
    ("X13", lambda e: e.drop("DealList/ReleaseDeal/DealReleaseReference[2]")),
]
_PURGE = b"""<e:PurgeReleaseMessage xmlns:e="http://ddex.net/xml/ern/43">
<MessageHeader/><PurgedRelease/></e:PurgeReleaseMessage>"""


def _codes(content: bytes, *, with_advice: bool = False) -> set[str]:
    checked = check(content, now=_NOW, with_advice=with_advice)
    return {finding.code for finding in checked.findings}


def test_the_album_itself_breaks_none():
    checked = check(album_text().encode(), now=_NOW)

    assert checked.is_schema_valid
    assert checked.findings == ()


@pytest.mark.parametrize(
    ("rule_id", "edit"),
    [
        pytest.param(rule_id, edit, id=f"{rule_id}-{number}")
        for number, (rule_id, edit) in enumerate(_BREAKS)
    ],
)
def test_an_edit_breaks_its_rule(rule_id, edit):
    codes = _codes(edit(Edits()).bytes())

    assert f"ERN-{rule_id}" in codes


@pytest.mark.parametrize(("rule_id", "edit"), _ADVICE)
def test_advice_is_given_when_it_is_asked_for(rule_id, edit):
    content = edit(Edits()).bytes()

    assert f"ERN-{rule_id}" in _codes(content, with_advice=True)
    assert f"ERN-{rule_id}" not in _codes(content)


def test_a_purge_is_advised_against():
    assert "ERN-X16" in _codes(_PURGE, with_advice=True)
    assert "ERN-X16" not in _codes(_PURGE)


def test_every_rule_is_shown_to_break():
    # These need to know more than the message says: see test_history.
    elsewhere = {"D12", "S21", "X14", "X15", "X16"}
    shown = {rule_id for rule_id, _ in [*_BREAKS, *_ADVICE]} | elsewhere

    assert {rule.rule_id for rule in registered_rules()} == shown


def test_every_rule_says_where_it_comes_from_and_what_to_do():
    unsaid = [
        rule.code
        for rule in registered_rules()
        if not (rule.source and rule.says and rule.fix.endswith("."))
    ]

    assert unsaid == []


@pytest.mark.parametrize(
    "edit",
    [
        # A pre-order that ends where the deal starts.
        lambda e: e.after(
            "DealList/ReleaseDeal/Deal[1]",
            "<Deal><DealTerms><TerritoryCode>Worldwide</TerritoryCode><ValidityPeriod>"
            "<StartDate>2026-02-20</StartDate><EndDate>2026-03-06</EndDate>"
            "</ValidityPeriod><CommercialModelType>PayAsYouGoModel</CommercialModelType>"
            "<UseType>PermanentDownload</UseType><IsPreOrderDeal>true</IsPreOrderDeal>"
            "</DealTerms></Deal>",
        ),
        # Of the same price, in other words: no conflict.
        lambda e: e.twice("DealList/ReleaseDeal/Deal[2]"),
        # The composer before the title, as in classical music.
        lambda e: e.text(f"{_SOUND}/DisplayTitleText", "Elm: Tide 1"),
        # A UPC of twelve digits.
        lambda e: e.text(f"{_RELEASE}/ReleaseId/ICPN", "036000291452"),
        # A terminology of one's own, marked as such.
        lambda e: (
            e.mark(f"{_RELEASE}/ReleaseType", "UserDefinedValue", "Tape")
            .mark(f"{_RELEASE}/ReleaseType", "Namespace", SENDER)
            .text(f"{_RELEASE}/ReleaseType", "UserDefined")
        ),
        # Precisions that differ do not make an order.
        lambda e: e.text(f"{_SOUND}/MasteredDate", "2025"),
    ],
)
def test_what_is_right_is_not_blamed(edit):
    codes = _codes(edit(Edits()).bytes())

    assert codes == set()


def test_conflicting_deals_are_told_whatever_names_their_territories():
    edits = Edits().twice("DealList/ReleaseDeal/Deal[2]")
    edits.text(f"{_SECOND}/TerritoryCode", "DE")
    edits.text(f"{_SECOND}/PriceInformation/WholesalePricePerUnit", "7.00")

    codes = _codes(edits.bytes())

    assert "ERN-X06" in codes


def test_a_rule_keeps_to_its_profile_and_version():
    by_id = {rule.rule_id: rule for rule in registered_rules()}
    old = album_text().replace("ern/43", "ern/382").encode()

    assert by_id["L27"].profiles == {"DjMix"}
    assert by_id["L02"].level is Level.FATAL
    assert "ERN-L27" not in _codes(album_text().encode())
    assert not {code for code in _codes(old) if code.startswith(("ERN-L", "ERN-X"))}
