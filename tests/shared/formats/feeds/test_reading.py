import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Kind
from shared.domain.errors import LimitExceededError, UnreadableFileError
from shared.domain.fields import parsed
from shared.formats.feeds import documents
from shared.formats.feeds.reading import read_feed
from tests.shared.formats.ingest import needs_samples, samples

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0"
  xmlns:atom="http://www.w3.org/2005/Atom" xmlns:own="https://example.org/own">
<channel>
<title>Harbour Talk</title><link>https://example.org/</link>
"""
TAIL = "</channel></rss>"


def feed(inner, head=HEAD, tail=TAIL):
    return read_feed(f"{head}{inner}{tail}".encode())


def only(inner):
    (episode,) = feed(f"<item>{inner}</item>").episodes()
    return episode


def test_a_podcast_says_who_makes_it_and_how_to_reach_it():
    found = feed("""
      <atom:link rel="self" href="https://example.org/feed.xml"/>
      <itunes:author>Quay Radio</itunes:author><language>en-us</language>
      <itunes:owner><itunes:name>Ada</itunes:name>
        <itunes:email>ada@example.org</itunes:email></itunes:owner>
      <itunes:category text="Arts"><itunes:category text="Books"/></itunes:category>
      <itunes:category text="News"/><itunes:explicit>clean</itunes:explicit>
      <itunes:image href="https://example.org/a.png"/><itunes:type>serial</itunes:type>
      <podcast:guid>ead4c236-bf58-58c6-a2c6-a6b28d128cb6</podcast:guid>""")

    values = found.podcast.values
    assert values["title"] == "Harbour Talk"
    assert values["feed_url"] == "https://example.org/feed.xml"
    assert (values["owner_name"], values["owner_email"]) == ("Ada", "ada@example.org")
    assert values["categories"] == ["Arts > Books", "News"]
    assert values["explicit"] is False
    assert values["podcast_type"] == "serial"
    assert values["language"] == "en-us"
    assert found.findings == ()


def test_every_repeated_tag_is_kept_in_order():
    episode = only("""
      <podcast:person role="guest" img="x">Ben</podcast:person>
      <podcast:person>Ada</podcast:person>
      <podcast:person role="guest">Cy</podcast:person>
      <podcast:transcript url="a.vtt" type="text/vtt"/>
      <podcast:transcript url="a.srt" type="application/x-subrip"/>
      <podcast:soundbite startTime="1" duration="2">One</podcast:soundbite>
      <podcast:soundbite startTime="3" duration="4"/>
      <podcast:value type="lightning" method="keysend">
        <podcast:valueRecipient name="a" split="60"/>
        <podcast:valueRecipient name="b" split="40"/>
      </podcast:value>
      <podcast:alternateEnclosure type="audio/opus"><podcast:source uri="u1"/>
        <podcast:source uri="u2"/></podcast:alternateEnclosure>""")

    values = episode.values
    assert [p["text"] for p in values["persons"]] == ["Ben", "Ada", "Cy"]
    assert values["persons"][0] == {"role": "guest", "img": "x", "text": "Ben"}
    assert [t["url"] for t in values["transcripts"]] == ["a.vtt", "a.srt"]
    assert [s["startTime"] for s in values["soundbites"]] == ["1", "3"]
    (value,) = values["value"]
    assert [r["split"] for r in value["valueRecipients"]] == ["60", "40"]
    (other,) = values["alternate_enclosures"]
    assert [source["uri"] for source in other["sources"]] == ["u1", "u2"]
    assert values["contributors"][1] == {"name": "Ada", "role": "Host"}


def test_tags_that_nobody_knows_are_kept_under_their_names():
    episode = only('<own:mood level="3">calm</own:mood><own:mood>blue</own:mood>')

    assert episode.values["extensions"] == [
        {"tag": "own:mood", "level": "3", "text": "calm"},
        {"tag": "own:mood", "text": "blue"},
    ]


def test_an_episode_says_what_is_played_and_when():
    episode = only("""<title>One</title><guid isPermaLink="false">g1</guid>
      <pubDate>Fri, 20 Nov 2026 08:00:00 +0200</pubDate>
      <enclosure url="/1.mp3" length="1234" type="audio/mpeg"/>
      <itunes:duration>1:02:03</itunes:duration><itunes:season>2</itunes:season>
      <itunes:episode>7</itunes:episode><itunes:episodeType>bonus</itunes:episodeType>
      <description><![CDATA[<p>Hello &amp; welcome</p>]]></description>""")

    values = episode.values
    assert values["published_at"] == "2026-11-20T06:00:00Z"
    assert values["enclosure_url"] == "https://example.org/1.mp3"
    assert (values["enclosure_bytes"], values["duration_ms"]) == (1234, 3_723_000)
    assert (values["season_number"], values["episode_number"]) == (2, 7)
    assert values["description"] == "<p>Hello &amp; welcome</p>"
    assert episode.line == 7


def test_a_bad_value_is_a_finding_with_its_line_and_the_rest_is_there():
    episode = only("<title>One</title>\n<pubDate>soon</pubDate>")

    (finding,) = episode.findings
    assert (finding.code, finding.line) == ("invalid-published-at", 7)
    assert episode.values == {"title": "One"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("<rss><channel><title>A & B</title></channel></rss>", "A & B"),
        ("<rss><channel><title>A&nbsp;B</title></channel>", "A\u00a0B"),
        ("<rss><channel><title>A<item><title>x</title>", "A"),
        ("<rss version=2.0><channel><title>A</title></channel></rss>", "A"),
        ("<rss><channel><itunes:author>x</itunes:author><title>A</title>", "A"),
        ("junk <rss><channel><title>A</title></channel></rss>", "A"),
        ("<rss><channel><title><![CDATA[A", "A"),
        ("<feed><entry></entry><title>no namespace</title></feed>", "no namespace"),
        ("<rss><channel><title>A\x0b</title></channel></rss>", "A"),
        ("<rss><channel><title>A</b></title></channel></rss>", "A"),
    ],
)
def test_damaged_feeds_are_read_and_told_of(text, title):
    found = read_feed(text.encode())

    assert found.podcast.values["title"] == title
    if not found.is_wellformed:
        assert found.findings


def test_items_that_never_end_are_still_several():
    found = read_feed(b"<rss><channel><item><title>a</title><item><title>b</title>")

    assert [e.values["title"] for e in found.episodes()] == ["a", "b"]


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("utf-8", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("cp1251", "windows-1251"),
        ("shift_jis", "Shift_JIS"),
        ("utf-8", "utf-16"),
        ("utf-8-sig", "iso-8859-1"),
    ],
)
def test_encodings_are_found_out(codec, declared):
    title = "Привет" if "jis" not in codec else "こんにちは"
    said = f' encoding="{declared}"' if declared else ""
    text = (
        f'<?xml version="1.0"{said}?>'
        f"<rss><channel><title>{title}</title></channel></rss>"
    )

    found = read_feed(text.encode(codec))

    assert found.podcast.values["title"] == title


def test_entities_are_never_expanded():
    bomb = (
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<rss><channel><title>&b;&f;</title></channel></rss>"
    )

    found = read_feed(bomb.encode())

    assert found.podcast.values["title"] == "&b;&f;"
    assert "feed-document-type" in {f.code for f in found.findings}


def test_a_feed_beyond_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(documents, "LARGEST_FEED_BYTES", 100)

    with pytest.raises(LimitExceededError):
        read_feed(b"<rss>" + b" " * 100)


def test_deep_nesting_neither_crashes_nor_takes_long():
    deep = b"<rss><channel>" + b"<a>" * 20_000

    found = read_feed(deep)

    assert found.podcast.values["episode_count"] == 0
    assert not found.is_wellformed


@pytest.mark.parametrize("content", [b"", b"plain text", b"<html><p>no</p></html>"])
def test_what_is_no_feed_is_refused_or_empty(content):
    try:
        found = read_feed(content)
    except UnreadableFileError:
        return

    assert {f.code for f in found.findings} >= {"feed-empty"} or found.findings
    assert list(found.episodes()) == []


def test_json_feed_is_the_same_feed():
    found = read_feed(
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "T",'
        b'"feed_url": "https://e.org/f", "items": [{"id": "1", "attachments":'
        b'[{"url": "u.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 5}]}]}'
    )

    (episode,) = found.episodes()
    assert found.podcast.values["feed_url"] == "https://e.org/f"
    assert episode.values["enclosure_url"] == "u.mp3"
    assert episode.values["duration_ms"] == 5000


@given(st.text(alphabet="<>/=\"'&; abrschnelitmg![]CDATA-?\n", max_size=300))
def test_whatever_comes_is_read_or_refused(text):
    try:
        found = read_feed(f"<rss>{text}".encode())
    except UnreadableFileError:
        return

    for episode in found.episodes():
        for name, value in episode.values.items():
            assert parsed(Kind.EPISODE, name, value) == value


@needs_samples
@pytest.mark.parametrize(
    "path",
    samples("podcast-rss", "feed-general", "feed-malformed"),
    ids=lambda p: p.name,
)
def test_every_sample_is_read_with_all_its_repeated_tags(path):
    content = path.read_bytes()
    text = content.decode("utf-8", "replace")

    found = read_feed(content)

    told = [found.podcast, *found.episodes()]
    for tag, field in (
        ("person", "persons"),
        ("transcript", "transcripts"),
        ("soundbite", "soundbites"),
        ("funding", "funding"),
    ):
        written = len(re.findall(rf"<podcast:{tag}[\s>/]", text))
        kept = sum(len(item.values.get(field, [])) for item in told)
        kept += sum(
            extension["tag"] == f"podcast:{tag}"
            for item in told
            for extension in item.values.get("extensions", [])
        )
        # A link to pay by is funding too, where there is no other.
        assert kept == written or not written
