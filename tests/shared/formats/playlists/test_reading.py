import pytest

from shared.domain.claims import Kind
from shared.domain.errors import UnreadableFileError
from shared.formats.playlists.reading import read_playlist_file
from tests.shared.formats.ingest import needs_samples, samples


@pytest.fixture
def read(tmp_path):
    def reading(content, address="gs://up/t/Evening.m3u"):
        path = tmp_path / "list"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (entry,) = read_playlist_file(path, address)
        (thing,) = entry.things
        assert thing.kind is Kind.PLAYLIST
        return {claim.field: claim.value for claim in thing.claims}, entry.findings

    return reading


def test_m3u_tells_entries_lengths_and_its_title(read):
    said, findings = read(
        "#EXTM3U\n#PLAYLIST:Late\n#EXTALBUMARTURL:https://e.org/c.jpg\n"
        "#EXTINF:123,Ada - Night - Live\nfile:///m/01%20Night.mp3\n\n"
        "#EXTINF:-1,Just words\nC:\\Music\\b.mp3\n# a note\nc.mp3\n"
    )

    assert (said["title"], said["item_count"]) == ("Late", 3)
    first, second, third = said["items"]
    assert first == {
        "artist": "Ada",
        "title": "Night - Live",
        "duration_ms": 123_000,
        "location": "file:///m/01%20Night.mp3",
        "path": "/m/01 Night.mp3",
    }
    assert second["path"] == "C:/Music/b.mp3"
    assert third == {"location": "c.mp3"}
    assert findings == ()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lines_and_encodings_of_all_kinds(read, ends, codec):
    said, _ = read(ends.join(["#EXTM3U", "é.mp3", "b.mp3"]).encode(codec))

    assert [item["location"] for item in said["items"]] == ["é.mp3", "b.mp3"]


def test_without_a_title_it_is_called_like_its_file(read):
    assert read("a.mp3\n")[0]["title"] == "Evening"


def test_an_entry_that_never_comes_is_a_finding(read):
    _, findings = read("#EXTM3U\na.mp3\n#EXTINF:3,Ada - B\n")

    assert [f.code for f in findings] == ["playlist-cut-off"]


def test_pls_is_put_in_the_order_of_its_numbers(read):
    said, findings = read(
        "[playlist]\nFile2=b.mp3\nTitle1=Ada - A\nFile1=a.mp3\nLength1=60\n"
        "Length2=-1\nTitle3=lost\nNumberOfEntries=3\nVersion=2\n"
    )

    assert said["items"] == [
        {"artist": "Ada", "title": "A", "location": "a.mp3", "duration_ms": 60_000},
        {"location": "b.mp3"},
    ]
    assert [f.code for f in findings] == ["playlist-no-file"]


def test_xspf_and_jspf_say_the_same(read):
    xspf = (
        '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/">'
        "<title>Late</title><creator>Ada</creator><date>2026-11-20T08:00:00Z</date>"
        "<trackList><track><location>a.mp3</location><title>A</title>"
        "<creator>Ben</creator><duration>60000</duration><trackNum>2</trackNum>"
        "</track><track/></trackList></playlist>"
    )
    jspf = (
        '{"playlist": {"title": "Late", "creator": "Ada",'
        '"date": "2026-11-20T08:00:00Z", "track": [{"location": ["a.mp3"],'
        '"title": "A", "creator": "Ben", "duration": 60000, "trackNum": 2}, {}]}}'
    )

    one, _ = read(xspf)
    other, _ = read(jspf)

    assert one.pop("format") == "xspf"
    assert other.pop("format") == "jspf"
    assert one == other
    assert one["items"] == [
        {
            "title": "A",
            "artist": "Ben",
            "location": "a.mp3",
            "duration_ms": 60_000,
            "track_number": 2,
        }
    ]


def test_a_smart_playlist_keeps_its_rules(read):
    said, _ = read(
        '/* mine */ {"name": "New // ones", // why\n'
        '"all": [{"inTheLast": {"lastPlayed": 30}},], "limit": 100}'
    )

    assert said["title"] == "New // ones"
    assert said["rules"] == [{"all": [{"inTheLast": {"lastPlayed": 30}}], "limit": 100}]


@pytest.mark.parametrize("content", ['{"playlist": 3}', '{"all": [', "<playlist>"])
def test_damaged_documents_are_refused(read, content):
    with pytest.raises(UnreadableFileError):
        read(content)


@needs_samples
@pytest.mark.parametrize("path", samples("playlist"), ids=lambda p: p.name)
def test_every_sample_is_read_unless_it_is_invalid(path):
    if "invalid" in path.name:
        with pytest.raises(UnreadableFileError):
            list(read_playlist_file(path, path.name))
        return

    (entry,) = read_playlist_file(path, path.name)

    said = {claim.field: claim.value for claim in entry.things[0].claims}
    assert said["title"]
    assert "empty" in path.name or said.get("items") or said.get("rules")
