"""What is written oddly is written well, and nothing is said otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.ddex.__main__ import main
from shared.ddex.checking import check
from shared.ddex.fixing import fixed
from shared.ddex.fixing.forms import clean, identifier, other_ways
from shared.domain.errors import InvalidInputError, NotFoundError
from tests.shared.ddex.album import Edits, album_text

_NOW = datetime(2026, 11, 21, tzinfo=UTC)
_SOUND = "ResourceList/SoundRecording"
_FIRST = "DealList/ReleaseDeal/Deal[1]/DealTerms"
_ODD = [
    (f"{_SOUND}/SoundRecordingEdition/ResourceId/ISRC", "DE-ZZ1-26-00001"),
    (f"{_SOUND}/SoundRecordingEdition/ResourceId/ISRC", "isrc: dezz12600001"),
    (f"{_SOUND}/WorkId/ISWC", "T-034.524.680-1"),
    (f"{_SOUND}/Duration", "3:00"),
    (f"{_SOUND}/IsInstrumental", "False"),
    (f"{_SOUND}/CreationDate", "2025/5/1"),
    (f"{_SOUND}/MasteredDate", "2025.6"),
    (f"{_SOUND}/DisplayTitleText", "  Tide 1 "),
    (f"{_SOUND}/ParentalWarningType", "notexplicit"),
    ("MessageHeader/MessageCreatedDateTime", "2026-02-01 09:00:00+0000"),
    ("ReleaseList/Release/ReleaseDate", "20260306"),
    ("ReleaseList/Release/ReleaseId/ICPN", "4 006381 333931"),
    (f"{_FIRST}/TerritoryCode", "de"),
    (f"{_FIRST}/UseType", "ONDEMANDSTREAM"),
]


def _left(content):
    return [finding.code for finding in check(content, now=_NOW).findings]


@pytest.mark.parametrize(("path", "text"), _ODD)
def test_one_odd_text_is_written_well(path, text):
    done = fixed(Edits().text(path, text).bytes())

    assert len(done.changes) == 1
    assert done.changes[0].before == text
    assert _left(done.content) == []


def test_children_come_in_the_order_of_the_schema():
    edits = Edits()
    sound = edits.one(_SOUND)
    sound.insert(0, sound.find("Duration"))
    sound.append(sound.find("ResourceReference"))

    done = fixed(edits.bytes())

    assert len(done.changes) == 1
    assert done.changes[0].before.startswith("Duration ")
    assert _left(done.content) == []


def test_a_territory_is_named_once():
    done = fixed(Edits().twice(f"{_FIRST}/TerritoryCode").bytes())

    assert [(each.before, each.after) for each in done.changes] == [("DE", "")]
    assert _left(done.content) == []


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("ReleaseList/Release/ReleaseId/ICPN", "4006381333932", "ERN-D04"),
        (f"{_SOUND}/WorkId/ISWC", "T0345246802", "ERN-D06"),
        (f"{_SOUND}/SoundRecordingEdition/ResourceId/ISRC", "GREAT", "ERN-D01"),
        (f"{_SOUND}/CreationDate", "05/06/2025", "ERN-A03"),
        (f"{_FIRST}/UseType", "Sell", "ERN-A03"),
    ],
)
def test_what_only_the_sender_can_know_is_left(path, text, code):
    content = Edits().text(path, text).bytes()

    done = fixed(content)

    assert done.content == content
    assert done.changes == ()
    assert code in _left(content)


def test_comments_and_lines_stay():
    text = album_text().replace("<PartyList>", "<!-- who -->\n<PartyList>")
    odd = text.replace("<Duration>PT3M<", "<Duration>3:00<")

    done = fixed(odd.encode())

    before = etree.tostring(etree.fromstring(odd.encode())).splitlines()
    after = etree.tostring(etree.fromstring(done.content)).splitlines()
    assert b"<!-- who -->" in done.content
    assert [line for line in after if line not in before] == 2 * [
        b"  <Duration>PT3M0S</Duration>"
    ]
    assert len(after) == len(before)


def test_what_is_well_is_returned_byte_for_byte():
    content = album_text().encode()

    assert fixed(content).content is content


def test_a_fixed_message_has_nothing_to_fix():
    edits = Edits()
    for path, text in _ODD[2:]:
        edits.text(path, text)

    once = fixed(edits.bytes())

    assert len(once.changes) == len(_ODD) - 2
    assert fixed(once.content).changes == ()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<m/>", InvalidInputError),
        (
            b"<e:NewReleaseMessage xmlns:e='http://ddex.net/xml/ern/341'/>",
            NotFoundError,
        ),
        (b"<!DOCTYPE m><m/>", InvalidInputError),
    ],
)
def test_what_is_not_known_is_not_touched(content, error):
    with pytest.raises(error):
        fixed(content)


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text):
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert all(isinstance(way, str) for way in other_ways(cleaned))
    assert identifier("ISRC", identifier("ISRC", cleaned)) == identifier(
        "ISRC", cleaned
    )


@given(st.dates(), st.sampled_from("-/."))
def test_a_date_with_its_year_first_is_read(day, mark):
    written = f"{day.year:04}{mark}{day.month}{mark}{day.day}"

    assert day.isoformat() in {written, *other_ways(written)}


def test_the_command_tells_each_fix_and_writes_the_message(tmp_path, capsys):
    path, target = tmp_path / "odd.xml", tmp_path / "fixed"
    path.write_bytes(Edits().text(f"{_SOUND}/Duration", "3:00").bytes())

    code = main(["fix", str(path), "--output", str(target)])

    told = capsys.readouterr().out
    assert "1 fixes" in told
    assert "[3:00] to [PT3M]" in told or "[3:00] to [PT3M0S]" in told
    root = etree.fromstring((target / "odd.xml").read_bytes())
    assert root.findtext(f"{_SOUND}/Duration") == "PT3M0S"
    assert code == check((target / "odd.xml").read_bytes()).exit_code
    assert main(["fix", str(path), "--output", str(target)]) == 2
