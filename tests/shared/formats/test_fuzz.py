"""Two thousand damaged files: each is read or refused, in words, and in time."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from shared.domain.errors import PermanentError
from shared.domain.fields import parsed
from shared.formats.catalogs.elements import read_elements
from shared.formats.catalogs.objects import read_objects
from shared.formats.dumps.discogs import read_discogs
from shared.formats.dumps.musicbrainz import read_musicbrainz
from shared.formats.feeds.normalising import read_feed_file
from shared.formats.itunes_library import read_itunes_library
from shared.formats.playlists.reading import read_playlist_file
from shared.formats.tables.reading import read_table

FEED = """<?xml version="1.0"?><rss version="2.0"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>T</title>
<itunes:category text="Arts"/><item><title>A &amp; B</title><guid>1</guid>
<pubDate>Fri, 20 Nov 2026 08:00:00 GMT</pubDate><itunes:duration>1:02</itunes:duration>
<enclosure url="u" length="3" type="audio/mpeg"/><podcast:person>Ada</podcast:person>
<description><![CDATA[<p>x</p>]]></description></item></channel></rss>"""
TABLE = (
    "Track Title,Artist,ISRC,Album,UPC,Release Date,Length,Composer\n"
    'Night,"Ada; Ben",QZLN92600001,Tide,2000000000008,2026-09-18,3:45,Cy\n' * 3
)
WORKS = "Work Title,ISWC,Writer 1 Last,Writer 1 IPI\nA,T-034524680-1,Ada,00014107338\n"
LINES = (
    '{"id":"r1","title":"A","media":[{"tracks":[{"recording":{"id":"x"}}]}],'
    '"artist-credit":[{"name":"Ada","artist":{"id":"a"}}],"barcode":"2000000000008"}\n'
)
DISCOGS = """<releases><release id="7"><title>T</title><artists><artist><name>A (2)
</name></artist></artists><tracklist><track><position>A1</position><title>N</title>
<duration>3:45</duration></track></tracklist></release></releases>"""
LIBRARY = """<plist><dict><key>Tracks</key><dict><key>1</key><dict><key>Track ID</key>
<integer>1</integer><key>Name</key><string>N</string></dict></dict></dict></plist>"""
OBJECTS = '{"releases":[{"title":"T","tracks":[{"title":"A","length":"3:45"}]}]}'
ELEMENTS = (
    "<c><r><title>T</title><t><title>A</title><isrc>QZLN92600001</isrc></t></r></c>"
)
M3U = "#EXTM3U\n#EXTINF:3,Ada - A\na.mp3\n"
PLS = "[playlist]\nFile1=a\nTitle1=b\nLength1=3\n"
XSPF = '<playlist xmlns="http://xspf.org/ns/0/"><trackList><track><title>A</title></track></trackList></playlist>'
READERS: dict[str, tuple[str, Callable]] = {
    "feed": (FEED, read_feed_file),
    "table": (TABLE, read_table),
    "works": (WORKS, read_table),
    "musicbrainz": (LINES * 2, read_musicbrainz),
    "discogs": (DISCOGS, read_discogs),
    "library": (LIBRARY, read_itunes_library),
    "objects": (OBJECTS, read_objects),
    "lines": (LINES, partial(read_objects, is_lines=True)),
    "elements": (ELEMENTS, read_elements),
    "m3u": (M3U, partial(read_playlist_file, address="x")),
    "pls": (PLS, partial(read_playlist_file, address="x")),
    "xspf": (XSPF, partial(read_playlist_file, address="x")),
}
EACH = 170


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return *content* with a few bytes flipped, cut, doubled, or put elsewhere."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) or 1)
        way = chance.randrange(6)
        if way == 0 and found:
            found[at % len(found)] = chance.randrange(256)
        elif way == 1:
            del found[at : at + chance.randint(1, 40)]
        elif way == 2:
            found[at:at] = found[at : at + chance.randint(1, 40)]
        elif way == 3:
            found[at:at] = bytes(chance.randrange(256) for _ in range(3))
        elif way == 4:
            found[at:at] = chance.choice(
                [b"<", b">", b"&", b'"', b"\x00", b"]]>", b"\xff\xfe", b"9" * 30, b"["]
            )
        else:
            del found[at:]
    return bytes(found)


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused(name, tmp_path):
    content, read = READERS[name]
    chance = random.Random(name)
    path = tmp_path / "upload"
    for _ in range(EACH):
        path.write_bytes(damaged(content.encode(), chance))

        try:
            entries = list(read(path))
        except PermanentError:
            continue

        for entry in entries:
            said = [*entry.track, *(c for t in entry.things for c in t.claims)]
            for claim in said:
                assert parsed(claim.kind, claim.field, claim.value) == claim.value


def test_they_are_two_thousand():
    assert len(READERS) * EACH >= 2_000
