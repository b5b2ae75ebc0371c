"""A file of 2 GiB comes in, and the function that reads it stays small."""

from __future__ import annotations

import os
import struct
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

_SIZE_BYTES = 2 * 1024**3 - 4096
_BLOCK_BYTES = 4 * 1024 * 1024
_LARGEST_RSS_BYTES = 300 * 1024 * 1024


def wav_of(size_bytes):
    """Yield a WAV file of silence, block by block."""
    data = size_bytes - 44
    yield struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", data + 36, b"WAVE", b"fmt ", 16, 1, 2, 44_100, 176_400, 4, 16),
        *(b"data", data),
    )
    silence = bytes(_BLOCK_BYTES)
    while data > 0:
        yield silence[: min(data, _BLOCK_BYTES)]
        data -= _BLOCK_BYTES


def resident_bytes(master):
    """Return what a process and its children hold in memory (`/proc/<pid>/statm`)."""
    total = 0
    for process in Path("/proc").iterdir():
        try:
            stat = (process / "stat").read_text().rpartition(")")[2].split()
            if int(process.name) != master and int(stat[1]) != master:
                continue
            total = max(total, int((process / "statm").read_text().split()[1]))
        except (ValueError, OSError):
            continue
    return total * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def most_memory(cloud):
    """Watch extract; return how to ask what it held at most."""
    most, stop = [0], threading.Event()
    master = cloud.stack.child("extract").pid

    def watch():
        while not stop.wait(0.05):
            most[0] = max(most[0], resident_bytes(master))

    thread = threading.Thread(target=watch)
    thread.start()
    yield lambda: most[0]
    stop.set()
    thread.join()


@pytest.mark.skipif(
    os.environ.get("LINERNOTES_SLOW", "") != "1",
    reason="2 GiB take a minute or more: LINERNOTES_SLOW=1 asks for it",
)
@pytest.mark.timeout(600)
def test_two_gibibytes_are_read_in_little_memory(label, most_memory):
    wanted = {
        "filename": "long.wav",
        "content_type": "audio/wav",
        "resumable": True,
        "size_bytes": _SIZE_BYTES,
    }
    created = label.api.post("/api/uploads", json=wanted).json()
    target = created["target"]
    session = httpx.post(target["url"], headers=target["headers"]).headers["location"]

    begun = time.monotonic()
    answer = httpx.put(
        session,
        content=wav_of(_SIZE_BYTES),
        headers={"Content-Length": str(_SIZE_BYTES)},
        timeout=300,
    )
    sent_s = time.monotonic() - begun
    assert answer.status_code in (200, 201)
    upload = until_read(label, created["upload"]["id"])

    sys.stdout.write(
        f"sent in {sent_s:.0f} s, read after {time.monotonic() - begun:.0f} s, "
        f"at most {most_memory() >> 20} MiB\n"
    )
    assert upload["size_bytes"] == _SIZE_BYTES
    (track,) = label.get("/api/tracks")["items"]
    assert track["duration_ms"] == round((_SIZE_BYTES - 44) / 176.4)
    assert most_memory() < _LARGEST_RSS_BYTES


def until_read(label, upload):
    end = time.monotonic() + 400
    while time.monotonic() < end:
        told = label.get(f"/api/uploads/{upload}")
        if "published" in told["stages"] or told["reason"]:
            assert told["reason"] is None
            return told
        time.sleep(0.2)
    raise AssertionError("it was not read in time")
