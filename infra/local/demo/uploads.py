"""Uploading files of every kind, and watching what becomes of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.live import Live
from rich.table import Table

from infra.local.demo.session import Session
from infra.local.samples import Album, Song, encoded, samples

_WITHIN_S = 60.0
_SHOWN = ("received", "extracted", "published", "enriched", "validated")


@dataclass(slots=True)
class Board:
    """The files of one run, and the newest document of each.

    Attributes:
        sent_at: When each upload began, by file name.
        seen_at: When its first document was seen by the listener.
    """

    sent_at: dict[str, float] = field(default_factory=dict)
    seen_at: dict[str, float] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, document: dict[str, Any]) -> None:
        name = document["uri"].rpartition("/")[2]
        with self.lock:
            if document.get("stage") != "expected":
                self.seen_at.setdefault(name, time.monotonic())
            self.documents[name] = document

    def is_done(self) -> bool:
        with self.lock:
            return bool(self.sent_at) and all(
                _is_final(self.documents.get(name)) for name in self.sent_at
            )

    def table(self) -> Table:
        table = Table(box=None, pad_edge=False)
        table.add_column("file", no_wrap=True, width=29)
        for name in _SHOWN:
            table.add_column(name, no_wrap=True, width=10)
        table.add_column("seen after", justify="right", no_wrap=True, width=10)
        table.add_column("what of it", no_wrap=True, width=24)
        with self.lock:
            for name in self.sent_at:
                table.add_row(*self._row(name))
        return table

    def _row(self, name: str) -> list[str]:
        document = self.documents.get(name)
        if document is None:
            return [name, *("·" for _ in _SHOWN), "", ""]
        stages = document.get("stages", {})
        waited_s = self.seen_at.get(name, time.monotonic()) - self.sent_at[name]
        marks = ["[green]✓[/]" if stage in stages else "·" for stage in _SHOWN]
        return [name, *marks, f"{waited_s:.2f} s", _outcome(document)]


def rough_mix(folder: Path) -> Path:
    """Write a recording without any tag: all that is known of it has to be heard."""
    path = folder / "rough mix.mp3"
    sound = samples(Song(bpm=104.0, key="F major", duration_s=12.0, seed=7))
    path.write_bytes(encoded(sound, "mp3"))
    return path


def upload_and_watch(
    console: Console, session: Session, sample: Album, untagged: Path
) -> None:
    """Upload *sample*, most of it into the bucket, one file through the API."""
    board = Board()
    stop = session.watch_uploads(board.tell)
    time.sleep(0.3)  # The listener's first snapshot, which is empty.
    files = (*sample.files, untagged)
    uploader = threading.Thread(
        target=_upload, args=(session, sample.title, files, board)
    )
    uploader.start()
    end = time.monotonic() + _WITHIN_S
    with Live(board.table(), console=console, refresh_per_second=8) as live:
        while time.monotonic() < end:
            time.sleep(0.1)
            live.update(board.table())
            if not uploader.is_alive() and board.is_done():
                break
    uploader.join()
    stop()
    console.print()
    _show_rejections(console, board)
    if not board.is_done():
        raise TimeoutError("some files did not get through in time: see the logs")


def _show_rejections(console: Console, board: Board) -> None:
    for name, document in board.documents.items():
        if reason := document.get("reason"):
            facts = ", ".join(f"{k}: {v}" for k, v in reason["facts"].items())
            console.print(
                f"[red]{name}[/] was rejected ({reason['code']}): "
                f"{reason['message']}. {facts}"
            )


def _upload(session: Session, folder: str, files: Sequence[Path], board: Board) -> None:
    first, *others = files
    board.sent_at[first.name] = time.monotonic()
    _through_api(session, first)
    bucket = session.bucket
    for path in others:
        board.sent_at[path.name] = time.monotonic()
        name = f"{session.tenant}/{folder}/{path.name}"
        bucket.blob(name).upload_from_filename(str(path))


def _through_api(session: Session, path: Path) -> None:
    wanted = {"filename": path.name, "content_type": "audio/flac"}
    target = session.call("POST", "/api/uploads", json=wanted).json()["target"]
    requests.request(
        target["method"],
        target["url"],
        headers=target["headers"],
        data=path.read_bytes(),
        timeout=30,
    ).raise_for_status()


def _is_final(document: dict[str, Any] | None) -> bool:
    if document is None:
        return False
    stages = document.get("stages", {})
    if "rejected" in stages or "unchanged" in stages:
        return True
    heard = document.get("file_kind") != "audio" or "enriched" in stages
    return "published" in stages and "validated" in stages and heard


def _outcome(document: dict[str, Any]) -> str:
    if document.get("reason"):
        return "[red]rejected[/]"
    kinds = [name.partition("/")[0] for name in document.get("entities", [])]
    parts = [
        f"{kinds.count(kind)} {kind}{'s' if kinds.count(kind) > 1 else ''}"
        for kind in ("recording", "release")
        if kind in kinds
    ]
    odd = document.get("findings", [])
    return ", ".join([*parts, *([f"{len(odd)} findings"] if odd else [])])
