"""The catalog as it came out: values, where each is from, and what is still wrong."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.local.demo.session import Session

# Name and width of each column, in the order shown.
_COLUMNS = {
    "title": 26,
    "artists": 14,
    "isrc": 12,
    "duration_ms": 11,
    "bpm": 8,
    "key": 9,
    "loudness_lufs": 13,
}
_WHY = {"field": 14, "value": 36, "source": 24, "confidence": 10, "also said": 28}


def show_catalog(console: Console, session: Session) -> None:
    """Show releases, tracks, one entry's provenance, and what validation says."""
    for release in session.get("/api/releases")["items"]:
        artists = _text("artists", release.get("artists"))
        console.print(
            f"[bold]{release['title']}[/] · {artists} · barcode {release.get('gtin')} "
            f"· {release.get('label')} · quality {release['quality']}"
        )
    tracks = session.get("/api/tracks?sort=title&limit=50")["items"]
    table = Table(box=None, pad_edge=False)
    for name, width in _COLUMNS.items():
        table.add_column(name, no_wrap=True, width=width)
    for track in tracks:
        table.add_row(*(_text(name, track.get(name)) for name in _COLUMNS))
    console.print(table)
    if tracks:
        _show_provenance(console, session, tracks[0])
    _show_findings(console, session, tracks)


def _show_provenance(console: Console, session: Session, track: dict[str, Any]) -> None:
    console.print(f"\nWhy “{track['title']}” is what it is:")
    fields = session.get(f"/api/tracks/{track['id']}/provenance")["fields"]
    table = Table(box=None, pad_edge=False)
    for name, width in _WHY.items():
        table.add_column(name, no_wrap=True, width=width)
    for name, why in sorted(fields.items()):
        others = [o for o in why["alternatives"] if o["value"] != why["value"]]
        table.add_row(
            name,
            _text(name, why["value"]),
            why["source"],
            f"{why['confidence']:.2f}",
            "; ".join(f"{_text(name, o['value'])} ({o['source']})" for o in others),
        )
    console.print(table)


def _show_findings(
    console: Console, session: Session, tracks: list[dict[str, Any]]
) -> None:
    found: Counter[tuple[str, str, str, str]] = Counter()
    for path in (
        *(f"/api/tracks/{track['id']}" for track in tracks),
        *(f"/api/releases/{r['id']}" for r in session.get("/api/releases")["items"]),
    ):
        for finding in session.get(f"{path}/findings")["items"]:
            parts = ("level", "code", "message", "fix")
            level, code, message, fix = (finding[part] for part in parts)
            found[level, code, message, fix] += 1
    console.print("\nWhat partners would say of it:")
    for (level, code, message, fix), count in sorted(found.items()):
        console.print(f"  {level:<8} {count}x {code}: {message}. {fix}")
    if not found:
        console.print("  nothing")
    reviews = session.get("/api/reviews")["items"]
    console.print(f"\n{len(reviews)} values wait for a person, being less than sure:")
    for item in reviews[:6]:
        told = _text(item["field"], item["value"])
        console.print(f"  {item['field']}: {told} ({item['confidence']:.2f})")


def _text(name: str, value: Any) -> str:
    if value is None:
        return "-"
    if name == "duplicate":
        return "; ".join(value["reasons"])
    if name in ("artists", "contributors"):
        return ", ".join(credit["name"] for credit in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "duration_ms":
        minutes, seconds = divmod(round(value / 1000), 60)
        return f"{minutes}:{seconds:02}"
    return str(value)
