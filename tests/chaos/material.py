"""What is uploaded: albums in many formats, with what goes wrong in real life.

The same seed and size give the same uploads, to the last byte.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from infra.local.samples.message import MessageRelease, MessageTrack, message
from infra.local.samples.pictures import cover
from shared.domain.check_digits import gs1_mod_10

_FORMATS = ("mp3", "flac", "m4a", "ogg", "wav", "opus", "aiff", "wv")
_TEMPI = (96.0, 120.0, 138.0)
_TRACKS_AN_ALBUM = 5
_WORDS = ("Night", "Ferry", "Slow", "Lanterns", "Salt", "Copper", "Low", "Tide")


@dataclass(frozen=True, slots=True)
class Sending:
    """One object written: *name* is relative to the tenant's folder."""

    name: str
    content: bytes
    what: str


def sendings(count: int, seed: int, duration_s: float = 1.6) -> list[Sending]:
    """Return *count* uploads of mixed kinds, in the order in which to send them."""
    chance = random.Random(seed)
    sounds = _sounds(duration_s)
    found: list[Sending] = []
    number = 0
    while len(found) < count:
        number += 1
        found += _album(number, sounds, chance)
    found = _replaced(found[:count], sounds, chance)
    # Mostly in order, as people upload; a late file now and then.
    for _ in range(count // 10):
        place = chance.randrange(len(found))
        found.append(found.pop(place))
    return found


def _sounds(duration_s: float) -> dict[str, bytes]:
    return {
        f"{form}-{place}": encoded(
            samples(Song(bpm, "A minor", duration_s, seed=place)), form
        )
        for place, bpm in enumerate(_TEMPI)
        for form in _FORMATS
    }


def _album(
    number: int, sounds: dict[str, bytes], chance: random.Random
) -> Iterator[Sending]:
    bare = f"200{number:09}"
    on = SampleTags(
        album=f"Tidewater {number}",
        gtin=bare + gs1_mod_10(bare),
        catalog_number=f"LN-{number:03}",
        cover=cover(hue=number * 16) if number % 3 == 0 else b"",
        artist=chance.choice(("Ada Quill", "Ada Quill feat. The Harbour Lights")),
    )
    tracks = []
    for place in range(_TRACKS_AN_ALBUM):
        form = chance.choice(_FORMATS)
        tags = _track(on, number, place, chance)
        name = f"album {number}/{place + 1:02}.{form}"
        sound = sounds[f"{form}-{chance.randrange(len(_TEMPI))}"]
        tracks.append((name, tags))
        yield Sending(name, tagged(sound, tags), "audio")
        if chance.random() < 0.1:
            copy = tagged(sound, tags)
            yield Sending(f"album {number}/copy of {place + 1}.{form}", copy, "copy")
    yield Sending(f"album {number}/message.xml", _message(on, tracks), "message")
    yield Sending(f"album {number}/catalog.csv", _table(on, tracks, chance), "table")
    yield _spoilt(number, chance, next(iter(sounds.values())))


def _track(
    on: SampleTags, number: int, place: int, chance: random.Random
) -> SampleTags:
    title = " ".join(chance.sample(_WORDS, 2))
    # Every seventh file has no ISRC, and is known by its bytes and place alone.
    isrc = "" if chance.random() < 0.15 else f"QZLN926{number % 1000:03}{place + 1:02}"
    return replace(
        on,
        title=title,
        isrc=isrc,
        track=place + 1,
        track_total=_TRACKS_AN_ALBUM,
        genre=chance.choice(("Electronic", "Folk", "Ambient")),
        gtin=on.gtin if chance.random() < 0.8 else "",
    )


def _message(on: SampleTags, tracks: list[tuple[str, SampleTags]]) -> bytes:
    told = [
        MessageTrack(tags.isrc, tags.title.upper(), 2.0, name.rpartition("/")[2])
        for name, tags in tracks
        if tags.isrc
    ]
    release = MessageRelease(
        title=on.album,
        artist="Ada Quill",
        label=on.label,
        gtin=on.gtin,
        released_on=on.date,
        genre="Pop",
        tracks=told,
    )
    return message(release, message_id=f"LN-{on.gtin}")


def _table(
    on: SampleTags, tracks: list[tuple[str, SampleTags]], chance: random.Random
) -> bytes:
    rows = [
        {
            "title": tags.title if chance.random() < 0.7 else f"{tags.title} (Live)",
            "artist": tags.album_artist,
            "isrc": tags.isrc,
            "album": on.album,
            "upc": on.gtin,
            "label": chance.choice((on.label, "Quayside")),
            "track_number": tags.track,
        }
        for _, tags in tracks
    ]
    if chance.random() < 0.3:
        return json.dumps(rows).encode()
    head = ",".join(rows[0])
    lines = [",".join(str(value) for value in row.values()) for row in rows]
    return "\r\n".join([head, *lines, ""]).encode()


def _spoilt(number: int, chance: random.Random, sound: bytes) -> Sending:
    kind = chance.choice(("broken", "empty", "picture", "noise"))
    content = {
        "broken": b"fLaC" + sound[40:70] + bytes(40),
        "empty": b"",
        "picture": cover(hue=number),
        "noise": chance.randbytes(300),
    }[kind]
    return Sending(f"album {number}/{kind}.flac", content, kind)


def _replaced(
    found: list[Sending], sounds: dict[str, bytes], chance: random.Random
) -> list[Sending]:
    """Send some names again: other bytes, the same bytes, and there and back."""
    audio = [place for place, one in enumerate(found) if one.what == "audio"]
    changed = chance.sample(audio, max(3, len(audio) // 6))
    again: list[Sending] = []
    for nth, place in enumerate(changed):
        first = found[place]
        form = first.name.rpartition(".")[2]
        other = SampleTags(
            title=f"Another Mix {nth}",
            isrc=f"QZLN926{900 + nth % 99:03}99" if nth % 2 else "",
            album=f"Undertow {nth}",
            gtin="",
        )
        content = tagged(sounds[f"{form}-{nth % len(_TEMPI)}"], other)
        if nth % 3 == 1:
            again.append(Sending(first.name, first.content, "same again"))
            continue
        again.append(Sending(first.name, content, "replaced"))
        if nth % 3 == 2:
            again.append(Sending(first.name, first.content, "put back"))
    # What is replaced is replaced at once or later.
    kept = found[: len(found) - len(again)]
    for one in again:
        places = [p for p, have in enumerate(kept) if have.name == one.name]
        after = places[-1] + 1 if places else len(kept)
        kept.insert(chance.randint(after, min(len(kept), after + 12)), one)
    return kept
