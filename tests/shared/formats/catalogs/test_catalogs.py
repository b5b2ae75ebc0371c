import json

import pytest

from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError
from shared.formats.catalogs.elements import read_elements, record_path
from shared.formats.catalogs.objects import read_objects
from shared.formats.tables.mapping import TableMapping

XML = """<catalog>
<release upc="2000000000008"><title>Tidewater</title><label>Quay</label><tracks>
<track number="1"><title>Night</title><isrc>QZLN92600001</isrc>
<artists><artist><name>Ada</name></artist><artist><name>Ben</name></artist></artists>
</track>
<track number="2"><title>Day</title><isrc>nope</isrc></track>
</tracks></release>
<release upc="2000000000015"><title>Ebb</title><tracks>
<track number="1"><title>Low</title></track></tracks></release>
</catalog>"""


@pytest.fixture
def file(tmp_path):
    def written(content):
        path = tmp_path / "catalog"
        path.write_text(content)
        return path

    return written


def values(entry, kind=Kind.RECORDING):
    return {claim.field: claim.value for claim in entry.track if claim.kind is kind}


def test_json_arrays_and_lines_say_the_same(file):
    item = {"title": "A", "isrc": "QZLN92600001", "artists": ["Ada", {"name": "Ben"}]}

    array = list(read_objects(file(json.dumps([item, 3]))))
    lines = list(read_objects(file(f"{json.dumps(item)}\n3\n"), is_lines=True))

    assert [e.track for e in array] == [e.track for e in lines]
    assert array[1].is_error
    assert len(values(array[0])["artists"]) == 2


def test_an_album_of_tracks_gives_each_the_albums_fields(file):
    album = {
        "title": "Tidewater",
        "upc": "2000000000008",
        "tracks": [{"title": "A", "track_number": 1}, {"title": "B"}],
    }

    first, second = read_objects(file(json.dumps({"releases": [album]})))

    assert values(first, Kind.RELEASE)["title"] == "Tidewater"
    assert values(second)["title"] == "B"
    assert values(second, Kind.RELEASE)["gtin"] == "02000000000008"


def test_a_damaged_line_is_told_of_and_the_others_go_on(file):
    found = list(
        read_objects(
            file('{"title": "A"}\n{"title": \n{"title": "B"}\n'), is_lines=True
        )
    )

    assert [(e.line, e.is_error) for e in found] == [(1, False), (2, True), (3, False)]


def test_an_array_that_breaks_off_gives_what_came_before(file):
    entries = read_objects(file('[{"title": "A"},\n{"title": "B"},\n{"titl'))

    assert [values(next(entries))["title"], values(next(entries))["title"]] == [
        "A",
        "B",
    ]
    with pytest.raises(UnreadableFileError) as caught:
        next(entries)
    assert caught.value.facts["line"] == 3


@pytest.mark.parametrize("content", ['["a"]', "[" * 100_000, '{"x": 1}', "{} {}", ""])
def test_json_that_holds_no_catalog_is_refused(file, content):
    with pytest.raises(UnreadableFileError):
        list(read_objects(file(content)))


def test_a_mapping_names_members(file):
    mapping = TableMapping("m", columns={"t": "track:title", "code": "isrc"})

    (entry,) = read_objects(file('[{"t": "A", "code": "QZLN92600001"}]'), mapping)

    assert values(entry) == {"title": "A", "isrc": "QZLN92600001"}


def test_tracks_of_xml_have_what_stands_around_them(file):
    first, second, third = read_elements(file(XML))

    assert values(first)["title"] == "Night"
    assert [a["name"] for a in values(first)["artists"]] == ["Ada", "Ben"]
    assert values(first, Kind.RELEASE)["title"] == "Tidewater"
    assert values(first, Kind.RELEASE)["gtin"] == "02000000000008"
    assert values(second, Kind.TRACK_POSITION) == {"track_number": 2}
    assert values(third, Kind.RELEASE)["title"] == "Ebb"
    assert (first.line, second.line) == (3, 6)
    assert [f.code for f in second.findings] == ["invalid-isrc"]


def test_the_record_is_the_innermost_element_that_is_known(file):
    assert record_path(file(XML)) == ("catalog", "release", "tracks", "track")


@pytest.mark.parametrize(
    "content", ["<a><b>1</b></a>", "<a>", "", "<a><title>x</title></a>"]
)
def test_xml_that_holds_no_catalog_is_refused(file, content):
    with pytest.raises(UnreadableFileError):
        list(read_elements(file(content)))


def test_entities_are_not_expanded(file):
    bomb = (
        '<!DOCTYPE c [<!ENTITY a "aaa"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<c><t><title>&a;&f;</title><isrc>QZLN92600001</isrc></t></c>"
    )

    (entry,) = read_elements(file(bomb))

    assert "root:" not in json.dumps(dict(entry.raw))
    assert "aaa" not in json.dumps(dict(entry.raw))
