from __future__ import annotations

import pytest

from shared.ddex.conversion import catalog_facts, convert, same_facts
from shared.ddex.model import model_of, read
from tests.shared.ddex.album import Edits, album_text
from tests.shared.ddex.single_of_3 import single_text


def _album():
    return read(album_text().encode())


def test_a_message_says_the_same_as_itself():
    assert same_facts(_album(), _album()) == ()


def test_facts_are_about_recordings_releases_and_deals():
    facts = set(catalog_facts(_album()))

    assert ("recording DEZZ12600001", "title", "Tide 1") in facts
    assert ("recording DEZZ12600001", "credit", "Jonas Elm: Composer") in facts
    assert ("release 4006381333931", "released on", "2026-03-06") in facts
    assert ("release 4006381333931", "consists of", "2 DEZZ12600002") in facts
    terms = (
        "in DE, FR; for ConditionalDownload, OnDemandStream;"
        " as SubscriptionModel; when 2026-03-06 to ever"
    )
    assert ("deals of release 4006381333931", "deal", terms) in facts


@pytest.mark.parametrize(
    ("path", "text", "about", "field"),
    [
        (".//ISRC", "DEZZ12600009", "recording DEZZ12600001", "title"),
        (".//SoundRecording/DisplayTitleText", "Tied", "recording DEZZ12600001",
         "title"),
        (".//SoundRecording/Duration", "PT4M", "recording DEZZ12600001",
         "duration_ms"),
        (".//Contributor/Role", "Lyricist", "recording DEZZ12600001", "credit"),
        (".//Party/PartyName/FullName", "Mona", "release 4006381333931", "credit"),
        (".//SoundRecordingEdition/PLine/Year", "2025", "recording DEZZ12600001",
         "P-line"),
        (".//HashSumValue", "ff", "recording DEZZ12600001", "file"),
        (".//Release/CLine/CLineText", "(C) X", "release 4006381333931", "C-line"),
        (".//Release/Genre/GenreText", "Jazz", "release 4006381333931", "genre"),
        (".//Release/ReleaseDate", "2026-03-07", "release 4006381333931",
         "released on"),
        (".//Release/ParentalWarningType", "Explicit", "release 4006381333931",
         "parental warning"),
        (".//ResourceGroupContentItem/ReleaseResourceReference", "A2",
         "release 4006381333931", "consists of"),
        (".//DealTerms/TerritoryCode", "AT", "deals of release 4006381333931", "deal"),
        (".//DealTerms/UseType", "Stream", "deals of release 4006381333931", "deal"),
        (".//ValidityPeriod/StartDate", "2026-03-08", "deals of release 4006381333931",
         "deal"),
        (".//WholesalePricePerUnit", "7", "deals of release 4006381333931", "deal"),
    ],
)  # fmt: skip
def test_what_differs_is_told(path, text, about, field):
    other = model_of(Edits().text(path, text).root)

    differences = {(each.about, each.field) for each in same_facts(_album(), other)}

    assert (about, field) in differences


def test_a_difference_has_both_sides():
    other = model_of(Edits().text(".//Release/ReleaseDate", "2026-03-07").root)

    (difference,) = same_facts(_album(), other)

    assert difference.to_json() == {
        "about": "release 4006381333931",
        "field": "released on",
        "only_a": ["2026-03-06"],
        "only_b": ["2026-03-07"],
    }


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("MessageHeader/MessageId", "another"),
        ("MessageHeader/MessageCreatedDateTime", "2026-02-02T00:00:00Z"),
        (".//ValidityPeriod/StartDateTime", "2026-03-06T00:00:00+00:00"),
        (".//SoundRecording/Duration", "PT180S"),
        (".//SoundRecording/DisplayTitleText", "Tide\n   1"),
    ],
)
def test_other_words_for_the_same_are_no_difference(path, text):
    assert same_facts(_album(), model_of(Edits().text(path, text).root)) == ()


def test_where_each_territory_is_named_is_no_difference():
    edits = Edits().mark(
        ".//Release/DisplayArtistName", "ApplicableTerritoryCode", None
    )

    assert same_facts(_album(), model_of(edits.root)) == ()


def test_a_deal_that_is_missing_is_told():
    other = model_of(Edits().drop("DealList/ReleaseDeal/Deal").root)

    differences = same_facts(_album(), other)

    assert {each.field for each in differences} == {"deal"}
    assert len(differences) == 3
    assert all(each.only_a and not each.only_b for each in differences)


def test_what_4_x_cannot_say_is_told_after_a_conversion():
    source = single_text().replace(
        "<TerritoryCode>JP</TerritoryCode>",
        "<ExcludedTerritoryCode>JP</ExcludedTerritoryCode>",
    )

    conversion = convert(source.encode(), "4.3")

    differences = same_facts(read(source.encode()), model_of(conversion.root))
    assert {each.field for each in differences} == {"released on"}


def test_a_single_of_3_x_says_the_same_in_4_x():
    source = single_text().encode()

    assert same_facts(read(source), model_of(convert(source, "4.3").root)) == ()
    assert same_facts(read(source), model_of(convert(source, "4.2").root)) == ()
