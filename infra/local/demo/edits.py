"""A person's correction against a refresh from the source; and a file to take away."""

from __future__ import annotations

import time
from typing import Any

import requests
from rich.console import Console

from infra.local.demo.session import Session
from infra.local.samples import Album

_WITHIN_S = 30.0
_NEW_TITLE = "Night Ferry (Album Version)"


def show_edit(console: Console, session: Session, sample: Album) -> None:
    """Correct a title, upload the message again, and show that the title stays."""
    track = session.get(f"/api/tracks?isrc={sample.tracks[0].isrc}")["items"][0]
    path = f"/api/tracks/{track['id']}"
    answer = session.call("GET", path)
    session.call(
        "PATCH",
        path,
        json={"title": _NEW_TITLE},
        headers={"If-Match": answer.headers["ETag"]},
    )
    console.print(f"A person sets the title to “{_NEW_TITLE}”, and locks it.")
    before = session.get(path)["version"]
    text = sample.message.read_text().replace(track["title"], f"{track['title']} !")
    name = f"{session.tenant}/{sample.title}/{sample.message.name}"
    session.bucket.blob(name).upload_from_string(text)
    _wait_for(lambda: session.get(path)["version"] > before)
    why = session.get(f"{path}/provenance")["fields"]["title"]
    console.print(
        f"The label sends its message again, with “{track['title']} !”: "
        f"the title is still “{why['value']}” (source {why['source']})."
    )


def show_export(console: Console, session: Session) -> None:
    """Export the tracks as CSV, and fetch the file by its signed link."""
    wanted = {
        "kind": "recording",
        "format": "csv",
        "fields": ["isrc", "title", "artists", "bpm", "key"],
    }
    export = session.call("POST", "/api/exports", json=wanted).json()
    path = f"/api/exports/{export['id']}"
    _wait_for(lambda: session.get(path)["status"] != "requested")
    done = session.get(path)
    console.print(f"Export {done['status']}: {done['row_count']} rows, by signed link:")
    content = requests.get(done["download_url"], timeout=30).content.decode("utf-8-sig")
    for line in content.splitlines()[:4]:
        console.print(f"  {line}"[: console.width], markup=False, no_wrap=True)


def _wait_for(is_so: Any) -> None:
    end = time.monotonic() + _WITHIN_S
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("the local cloud did not get it done: see the logs")
        time.sleep(0.1)
