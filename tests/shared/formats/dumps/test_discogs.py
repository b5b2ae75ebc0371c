import gzip

import pytest

from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError
from shared.domain.fields import parsed
from shared.formats.dumps.discogs import read_discogs
from tests.shared.formats.ingest import needs_samples, samples

RELEASE = """<release id="7" status="Accepted"><artists><artist><id>1</id>
<name>Prince (2)</name><anv>The Prince</anv><join>&amp;</join></artist>
<artist><id>2</id><name>Ada</name></artist></artists><title>Tidewater</title>
<labels><label name="Quay (3)" catno="Q 1"/></labels><country>UK</country>
<released>2026-00-00</released><genres><genre>Rock</genre></genres>
<formats><format name="Vinyl" qty="2"/></formats><master_id>9</master_id>
<identifiers><identifier type="Barcode" value="2 000000 000008"/></identifiers>
<tracklist><track><position></position><title>Part One</title></track>
<track><position>A1</position><title>Night</title><duration>3:45</duration></track>
<track><position>C2</position><title>Day</title><duration/></track></tracklist>
</release>"""


@pytest.fixture
def read(tmp_path):
    def reading(content):
        path = tmp_path / "dump"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_discogs(path))

    return reading


def values(thing):
    return {claim.field: claim.value for claim in thing.claims}


def test_a_release_with_its_tracks_and_their_sides(read):
    (entry,) = read(f"<releases>{RELEASE}</releases>")

    release, first, place, _, second_place = entry.things
    said = values(release)
    assert said["artists"][0] == {
        "name": "Prince",
        "role": "MainArtist",
        "credited_as": "The Prince",
        "join": " & ",
    }
    assert (said["label"], said["release_date"]) == ("Quay", "2026")
    assert release.keys == ("gtin:02000000000008", "discogs:release/7")
    assert said["release_group"] == "discogs:master/9"
    assert values(first)["duration_ms"] == 225_000
    assert values(place)["medium_number"] == 1
    assert values(second_place)["medium_number"] == 2


def test_a_slice_may_be_one_element_alone(read):
    (entry,) = read(RELEASE)

    assert entry.things[0].kind is Kind.RELEASE


def test_the_first_of_a_name_is_who_people_mean(read):
    one, other = read(
        "<artists><artist><id>1</id><name>Ada</name></artist>"
        "<artist><id>2</id><name>Ada (2)</name></artist></artists>"
    )

    assert one.things[0].keys == ("name:ada", "discogs:artist/1")
    assert other.things[0].keys == ("discogs:artist/2",)
    assert values(other.things[0])["name"] == "Ada"


def test_a_packed_dump_is_read_as_it_is(read):
    content = gzip.compress(f"<releases>{RELEASE * 3}</releases>".encode())

    assert len(read(content)) == 3


def test_what_breaks_off_tells_the_line_after_what_came_before(tmp_path):
    path = tmp_path / "dump"
    path.write_text(f"<releases>{RELEASE}<release id='8'><title>x</releases>")
    entries = read_discogs(path)

    assert next(entries).things
    with pytest.raises(UnreadableFileError) as caught:
        list(entries)
    assert caught.value.facts["line"] > 1


def test_an_element_without_name_is_an_error(read):
    (entry,) = read("<artists><artist><id>1</id></artist></artists>")

    assert entry.is_error
    assert entry.findings


@needs_samples
@pytest.mark.parametrize("path", samples("discogs-dump"), ids=lambda p: p.name)
def test_every_sample_element_is_read(path):
    entries = list(read_discogs(path))

    assert entries
    assert not any(entry.is_error for entry in entries)
    for thing in entries[0].things:
        for claim in thing.claims:
            assert parsed(claim.kind, claim.field, claim.value) == claim.value
