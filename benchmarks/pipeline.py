"""How many files a second go from their upload to the published catalog.

    python -m benchmarks.pipeline [--files 300] [--senders 4]

Tags alone (no audio analysis): small MP3 and FLAC files, albums of ten by an artist
each, into a fresh local cloud with all its servers and functions on this machine. From
the first upload to the last upload published and mirrored. Bar: 20 files/s on 2 cores.

Files that name one artist or release are folded one after the other, so one artist's
files alone are slower.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from benchmarks._machine import machine
from infra.local.samples import SampleTags, Song, encoded, samples, tagged
from infra.local.trial import Trial, trial

_TENANT = "bench"
_BAR_FILES_S = 20.0
_WARMING = 10
_WITHIN_S = 300.0


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the pipeline.")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--senders", type=int, default=4, help="uploads at once")
    options = parser.parse_args()
    print(machine())
    made = files(options.files + _WARMING)
    size_kb = sum(len(content) for _, content in made) / len(made) / 1000
    print(
        f"input: {options.files} files of {size_kb:.0f} kB on average, MP3 and FLAC, "
        f"albums of ten by an artist each, {options.senders} senders"
    )
    with trial({"LINERNOTES_AUDIO_ANALYSIS": "false"}) as cloud:
        cloud.add_tenant(_TENANT)
        warming, measured = made[:_WARMING], made[_WARMING:]
        send(cloud, warming, options.senders)
        wait_for(cloud, _WARMING)
        cloud.settle(_WITHIN_S)
        begun = time.perf_counter()
        send(cloud, measured, options.senders)
        sent_s = time.perf_counter() - begun
        wait_for(cloud, len(made))
        taken_s = time.perf_counter() - begun
        cloud.settle(_WITHIN_S)
        calm_s = time.perf_counter() - begun
    rate = len(measured) / taken_s
    print(
        f"sent in {sent_s:.1f} s, published after {taken_s:.1f} s: {rate:.1f} files/s"
    )
    print(f"validated, announced, nothing under way after {calm_s:.1f} s")
    print(f"bar {_BAR_FILES_S:.0f} files/s, ratio {rate / _BAR_FILES_S:.2f}")


def files(count: int) -> list[tuple[str, bytes]]:
    """Return names and contents of *count* files with tags of their own."""
    sounds = {form: encoded(samples(Song(duration_s=1.0)), form) for form in _FORMS}
    return [_file(number, sounds) for number in range(count)]


_FORMS = ("mp3", "flac")


def _file(number: int, sounds: dict[str, bytes]) -> tuple[str, bytes]:
    form = _FORMS[number % len(_FORMS)]
    album, track = divmod(number, 10)
    tags = replace(
        SampleTags(),
        title=f"Ferry {number}",
        isrc=f"QZLN927{number:05}",
        artist=f"Ada Quill {album}",
        album_artist=f"Ada Quill {album}",
        composer=f"Ada Quill {album}",
        album=f"Tidewater {album}",
        gtin="",
        track=track + 1,
        track_total=10,
    )
    name = f"{_TENANT}/album {album}/{track + 1:02}.{form}"
    return name, tagged(sounds[form], tags)


def send(cloud: Trial, made: list[tuple[str, bytes]], senders: int) -> None:
    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(lambda file: cloud.upload(*file), made))


def wait_for(cloud: Trial, count: int) -> None:
    """Return once *count* uploads are published and the outbox is empty."""
    end = time.perf_counter() + _WITHIN_S
    statement = (
        "SELECT (SELECT count(*) FROM upload WHERE document -> 'stages' ? 'published'),"
        " (SELECT count(*) FROM outbox)"
    )
    while True:
        published, waiting = tuple(cloud.rows(statement)[0])
        if published >= count and not waiting:
            return
        if time.perf_counter() > end:
            raise TimeoutError(f"{published} of {count} published")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
